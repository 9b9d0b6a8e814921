import { describe, expect, test } from 'vitest';
import { describeTermination } from '../../src/termination/describe-termination.ts';
import type { Reason } from '../../src/termination/reason.ts';
import { terminationTexts } from '../../src/termination/texts.ts';
import { terminationOf } from '../support/terminations.ts';

const sentences: readonly (readonly [Reason, string])[] = [
  [{ kind: 'client-disconnect', trigger: 'api', outcome: 'acknowledged' }, 'the application disconnected, and the server acknowledged it'],
  [
    { kind: 'client-disconnect', trigger: 'api', outcome: 'acknowledged', peer: { via: 'websocket', code: 1000, reason: '' } },
    'the application disconnected, and the server acknowledged it (it closed with 1000)',
  ],
  [
    { kind: 'client-disconnect', trigger: 'api', outcome: 'acknowledged', peer: { via: 'datachannel', code: null, reason: 'bye' } },
    'the application disconnected, and the server acknowledged it (it closed with no code "bye")',
  ],
  [
    { kind: 'client-disconnect', trigger: 'unsubscribe', outcome: 'timeout' },
    'the application unsubscribed, but the server had not closed everything in time',
  ],
  [
    { kind: 'client-disconnect', trigger: 'unsubscribe', outcome: 'timeout', peer: { via: 'websocket', code: 1000, reason: 'x' } },
    'the application unsubscribed, but the server had not closed everything in time (it closed with 1000 "x")',
  ],
  [{ kind: 'client-disconnect', trigger: 'abort-signal', outcome: 'immediate' }, 'the application aborted, without waiting'],
  [{ kind: 'client-disconnect', trigger: 'pagehide', outcome: 'immediate' }, 'the page went away, without waiting'],
  [
    {
      kind: 'client-disconnect',
      trigger: 'api',
      outcome: 'interrupted',
      by: 'websocket-closed',
      peer: { via: 'websocket', code: 1006, reason: '' },
    },
    'the application disconnected, and websocket-closed interrupted the wait (it closed with 1006)',
  ],
  [
    { kind: 'client-disconnect', trigger: 'api', outcome: 'interrupted' },
    'the application disconnected, and something interrupted the wait',
  ],
  [
    { kind: 'server-close', via: 'websocket', code: 1000, reason: 'LIFETIME-EXPIRED', severity: 'normal' },
    'the server closed the session over the WebSocket with 1000 "LIFETIME-EXPIRED"',
  ],
  [
    { kind: 'server-close', via: 'datachannel', code: null, reason: '', severity: 'error', after: 'datachannel-error' },
    'the server closed the session over the DataChannel with no code (after datachannel-error)',
  ],
  [{ kind: 'websocket-closed', code: 1006, reason: '', wasClean: false }, 'the WebSocket closed with 1006'],
  [
    { kind: 'websocket-closed', code: 1011, reason: 'oops', wasClean: true, after: 'datachannel-closed' },
    'the WebSocket closed with 1011 "oops" (after datachannel-closed)',
  ],
  [{ kind: 'websocket-error' }, 'the WebSocket failed'],
  [{ kind: 'websocket-error', close: { code: 1006, reason: '' } }, 'the WebSocket failed and closed with 1006'],
  [
    { kind: 'websocket-error', close: { code: 1011, reason: 'oops' }, after: 'datachannel-closed' },
    'the WebSocket failed and closed with 1011 "oops" (after datachannel-closed)',
  ],
  [{ kind: 'peer-connection-failed' }, 'the peer connection failed'],
  [{ kind: 'ice-failed' }, 'ICE failed'],
  [{ kind: 'ice-disconnected-timeout', waitedMs: 10_000 }, 'ICE stayed disconnected for 10000 ms'],
  [{ kind: 'datachannel-closed', label: '#chat' }, 'the DataChannel "#chat" closed without an explanation by the server'],
  [{ kind: 'datachannel-error', label: 'signaling' }, 'the DataChannel "signaling" failed'],
  [{ kind: 'signaling-invalid', what: 'schema' }, "the server's signaling was invalid (schema)"],
  [{ kind: 'connect-timeout', during: 'negotiating' }, 'the connection did not come up in time (negotiating)'],
  [
    { kind: 'internal-error', where: 'create-answer', name: 'TypeError', message: 'no codec' },
    'an internal error at create-answer: TypeError: no codec',
  ],
  [{ kind: 'internal-error', where: 'create-answer', name: 'TypeError', message: '' }, 'an internal error at create-answer: TypeError'],
];

const japanese: readonly (readonly [Reason, string])[] = [
  [{ kind: 'client-disconnect', trigger: 'api', outcome: 'acknowledged' }, 'アプリケーションが切断しました。サーバーは切断に応答しました'],
  [
    { kind: 'client-disconnect', trigger: 'unsubscribe', outcome: 'timeout', peer: { via: 'websocket', code: 1000, reason: 'x' } },
    '購読が解除されたため切断しました。サーバーは時間内にすべてを閉じませんでした（コード 1000「x」）',
  ],
  [{ kind: 'client-disconnect', trigger: 'abort-signal', outcome: 'immediate' }, 'アプリケーションが中断しました'],
  [{ kind: 'client-disconnect', trigger: 'pagehide', outcome: 'immediate' }, 'ページを離れたため切断しました'],
  [
    { kind: 'client-disconnect', trigger: 'api', outcome: 'interrupted', by: 'ice-failed' },
    'アプリケーションが切断しました。応答を待つ間に ice-failed が発生しました',
  ],
  [
    { kind: 'client-disconnect', trigger: 'api', outcome: 'interrupted' },
    'アプリケーションが切断しました。応答を待つ間に別の原因が発生しました',
  ],
  [
    { kind: 'server-close', via: 'websocket', code: 1000, reason: 'LIFETIME-EXPIRED', severity: 'normal' },
    'サーバーが WebSocket で接続を閉じました（コード 1000「LIFETIME-EXPIRED」）',
  ],
  [
    { kind: 'server-close', via: 'datachannel', code: null, reason: '', severity: 'error', after: 'datachannel-error' },
    'サーバーが DataChannel で接続を閉じました（コードなし）',
  ],
  [{ kind: 'websocket-closed', code: 1006, reason: '', wasClean: false }, 'WebSocket が切断されました（コード 1006）'],
  [{ kind: 'websocket-error' }, 'WebSocket でエラーが発生しました'],
  [{ kind: 'websocket-error', close: { code: 1006, reason: '' } }, 'WebSocket でエラーが発生しました（コード 1006）'],
  [{ kind: 'peer-connection-failed' }, 'PeerConnection の接続が失われました'],
  [{ kind: 'ice-failed' }, 'ICE の接続が失われました'],
  [{ kind: 'ice-disconnected-timeout', waitedMs: 10_000 }, 'ICE の切断状態が 10000 ミリ秒続きました'],
  [{ kind: 'datachannel-closed', label: '#chat' }, 'DataChannel「#chat」が理由の通知なしに閉じられました'],
  [{ kind: 'datachannel-error', label: 'signaling' }, 'DataChannel「signaling」でエラーが発生しました'],
  [{ kind: 'signaling-invalid', what: 'schema' }, 'サーバーからのシグナリングが不正です（schema）'],
  [{ kind: 'connect-timeout', during: 'negotiating' }, '時間内に接続できませんでした（negotiating）'],
  [
    { kind: 'internal-error', where: 'create-answer', name: 'TypeError', message: 'no codec' },
    '内部エラーが発生しました（create-answer）: TypeError: no codec',
  ],
  [
    { kind: 'internal-error', where: 'create-answer', name: 'TypeError', message: '' },
    '内部エラーが発生しました（create-answer）: TypeError',
  ],
];

describe('describeTermination has one sentence for every kind', () => {
  test.each(sentences)('%o', (reason, sentence) => {
    expect(describeTermination(terminationOf(reason))).toBe(`Ended while connected after 5012 ms: ${sentence}.`);
  });

  test('says how far the session had come and how long it lived', () => {
    expect(describeTermination(terminationOf({ kind: 'ice-failed' }, { phase: 'negotiating', endedAt: 7 }))).toBe(
      'Ended while negotiating after 7 ms: ICE failed.',
    );
  });
});

describe('describeTermination in Japanese has one sentence for every kind', () => {
  test.each(japanese)('%o', (reason, sentence) => {
    expect(describeTermination(terminationOf(reason), 'ja')).toBe(`接続中（開始から 5012 ミリ秒後）に終了しました: ${sentence}。`);
  });

  test('every kind is in the table', () => {
    expect(new Set(japanese.map(([reason]) => reason.kind))).toEqual(new Set(sentences.map(([reason]) => reason.kind)));
  });

  test.each([
    ['idle', '接続前'],
    ['opening', 'WebSocket の接続中'],
    ['signaling', 'シグナリング中'],
    ['negotiating', 'ネゴシエーション中'],
  ] as const)('phase %s', (phase, words) => {
    expect(describeTermination(terminationOf({ kind: 'ice-failed' }, { phase, endedAt: 7 }), 'ja')).toBe(
      `${words}（開始から 7 ミリ秒後）に終了しました: ICE の接続が失われました。`,
    );
  });
});

describe('the table of sentences', () => {
  const failed = terminationOf({ kind: 'ice-failed' });

  test('an application replaces one sentence and keeps the others', () => {
    const own = { ...terminationTexts.en, 'ice-failed': () => 'the network went away' };
    expect(describeTermination(failed, own)).toBe('Ended while connected after 5012 ms: the network went away.');
    expect(describeTermination(terminationOf({ kind: 'websocket-error' }), own)).toBe(
      'Ended while connected after 5012 ms: the WebSocket failed.',
    );
  });

  test('passed to map, the index is no locale', () => {
    expect([failed].map(describeTermination)).toEqual(['Ended while connected after 5012 ms: ICE failed.']);
  });
});
