import type { ScenarioOptions, ScenarioRow } from '../../../src/testing/scenario-row.ts';
import { scenario } from '../../../src/testing/scenario.ts';

/** In the words of both languages. */
interface Words {
  readonly en: string;
  readonly ja: string;
}

/** Something that may come first, and one session to which it happens. */
interface Happening extends Words {
  readonly mode: ScenarioRow['mode'];
  readonly start: ScenarioRow['start'];
  readonly timeline: readonly string[];
  readonly options?: ScenarioOptions;
}

interface Branch extends Words {
  readonly happenings: readonly Happening[];
}

const BRANCHES: readonly Branch[] = [
  {
    en: 'the application',
    ja: 'アプリケーション',
    happenings: [
      {
        en: 'disconnect(), unsubscribe, abort, pagehide',
        ja: 'disconnect()、購読の解除、abort、pagehide',
        mode: 'W',
        start: 'connected',
        timeline: ['0 disconnect', '9 ws.close 1000'],
      },
    ],
  },
  {
    en: 'the server',
    ja: 'サーバー',
    happenings: [
      {
        en: 'closes with 1000 or 4000-4999',
        ja: '1000 または 4000-4999 で閉じる',
        mode: 'W',
        start: 'connected',
        timeline: ['0 ws.close 4490'],
      },
      { en: 'sends type: close', ja: 'type: close を送る', mode: 'D', start: 'switched', timeline: ['0 rx.close 1000'] },
      { en: 'sends invalid signaling', ja: '不正なシグナリングを送る', mode: 'W', start: 'connected', timeline: ['0 rx.invalid'] },
    ],
  },
  {
    en: 'the WebSocket',
    ja: 'WebSocket',
    happenings: [
      { en: 'closes with another code', ja: 'ほかのコードで閉じる', mode: 'W', start: 'connected', timeline: ['0 ws.close 1006'] },
      { en: 'fails', ja: 'エラーになる', mode: 'W', start: 'connected', timeline: ['0 ws.error', '0 ws.close 1006'] },
      {
        en: 'either, after switched with true',
        ja: 'switched が true になったあとのどちらか',
        mode: 'D',
        start: 'switched',
        timeline: ['0 ws.close 1006'],
      },
    ],
  },
  {
    en: 'a DataChannel',
    ja: 'DataChannel',
    happenings: [
      {
        en: 'closes, and nothing explains it in 500 ms',
        ja: '閉じ、500 ms たっても理由が分からない',
        mode: 'M',
        start: 'switched',
        timeline: ['0 dc.close notify'],
      },
      {
        en: 'fails, and nothing explains it in 500 ms',
        ja: 'エラーになり、500 ms たっても理由が分からない',
        mode: 'M',
        start: 'switched',
        timeline: ['0 dc.error notify'],
      },
      {
        en: 'either, and the server explains it in time',
        ja: 'どちらかのあと、サーバーから理由が届く',
        mode: 'M',
        start: 'switched',
        timeline: ['0 dc.close notify', '40 ws.close 1000'],
      },
    ],
  },
  {
    en: 'the peer connection',
    ja: 'PeerConnection',
    happenings: [
      { en: 'connectionState is failed', ja: 'connectionState が failed になる', mode: 'W', start: 'connected', timeline: ['0 pc failed'] },
      {
        en: 'ICE failed, without connectionState',
        ja: 'connectionState がなく、ICE が failed になる',
        mode: 'W',
        start: 'connected',
        timeline: ['0 ice failed'],
        options: { csDefined: false },
      },
      {
        en: 'ICE disconnected for 10 s, where that rule applies',
        ja: 'ルールが有効で、ICE の disconnected が 10 秒続く',
        mode: 'W',
        start: 'connected',
        timeline: ['0 ice disconnected'],
        options: { csDefined: false },
      },
    ],
  },
  {
    en: 'the time limit',
    ja: '制限時間',
    happenings: [
      {
        en: 'connectionMs is over before it is connected',
        ja: '接続する前に connectionMs が過ぎる',
        mode: 'W',
        start: 'signaling',
        timeline: [],
      },
    ],
  },
  {
    en: 'the SDK',
    ja: 'SDK',
    happenings: [
      {
        en: 'an SDP, a codec or a call of the platform fails',
        ja: 'SDP、圧縮、ブラウザー API のどれかが失敗する',
        mode: 'W',
        start: 'connected',
        timeline: ['0 internal'],
      },
    ],
  },
];

const HEAD: Words = { en: 'What comes first?', ja: '最初に起きたことは何か' };
const LIVES_ON: Words = { en: 'the session goes on', ja: 'セッションは続く' };

/** From what comes first to the kind of the end. The kinds are found out by letting each thing happen to a session on fakes. */
export function decisionDiagram(language: keyof Words): string {
  const lines = [`  start["${HEAD[language]}"]`];
  for (const [index, branch] of BRANCHES.entries()) {
    const at = `b${index}`;
    lines.push(`  ${at}["${branch[language]}"]`, `  start --> ${at}`);
    for (const [place, { en, ja, ...row }] of branch.happenings.entries()) {
      const words = { en, ja }[language];
      lines.push(`  ${at}h${place}["${words}"]`, `  ${at} --> ${at}h${place}`);
      lines.push(`  ${at}k${place}["${kindOf(row) ?? LIVES_ON[language]}"]`, `  ${at}h${place} --> ${at}k${place}`);
    }
  }
  return ['```mermaid', 'graph LR', ...lines, '```'].join('\n');
}

const kindOf = (row: ScenarioRow): string | null => scenario(row).termination?.kind ?? null;
