/** Words of the diagram that are nobody's but ours; names of the W3C and of the wire stay as they are. */
export interface DiagramWords {
  readonly lanes: Readonly<Record<'session' | 'websocket' | 'peer-connection' | 'ice' | 'commands' | 'termination', string>>;
  readonly title: (channelId: string | null) => string;
  readonly running: string;
  readonly ended: string;
  readonly nothing: string;
  readonly timer: string;
  readonly cause: string;
  readonly axis: string;
  /** Names of the signs, in the order of the legend. */
  readonly signs: Readonly<Record<'open' | 'close' | 'error' | 'sent' | 'received' | 'command', string>>;
  readonly legend: string;
}

const en: DiagramWords = {
  lanes: {
    session: 'session',
    websocket: 'WebSocket',
    'peer-connection': 'peer connection',
    ice: 'ICE',
    commands: 'commands',
    termination: 'termination$',
  },
  title: (channelId) => (channelId === null ? 'Marble diagram of a session' : `Marble diagram of a session in ${channelId}`),
  running: 'The session has not ended.',
  ended: 'The session has ended.',
  nothing: 'Nothing has happened yet.',
  timer: 'time is up',
  cause: 'cause of the end',
  axis: 'Not to scale',
  signs: { open: 'open', close: 'close', error: 'error', sent: 'sent', received: 'received', command: 'command' },
  legend: '( open  | close  x error  > sent  < received  D command  . other  T time is up  [ ] cause',
};

const ja: DiagramWords = {
  lanes: {
    session: 'セッション',
    websocket: 'WebSocket',
    'peer-connection': 'PeerConnection',
    ice: 'ICE',
    commands: 'コマンド',
    termination: 'termination$',
  },
  title: (channelId) => (channelId === null ? 'セッションのマーブルダイアグラム' : `セッションのマーブルダイアグラム（${channelId}）`),
  running: 'セッションは終了していません。',
  ended: 'セッションは終了しました。',
  nothing: 'まだ何も起きていません。',
  timer: '時間切れ',
  cause: '終了の原因',
  axis: '縮尺は一定ではありません',
  signs: { open: '開く', close: '閉じる', error: 'エラー', sent: '送信', received: '受信', command: 'コマンド' },
  legend: '( 開く  | 閉じる  x エラー  > 送信  < 受信  D コマンド  . その他  T 時間切れ  [ ] 原因',
};

export const diagramWords = { en, ja } as const;
