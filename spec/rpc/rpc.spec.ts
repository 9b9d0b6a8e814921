import { describe, expect, test, vi } from 'vitest';
import { timeline } from '../../src/timeline/timeline.ts';
import { rpc } from '../../src/rpc/rpc.ts';
import { SoraOptionsError } from '../../src/session/options-error.ts';
import { SoraRpcError } from '../../src/rpc/rpc-error.ts';
import { fakeDeflate } from '../../src/testing/fake-compression.ts';
import type { FrameContent } from '../../src/testing/sent-message.ts';
import { type RigSetup, type SessionRig, elapse, outcome, pass, rig, useVirtualTime } from '../support/session-rig.ts';

useVirtualTime();

const method = '2025.2.0/RequestSimulcastRid';
const calling = (setup: RigSetup = {}): SessionRig =>
  rig({ mode: 'D', start: 'switched', ...setup, sora: { labels: ['rpc'], ...setup.sora } });
const requests = (r: SessionRig): FrameContent[] => r.sent().filter((message) => 'jsonrpc' in message);
const answer = (r: SessionRig, message: object): SessionRig => r.receive({ jsonrpc: '2.0', ...message }, 'rpc');
const failure = async (promise: Promise<unknown>): Promise<SoraRpcError> => {
  const error = await outcome(promise);
  expect(error).toBeInstanceOf(SoraRpcError);
  return error as SoraRpcError;
};

describe('rpc()', () => {
  test('a call gets its result; ids count from 1', async () => {
    const r = calling();
    const first = rpc(r.session, method, { rid: 'r0' });
    const second = rpc(r.session, method, { rid: 'r1', sender_connection_id: 'ALICE' });
    expect(requests(r)).toEqual([
      { jsonrpc: '2.0', id: 1, method, params: { rid: 'r0' } },
      { jsonrpc: '2.0', id: 2, method, params: { rid: 'r1', sender_connection_id: 'ALICE' } },
    ]);
    // Answers may come in any order.
    answer(r, { id: 2, result: { rid: 'r1' } });
    answer(r, { id: 1, result: null });
    expect(await Promise.all([first, second])).toEqual([null, { rid: 'r1' }]);
  });

  test('a call without parameters has no member for them', () => {
    const r = calling();
    void outcome(rpc(r.session, '2031.1.0/Other', undefined));
    expect(requests(r)).toEqual([{ jsonrpc: '2.0', id: 1, method: '2031.1.0/Other' }]);
  });

  test('over a compressed channel', async () => {
    const r = calling({ sora: { compress: true } });
    const call = rpc(r.session, method, { rid: 'r0' });
    expect(r.fake.sent.at(-1)!.data).toBeInstanceOf(Uint8Array);
    r.sora.channel('rpc')!.remote.message(fakeDeflate(JSON.stringify({ jsonrpc: '2.0', id: 1, result: true })));
    expect(await call).toBe(true);
  });

  test('an error of the server comes with code, message and data', async () => {
    const r = calling();
    const call = failure(rpc(r.session, method, { rid: 'r0' }));
    answer(r, { id: 1, error: { code: -32602, message: 'Invalid params', data: { rid: 'unknown' } } });
    expect(await call).toMatchObject({ name: 'SoraRpcError', code: -32602, message: 'Invalid params', data: { rid: 'unknown' }, method });
  });

  test.each<[string, () => unknown]>([
    [
      'hold themselves',
      () => {
        const ring: Record<string, unknown> = { rid: 'r0' };
        ring['self'] = ring;
        return ring;
      },
    ],
    ['hold a BigInt', () => ({ rid: 1n })],
    [
      'refuse',
      () => ({
        toJSON: () => {
          // eslint-disable-next-line @typescript-eslint/only-throw-error -- anything may be thrown
          throw 'never';
        },
      }),
    ],
  ])('parameters that %s are refused, and leave no timer behind', async (_, params) => {
    const r = calling();
    const timers = vi.getTimerCount();
    const error = await failure(rpc(r.session, method, params() as never));
    expect(error).toMatchObject({ code: 'not-sendable', method });
    expect(error.message).toMatch(/^2025\.2\.0\/RequestSimulcastRid: the parameters are no JSON: [^\n]+$/);
    expect(vi.getTimerCount()).toBe(timers);
    expect(requests(r)).toEqual([]);
    // The session goes on, and so do calls.
    const call = rpc(r.session, method, { rid: 'r0' });
    answer(r, { id: requests(r)[0]!['id'], result: true });
    expect(await call).toBe(true);
  });

  test('a call that is not answered fails after ten seconds', async () => {
    const r = calling();
    const call = failure(rpc(r.session, method, { rid: 'r0' }));
    await pass(9999);
    expect(r.terminations).toEqual([]);
    await pass(1);
    expect(await call).toMatchObject({ code: 'timeout', method });
  });

  test('or after its own limit, or that of the options', async () => {
    const r = calling({ options: { timeouts: { rpcMs: 200 } } });
    const calls = [failure(rpc(r.session, method, { rid: 'r0' }, { timeoutMs: 100 })), failure(rpc(r.session, method, { rid: 'r0' }))];
    await pass(100);
    expect((await calls[0]!).message).toBe(`${method} was not answered within 100 ms`);
    await pass(100);
    expect((await calls[1]!).message).toBe(`${method} was not answered within 200 ms`);
  });

  test.each([Number.NaN, -1, Number.POSITIVE_INFINITY, 2 ** 31])('a limit of %s is a mistake of the caller', async (timeoutMs) => {
    const r = calling();
    const error = await outcome(rpc(r.session, method, { rid: 'r0' }, { timeoutMs }));
    expect(error).toBeInstanceOf(SoraOptionsError);
    expect(error).toMatchObject({ path: 'timeoutMs' });
    expect(requests(r)).toEqual([]);
  });

  test('a notification has no id and is done when it is sent', async () => {
    const r = calling();
    const call = rpc(r.session, '2025.2.0/PutSignalingNotifyMetadataItem', { key: 'hand', value: true }, { notification: true });
    expect(await call).toBeUndefined();
    expect(requests(r)).toEqual([
      { jsonrpc: '2.0', method: '2025.2.0/PutSignalingNotifyMetadataItem', params: { key: 'hand', value: true } },
    ]);
    void outcome(rpc(r.session, method, { rid: 'r0' }));
    expect(requests(r).at(-1)).toMatchObject({ id: 2 });
  });

  test.each([
    ['an id that nobody waits for', { id: 7, result: 1 }, 'unknown-id'],
    ['an id of another type', { id: '1', result: 1 }, 'unknown-id'],
    ['no id', { result: 1 }, 'id: number or string expected'],
    ['neither result nor error', { id: 1 }, 'either result or error expected'],
    ['both', { id: 1, result: 1, error: { code: 1, message: '' } }, 'either result or error expected'],
    ['an error without a code', { id: 1, error: { message: '' } }, 'error.code: number expected'],
  ])('%s is dropped with a note, and the call goes on', async (_, message, why) => {
    const r = calling();
    const entries = r.collect(timeline(r.session));
    const call = rpc(r.session, method, { rid: 'r0' });
    answer(r, message);
    expect(entries).toContainEqual({ at: 0, source: 'datachannel', what: 'dropped', detail: { label: 'rpc', why } });
    answer(r, { id: 1, result: 'through' });
    expect(await call).toBe('through');
  });

  test('an answer that comes twice, or too late, changes nothing', async () => {
    const r = calling();
    const call = rpc(r.session, method, { rid: 'r0' });
    answer(r, { id: 1, result: 'first' });
    answer(r, { id: 1, error: { code: 1, message: 'second' } });
    expect(await call).toBe('first');
    const late = failure(rpc(r.session, method, { rid: 'r0' }, { timeoutMs: 5 }));
    await pass(5);
    answer(r, { id: 2, result: 'late' });
    expect((await late).code).toBe('timeout');
  });

  test('a response that is not JSON ends nothing (Q65)', () => {
    const r = calling();
    const entries = r.collect(timeline(r.session));
    void outcome(rpc(r.session, method, { rid: 'r0' }));
    r.receive('{"jsonrpc":', 'rpc');
    elapse();
    expect(entries.at(-1)).toMatchObject({ what: 'dropped', detail: { label: 'rpc', why: 'not JSON' } });
    expect(r.terminations).toEqual([]);
  });

  test.each([
    ['in a session without DataChannels', { mode: 'W', start: 'connected' }],
    ['where the server offers no rpc', { sora: { labels: [] } }],
  ] as const)('%s a call is unavailable at once', async (_, setup) => {
    const r = calling(setup);
    expect(await failure(rpc(r.session, method, { rid: 'r0' }))).toMatchObject({ code: 'unavailable', method });
  });

  test('before connect() it is not connected, and nothing is kept for later (Q87)', async () => {
    const r = calling({ start: 'idle' });
    expect(await failure(rpc(r.session, method, { rid: 'r0' }))).toMatchObject({ code: 'not-connected', method });
    r.connect();
    r.sora.reach('switched', elapse);
    expect(requests(r)).toEqual([]);
  });

  test.each(['opening', 'signaling', 'negotiating'] as const)('while %s a call waits for the channel (Q87)', async (start) => {
    const r = calling({ start });
    const call = rpc(r.session, method, { rid: 'r0' });
    expect(requests(r)).toEqual([]);
    r.sora.reach('switched', elapse);
    expect(requests(r)).toHaveLength(1);
    answer(r, { id: 1, result: 'through' });
    expect(await call).toBe('through');
  });

  test('a call that waits for an offer which announces no channel rpc is unavailable (Q87)', async () => {
    const r = calling({ start: 'signaling', sora: { labels: [] } });
    const call = failure(rpc(r.session, method, { rid: 'r0' }));
    r.play('rx.offer');
    expect(await call).toMatchObject({ code: 'unavailable' });
  });

  test('a call that waits while connecting is rejected when the session ends (Q87)', async () => {
    const r = calling({ start: 'signaling' });
    const call = failure(rpc(r.session, method, { rid: 'r0' }));
    r.play('ws.close 4490');
    expect(await call).toMatchObject({ code: 'ended', termination: r.termination });
  });

  test.each(['closing', 'closed'] as const)('and so it is where the channel is %s', async (state) => {
    const r = calling({ mode: 'M' });
    r.play(state === 'closing' ? 'dc.closing rpc' : 'dc.close rpc');
    expect(await failure(rpc(r.session, method, { rid: 'r0' }))).toMatchObject({ code: 'unavailable', method });
  });

  test('a channel that throws is unavailable as well, and so is a request that is too large', async () => {
    const r = calling();
    r.sora.channel('rpc')!.script.next('send', { throws: new Error('no') });
    expect((await failure(rpc(r.session, method, { rid: 'r0' }))).code).toBe('unavailable');
    const metadata = 'x'.repeat(300_000);
    expect((await failure(rpc(r.session, '2025.2.0/PutSignalingNotifyMetadata', { metadata }))).code).toBe('unavailable');
    expect(r.terminations).toEqual([]);
  });

  test('requests and answers are in the timeline, without what may be a secret', () => {
    const r = calling();
    const entries = r.collect(timeline(r.session));
    void outcome(rpc(r.session, '2025.2.0/PutSignalingNotifyMetadata', { metadata: { token: 'SECRET' }, push: true }));
    answer(r, { id: 1, result: { token: 'SECRET' } });
    const calls = entries.filter(({ what }) => what.startsWith('rpc-'));
    expect(calls.map(({ what, source }) => [what, source])).toEqual([
      ['rpc-request', 'signaling'],
      ['rpc-response', 'signaling'],
    ]);
    expect(JSON.stringify(calls)).not.toContain('SECRET');
  });
});

test('an answer that arrives while the request is being handed over is not missed', async () => {
  const r = calling();
  const channel = r.sora.channel('rpc')!;
  const send = channel.send.bind(channel);
  channel.send = (data: never) => {
    send(data);
    answer(r, { id: 1, result: 'at once' });
  };
  expect(await rpc(r.session, method, { rid: 'r0' })).toBe('at once');
  expect(requests(r)).toHaveLength(1);
});

describe('a channel that is still to open', () => {
  const late = (setup: RigSetup = {}): SessionRig =>
    rig({ mode: 'M', start: 'connected', ...setup, sora: { labels: ['rpc'], connecting: ['rpc'] } });

  test.each([
    ['is connecting', 'connected'],
    ['is announced by the offer and not there yet', 'negotiating'],
  ] as const)('is waited for where it %s', async (_, start) => {
    const r = late({ start });
    const call = rpc(r.session, method, { rid: 'r0' });
    const notification = rpc(r.session, method, { rid: 'r1' }, { notification: true });
    expect(requests(r)).toEqual([]);
    if (start === 'negotiating') r.sora.peerConnection.remote.dataChannel('rpc', {}, 'later');
    await pass(9999);
    expect(requests(r)).toEqual([]);
    r.play('dc.open rpc');
    expect(requests(r)).toEqual([
      { jsonrpc: '2.0', id: 1, method, params: { rid: 'r0' } },
      { jsonrpc: '2.0', method, params: { rid: 'r1' } },
    ]);
    answer(r, { id: 1, result: 'late' });
    expect(await Promise.all([call, notification])).toEqual(['late', undefined]);
  });

  test('a call that has timed out by then is not sent, and is in no timeline', async () => {
    const r = late();
    const entries = r.collect(timeline(r.session));
    const calls = [
      failure(rpc(r.session, method, { rid: 'r0' }, { timeoutMs: 100 })),
      failure(rpc(r.session, method, { rid: 'r1' }, { timeoutMs: 100, notification: true })),
    ];
    void outcome(rpc(r.session, method, { rid: 'r2' }, { timeoutMs: 101 }));
    await pass(100);
    expect((await Promise.all(calls)).map(({ code, message }) => [code, message])).toEqual([
      ['timeout', `${method} was not answered within 100 ms`],
      ['timeout', `${method} was not sent within 100 ms`],
    ]);
    r.play('dc.open rpc');
    expect(requests(r)).toEqual([{ jsonrpc: '2.0', id: 3, method, params: { rid: 'r2' } }]);
    expect(entries.filter(({ what }) => what === 'rpc-request')).toHaveLength(1);
    expect(r.terminations).toEqual([]);
  });

  test('one that never opens makes the call unavailable', async () => {
    const r = late();
    const call = failure(rpc(r.session, method, { rid: 'r0' }));
    r.play('dc.close rpc');
    expect(await call).toMatchObject({ code: 'unavailable', method });
  });

  test('J15 a call that still waits at the end is told once, with the reason, and never sent', async () => {
    const r = late();
    const call = failure(rpc(r.session, method, { rid: 'r0' }));
    r.play('pc failed');
    await pass(1);
    expect(await call).toMatchObject({ code: 'ended', termination: r.termination });
    await pass(20_000);
    expect(requests(r)).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

test('calls that wait for room in the queue of their channel and time out are not sent when there is room', async () => {
  const r = calling();
  const channel = r.sora.peerConnection.newChannel('rpc', { holdsBuffer: true });
  channel.remote.open(true);
  r.sora.peerConnection.fire('datachannel', { channel });
  const metadata = 'x'.repeat(260_000);
  const put = (timeoutMs: number): Promise<unknown> => rpc(r.session, '2025.2.0/PutSignalingNotifyMetadata', { metadata }, { timeoutMs });
  const calls = [1, 2, 3, 4].map(() => outcome(put(5000)));
  const late = [failure(put(10)), failure(put(10))];
  const last = rpc(r.session, method, { rid: 'r2' });
  expect(requests(r).map(({ id }) => id)).toEqual([1, 2, 3, 4]);
  await pass(10);
  // Nothing holds up what is small enough any more.
  expect((await Promise.all(late)).map(({ code }) => code)).toEqual(['timeout', 'timeout']);
  expect(requests(r).map(({ id }) => id)).toEqual([1, 2, 3, 4, 7]);
  channel.remote.drain();
  for (const id of [1, 2, 3, 4, 7]) answer(r, { id, result: id });
  expect(await Promise.all([...calls, last])).toEqual([1, 2, 3, 4, 7]);
  expect(requests(r)).toHaveLength(5);
});

describe('the end of the session (J15)', () => {
  test('every call that is pending is told once, with the reason, before termination$ is over', async () => {
    const r = calling();
    const settled: unknown[] = [];
    const calls = [1, 2, 3].map(() => rpc(r.session, method, { rid: 'r0' }).catch((error: unknown) => settled.push(error)));
    let over = false;
    r.session.termination$.subscribe({ complete: () => (over = true) });
    r.play('pc failed');
    await pass(1);
    await Promise.all(calls);
    expect(over).toBe(true);
    expect(settled).toHaveLength(3);
    for (const error of settled) expect(error).toMatchObject({ code: 'ended', method, termination: r.termination });
  });

  test('a call after it is refused with the reason', async () => {
    const r = calling();
    r.play('pc failed');
    elapse();
    expect(await failure(rpc(r.session, method, { rid: 'r0' }))).toMatchObject({ code: 'ended', termination: r.termination });
  });

  test('a call while the session is ending is not sent', async () => {
    const r = calling();
    void outcome(r.session.disconnect());
    const call = failure(rpc(r.session, method, { rid: 'r0' }));
    expect(requests(r)).toEqual([]);
    await pass(3001);
    expect((await call).code).toBe('ended');
  });

  test('no timer of a call outlives it', async () => {
    const r = calling();
    const call = outcome(rpc(r.session, method, { rid: 'r0' }));
    answer(r, { id: 1, result: 1 });
    await call;
    r.play('pc failed');
    await pass(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});
