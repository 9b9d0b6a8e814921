import type { Phase, Via } from '../model/words.ts';
import type { PeerClose, Termination, TerminationKind, TerminationOf } from './reason.ts';

/**
 * The sentences of one language. An application extends a table or writes its own:
 * `describeTermination(t, { ...terminationTexts.en, 'connect-timeout': () => 'the room did not answer' })`.
 */
export type TerminationTexts = {
  /** Why the session ended, without a full stop. */
  readonly [Kind in TerminationKind]: (termination: TerminationOf<Kind>) => string;
} & {
  /** The whole sentence around the reason. */
  readonly sentence: (reason: string, termination: Termination) => string;
};

const transport = (via: Via): string => (via === 'websocket' ? 'WebSocket' : 'DataChannel');

const codeOf = (code: number | null, reason: string): string =>
  `${code === null ? 'no code' : String(code)}${reason === '' ? '' : ` "${reason}"`}`;
const afterLoss = (after: string | undefined): string => (after === undefined ? '' : ` (after ${after})`);
const peerOf = (peer: PeerClose | undefined): string => (peer === undefined ? '' : ` (it closed with ${codeOf(peer.code, peer.reason)})`);

const en: TerminationTexts = {
  sentence: (reason, { phase, endedAt }) => `Ended while ${phase} after ${endedAt} ms: ${reason}.`,
  'client-disconnect': ({ trigger, outcome, by, peer }) => {
    const triggers = {
      api: 'the application disconnected',
      unsubscribe: 'the application unsubscribed',
      'abort-signal': 'the application aborted',
      pagehide: 'the page went away',
    };
    const outcomes = {
      acknowledged: `and the server acknowledged it${peerOf(peer)}`,
      timeout: `but the server had not closed everything in time${peerOf(peer)}`,
      immediate: 'without waiting',
      interrupted: `and ${by ?? 'something'} interrupted the wait${peerOf(peer)}`,
    };
    return `${triggers[trigger]}, ${outcomes[outcome]}`;
  },
  'server-close': ({ via, code, reason, after }) =>
    `the server closed the session over the ${transport(via)} with ${codeOf(code, reason)}${afterLoss(after)}`,
  'websocket-closed': ({ code, reason, after }) => `the WebSocket closed with ${codeOf(code, reason)}${afterLoss(after)}`,
  'websocket-error': ({ close, after }) =>
    `the WebSocket failed${close === undefined ? '' : ` and closed with ${codeOf(close.code, close.reason)}`}${afterLoss(after)}`,
  'peer-connection-failed': () => 'the peer connection failed',
  'ice-failed': () => 'ICE failed',
  'ice-disconnected-timeout': ({ waitedMs }) => `ICE stayed disconnected for ${waitedMs} ms`,
  'datachannel-closed': ({ label }) => `the DataChannel "${label}" closed without an explanation by the server`,
  'datachannel-error': ({ label }) => `the DataChannel "${label}" failed`,
  'signaling-invalid': ({ what }) => `the server's signaling was invalid (${what})`,
  'connect-timeout': ({ during }) => `the connection did not come up in time (${during})`,
  'internal-error': ({ where, name, message }) => `an internal error at ${where}: ${name}${message === '' ? '' : `: ${message}`}`,
};

const codeJa = (code: number | null, reason: string): string =>
  `${code === null ? 'コードなし' : `コード ${code}`}${reason === '' ? '' : `「${reason}」`}`;
const peerJa = (peer: PeerClose | undefined): string => (peer === undefined ? '' : `（${codeJa(peer.code, peer.reason)}）`);
const phaseJa: Readonly<Record<Phase, string>> = {
  idle: '接続前',
  opening: 'WebSocket の接続中',
  signaling: 'シグナリング中',
  negotiating: 'ネゴシエーション中',
  connected: '接続中',
};

const ja: TerminationTexts = {
  sentence: (reason, { phase, endedAt }) => `${phaseJa[phase]}（開始から ${endedAt} ミリ秒後）に終了しました: ${reason}。`,
  'client-disconnect': ({ trigger, outcome, by, peer }) => {
    const triggers = {
      api: 'アプリケーションが切断しました',
      unsubscribe: '購読が解除されたため切断しました',
      'abort-signal': 'アプリケーションが中断しました',
      pagehide: 'ページを離れたため切断しました',
    };
    const outcomes = {
      acknowledged: `。サーバーは切断に応答しました${peerJa(peer)}`,
      timeout: `。サーバーは時間内にすべてを閉じませんでした${peerJa(peer)}`,
      immediate: '',
      interrupted: `。応答を待つ間に${by === undefined ? '別の原因' : ` ${by} `}が発生しました${peerJa(peer)}`,
    };
    return `${triggers[trigger]}${outcomes[outcome]}`;
  },
  'server-close': ({ via, code, reason }) => `サーバーが ${transport(via)} で接続を閉じました（${codeJa(code, reason)}）`,
  'websocket-closed': ({ code, reason }) => `WebSocket が切断されました（${codeJa(code, reason)}）`,
  'websocket-error': ({ close }) =>
    `WebSocket でエラーが発生しました${close === undefined ? '' : `（${codeJa(close.code, close.reason)}）`}`,
  'peer-connection-failed': () => 'PeerConnection の接続が失われました',
  'ice-failed': () => 'ICE の接続が失われました',
  'ice-disconnected-timeout': ({ waitedMs }) => `ICE の切断状態が ${waitedMs} ミリ秒続きました`,
  'datachannel-closed': ({ label }) => `DataChannel「${label}」が理由の通知なしに閉じられました`,
  'datachannel-error': ({ label }) => `DataChannel「${label}」でエラーが発生しました`,
  'signaling-invalid': ({ what }) => `サーバーからのシグナリングが不正です（${what}）`,
  'connect-timeout': ({ during }) => `時間内に接続できませんでした（${during}）`,
  'internal-error': ({ where, name, message }) => `内部エラーが発生しました（${where}）: ${name}${message === '' ? '' : `: ${message}`}`,
};

/** The texts of the SDK, by language: tables to use or to extend. */
export const terminationTexts: { readonly en: TerminationTexts; readonly ja: TerminationTexts } = { en, ja };
