import { config, observeOn, asapScheduler, take } from 'rxjs';
import { describe, expect, test, vi } from 'vitest';
import { stats } from '../../src/stats/stats.ts';
import { rpc } from '../../src/rpc/rpc.ts';
import { connect } from '../../src/session/connect.ts';
import { SoraTerminatedError } from '../../src/session/terminated-error.ts';
import { SoraRpcError } from '../../src/rpc/rpc-error.ts';
import { SoraSendError } from '../../src/signaling/send-error.ts';
import type { Termination } from '../../src/termination/reason.ts';
import { type SessionRig, outcome, pass, rig, useVirtualTime } from '../support/session-rig.ts';
import { nothingLeft } from '../support/nothing-left.ts';

useVirtualTime();

/** Values of a stream and its completion, with their times. */
function timed({ session }: SessionRig): unknown[] {
  const seen: unknown[] = [];
  session.termination$.subscribe({
    next: (termination) => seen.push([Date.now(), termination]),
    complete: () => seen.push([Date.now(), '|']),
  });
  return seen;
}

describe('Group J: stream and teardown semantics', () => {
  test('J01 Q58 a subscriber a second after the end gets the same object, then completion, at once', async () => {
    const ended = rig().play('ws.close 1000');
    await pass(1000);
    const seen = timed(ended);
    expect(seen).toEqual([
      [1000, ended.termination],
      [1000, '|'],
    ]);
    expect((seen[0] as [number, Termination])[1]).toBe(ended.termination);
    nothingLeft(ended);
  });

  test('J02 two subscribers from the start get the identical object; pc.close is called once', async () => {
    const both = rig();
    const [first, second] = [both.collect(both.session.termination$), both.collect(both.session.termination$)];
    both.play('pc failed');
    await pass(0);
    expect(first).toEqual([expect.objectContaining({ kind: 'peer-connection-failed', endedAt: 0 })]);
    expect(second[0]).toBe(first[0]);
    expect(both.fake.peerConnection?.closeCalls).toHaveLength(1);
    nothingLeft(both);
  });

  test('J03 unsubscribing from termination$ closes nothing; a later subscriber gets the end that came', async () => {
    const unwatched = rig();
    unwatched.session.termination$.subscribe().unsubscribe();
    await pass(500);
    expect(unwatched.fake.leaks()).toMatchObject({ sockets: 1, peerConnections: 1 });
    expect(unwatched.sent('disconnect')).toEqual([]);
    unwatched.play('pc failed');
    await pass(0);
    expect(unwatched.collect(unwatched.session.termination$)).toEqual([
      expect.objectContaining({ kind: 'peer-connection-failed', causeAt: 500 }),
    ]);
    nothingLeft(unwatched);
  });

  test('J04 Q57 an observer that throws: the other still gets the value, everything is closed, the error goes to the hook', async () => {
    const unhandled: unknown[] = [];
    const before = config.onUnhandledError;
    config.onUnhandledError = (error) => unhandled.push(error);
    try {
      const error = new Error('of the application');
      const values: Termination[] = [];
      const session = rig({
        before: ({ session: { termination$ } }) => {
          termination$.subscribe(() => {
            throw error;
          });
          termination$.subscribe((termination) => values.push(termination));
        },
      }).play('ws.close 1006');
      await pass(1);
      expect(values).toEqual([session.termination]);
      expect(unhandled).toEqual([error]);
      nothingLeft(session);
    } finally {
      config.onUnhandledError = before;
    }
  });

  test('J05 an observer that calls disconnect() inside next: no message, no second value, the same object', async () => {
    const promises: Promise<Termination>[] = [];
    const session = rig();
    session.session.termination$.subscribe(() => promises.push(session.session.disconnect()));
    session.play('ws.close 1000');
    await pass(0);
    expect(promises).toHaveLength(1);
    expect(await promises[0]).toBe(session.termination);
    expect(session.termination.kind).toBe('server-close');
    expect(session.sent('disconnect')).toEqual([]);
    nothingLeft(session);
  });

  test('J06 Q51 refused before the offer: the rejection carries the object that termination$ emits; connect(options) completes', async () => {
    const refused = rig({ start: 'idle' });
    const connecting = outcome(refused.session.connect());
    refused.sora.reach('signaling');
    refused.play('ws.close 4490');
    await pass(0);
    const error = await connecting;
    expect(error).toBeInstanceOf(SoraTerminatedError);
    expect((error as SoraTerminatedError).termination).toBe(refused.termination);
    expect(refused.termination).toMatchObject({ kind: 'server-close', code: 4490, phase: 'signaling' });
    nothingLeft(refused);
  });

  test('J06 the same through connect(options): the Observable completes, without an error', async () => {
    const { fake, sora } = rig({ start: 'idle' });
    const seen: unknown[] = [];
    connect({ signalingUrl: 'wss://one.sora.test/signaling', channelId: 'sora', role: 'sendrecv', platform: fake.platform }).subscribe({
      next: (session) => session.termination$.subscribe(({ kind }) => seen.push(kind)),
      error: () => seen.push('#'),
      complete: () => seen.push('|'),
    });
    sora.reach('signaling', () => vi.advanceTimersByTime(0));
    fake.sockets[0]!.remote.close(4490);
    await pass(0);
    expect(seen).toEqual(['server-close', '|']);
    expect(fake.leaks()).toEqual({ listeners: 0, sockets: 0, peerConnections: 0, channels: 0 });
  });

  test('J07 pc.close throws: sockets and channels are closed all the same, and the failure is in trailing', async () => {
    const session = rig({ mode: 'M' });
    session.fake.scripts.peerConnection.always('close', { throws: new Error('made to throw') });
    session.play('pc failed');
    await pass(0);
    expect(session.termination).toMatchObject({
      kind: 'peer-connection-failed',
      trailing: [{ at: 0, source: 'sdk', what: 'close', detail: 'peer-connection' }],
    });
    expect(session.fake.sockets.map(({ closeCalls }) => closeCalls.length)).toEqual([1]);
    expect(session.fake.peerConnection?.channels.map(({ closeCalls }) => closeCalls.length)).toEqual([1, 1, 1, 1]);
    nothingLeft(session);
  });

  test('J08 ws.close throws: peer connection and channels are closed, one value', async () => {
    const session = rig({ mode: 'M', options: { disconnectPolicy: 'immediate' } });
    session.fake.scripts.webSocket.always('close', { throws: new Error('made to throw') });
    const told = session.session.disconnect();
    await pass(0);
    expect(await told).toBe(session.termination);
    expect(session.termination).toMatchObject({
      outcome: 'immediate',
      trailing: [{ at: 0, source: 'sdk', what: 'close', detail: 'websocket' }],
    });
    nothingLeft(session);
  });

  test('J09 Q61 createAnswer resolves after the end: no answer is sent', async () => {
    const session = rig({ start: 'signaling' });
    const held = session.fake.scripts.peerConnection.hold('createAnswer');
    session.play('rx.offer');
    await pass(0);
    const disconnecting = session.session.disconnect();
    await pass(5);
    session.play('ws.close 1000');
    await pass(0);
    expect(await disconnecting).toMatchObject({ outcome: 'acknowledged', phase: 'negotiating', endedAt: 5 });
    await pass(35);
    held.release();
    await pass(0);
    expect(session.sent('answer')).toEqual([]);
    expect(session.fake.unhandledRejections).toEqual([]);
    nothingLeft(session);
  });

  test('J10 a hundred re-entrant calls of disconnect() in one tick: one message, one value, a hundred promises with it', async () => {
    const session = rig();
    const promises: Promise<Termination>[] = [];
    const call = (): void => void promises.push(session.session.disconnect());
    session.session.state$.subscribe((state) => {
      if (state === 'ending') for (let count = 0; count < 50; count += 1) call();
    });
    for (let count = 0; count < 50; count += 1) call();
    await pass(40);
    session.play('ws.close 1000');
    await pass(0);
    const values = await Promise.all(promises);
    expect(values).toHaveLength(100);
    expect(new Set(values)).toEqual(new Set([session.termination]));
    expect(session.termination).toMatchObject({ outcome: 'acknowledged', endedAt: 40 });
    expect(session.sent('disconnect')).toEqual([{ type: 'disconnect', reason: 'NO-ERROR' }]);
    nothingLeft(session);
  });

  test('J11 connect() twice: the second returns the first promise, and there is one socket', async () => {
    const session = rig({ start: 'idle' });
    const first = session.session.connect();
    await pass(1);
    const second = session.session.connect();
    expect(second).toBe(first);
    expect(session.fake.sockets).toHaveLength(1);
    session.sora.reach('connected', () => vi.advanceTimersByTime(0));
    expect(await first).toMatchObject({ channelId: 'sora' });
    expect(session.session.connect()).toBe(first);
    session.play('ws.close 1000');
    await pass(0);
    expect(session.fake.sockets).toHaveLength(1);
    nothingLeft(session);
  });

  test('J11 connect() after the end rejects with the termination, and opens nothing', async () => {
    const session = rig({ start: 'idle' });
    void session.session.disconnect();
    await pass(0);
    const error = await outcome(session.session.connect());
    expect((error as SoraTerminatedError).termination).toBe(session.termination);
    expect(session.termination).toMatchObject({ outcome: 'immediate', phase: 'idle' });
    expect(session.fake.sockets).toHaveLength(0);
    nothingLeft(session);
  });

  test('J12 the application closes the peer connection itself: internal-error at the next input, INTERNAL-ERROR attempted', async () => {
    const session = rig();
    session.fake.peerConnection!.close();
    await pass(10);
    expect(session.terminations).toEqual([]);
    session.play('rx.notify');
    await pass(0);
    expect(session.termination).toMatchObject({ kind: 'internal-error', where: 'peer-connection', causeAt: 10 });
    expect(session.sent('disconnect')).toEqual([{ type: 'disconnect', reason: 'INTERNAL-ERROR' }]);
    nothingLeft(session);
  });

  test('J13 a new session after the end has its own value; the old one never emits again', async () => {
    const old = rig().play('pc failed');
    await pass(1);
    const fresh = rig();
    fresh.play('ws.close 1000');
    old.play('ws.error', 'ws.close 1006');
    await pass(0);
    expect(old.terminations.map(({ kind }) => kind)).toEqual(['peer-connection-failed']);
    expect(fresh.terminations.map(({ kind }) => kind)).toEqual(['server-close']);
    nothingLeft(old);
    nothingLeft(fresh);
  });

  test('J14 an observer with a scheduler or take(1): no extra teardown, no second value', async () => {
    const session = rig();
    const taken = session.collect(session.session.termination$.pipe(take(1)));
    const scheduled = session.collect(session.session.termination$.pipe(observeOn(asapScheduler)));
    session.play('ws.close 1000');
    await pass(1);
    expect(taken).toEqual([session.termination]);
    expect(scheduled).toEqual([session.termination]);
    expect(session.fake.peerConnection?.closeCalls).toHaveLength(1);
    nothingLeft(session);
  });

  test('J15 calls that are pending at the end settle once each, with the reason, before the value or with it', async () => {
    const session = rig({
      mode: 'D',
      start: 'switched',
      sora: { labels: ['rpc', '#chat'] },
      fake: {},
    });
    const order: string[] = [];
    const settled: unknown[] = [];
    const follow = (name: string, promise: Promise<unknown>): void => {
      promise.then(
        () => order.push(`${name} resolved`),
        (error: unknown) => {
          order.push(`${name} rejected`);
          settled.push(error);
        },
      );
    };
    session.session.termination$.subscribe(() => order.push('termination$'));
    const held = session.fake.scripts.peerConnection.hold('getStats');
    const stats: string[] = [];
    stats(session.session).subscribe({ next: () => stats.push('sample'), complete: () => stats.push('|') });
    follow('rpc', rpc(session.session, '2025.2.0/RequestSimulcastRid', { rid: 'r0' } as never));
    follow('rpc 2', rpc(session.session, 'another', {}));
    session.fake.scripts.dataChannel.always('bufferedAmount', { throws: new Error('x') });
    await pass(10);
    session.play('pc failed');
    follow('send', session.session.send('#chat', 'too late'));
    await pass(0);
    expect([...order].sort()).toEqual(['rpc 2 rejected', 'rpc rejected', 'send rejected', 'termination$']);
    expect(settled.map((error) => (error as SoraRpcError | SoraSendError).code)).toEqual(['ended', 'ended', 'ended']);
    for (const error of settled) expect((error as SoraRpcError | SoraSendError).termination).toBe(session.termination);
    expect(settled.filter((error) => error instanceof SoraRpcError)).toHaveLength(2);
    expect(settled.filter((error) => error instanceof SoraSendError)).toHaveLength(1);
    expect(stats).toEqual(['|']);
    held.release();
    await pass(20_000);
    expect(order).toHaveLength(4);
    expect(stats).toEqual(['|']);
    nothingLeft(session);
  });
});
