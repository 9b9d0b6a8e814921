import { type Observable, config } from 'rxjs';
import { describe, expect, test, vi } from 'vitest';
import { timeline } from '../../src/timeline/timeline.ts';
import { describeTermination } from '../../src/termination/describe-termination.ts';
import type { Termination } from '../../src/termination/reason.ts';
import type { SoraTerminatedError } from '../../src/session/terminated-error.ts';
import { type SessionRig, elapse, outcome, pass, rig, useVirtualTime } from '../support/session-rig.ts';

/*
 * Faults of the official JavaScript SDK in the way sessions end, one spec each: the same circumstances, and what this SDK does instead. The
 * comment says what the official SDK would do.
 */

useVirtualTime();

const nothing = { listeners: 0, sockets: 0, peerConnections: 0, channels: 0 };
const reasons = (r: SessionRig): unknown[] => r.sent('disconnect').map(({ reason }) => reason);

describe('X01', () => {
  // Official: `connect()` clears the timer that it has just armed, so a silent server leaves it pending for ever.
  test.each([
    ['a socket that never opens', 'opening', []],
    ['a server that says nothing', 'signaling', []],
    ['a redirect to a node that is dead', 'signaling', ['rx.redirect']],
  ] as const)('%s: the limit ends the attempt', async (_, start, words) => {
    const r = rig({ start });
    r.play(...words);
    const connecting = outcome(r.session.connect());
    await pass(60_001);
    expect(r.termination).toMatchObject({ kind: 'connect-timeout', causeAt: 60_000 });
    expect(((await connecting) as SoraTerminatedError).termination).toBe(r.termination);
    expect(r.fake.leaks()).toEqual(nothing);
  });
});

describe('X02', () => {
  // Official: nobody looks at the peer connection before it is connected; `connect()` stays pending, everything stays open.
  test('a peer connection that fails before it ever connected ends the attempt', async () => {
    const r = rig({ start: 'negotiating' });
    const connecting = outcome(r.session.connect());
    r.play('pc connecting', 'pc failed');
    await pass(1);
    expect(r.termination).toMatchObject({ kind: 'peer-connection-failed', phase: 'negotiating', sent: null });
    expect(await connecting).toMatchObject({ code: 'terminated' });
    expect(r.fake.leaks()).toEqual(nothing);
  });
});

describe('X03', () => {
  // Official: connection states are polled every 10 ms, so what comes and goes in between is never seen.
  test('connected and failed in one tick are both seen', () => {
    const r = rig({ start: 'negotiating' });
    const connected = r.collect(r.session.connected$);
    r.play('pc connected', 'pc failed');
    expect(connected).toHaveLength(1);
    expect(r.termination).toMatchObject({ kind: 'peer-connection-failed', phase: 'connected', causeAt: 0 });
  });
});

describe('X04', () => {
  // Official: the disconnect callback fires, and `connect()` never settles.
  test('disconnect() while the offer is awaited settles connect() with the same value', async () => {
    const r = rig({ start: 'signaling' });
    const [connecting, disconnecting] = [outcome(r.session.connect()), r.session.disconnect()];
    r.play('ws.close 1000');
    await pass(1);
    expect(((await connecting) as SoraTerminatedError).termination).toBe(await disconnecting);
    expect(r.termination).toMatchObject({ kind: 'client-disconnect', outcome: 'acknowledged' });
  });
});

describe('X05', () => {
  // Official: does nothing; the connection comes up later, owned by nobody.
  test('disconnect() before the socket is open leaves nothing that could come up', async () => {
    const r = rig({ start: 'opening' });
    const disconnecting = r.session.disconnect();
    await pass(1);
    expect(await disconnecting).toMatchObject({ kind: 'client-disconnect', outcome: 'immediate', phase: 'opening' });
    r.fake.sockets[0]!.fire('open');
    expect([r.sent(), r.fake.leaks()]).toEqual([[], nothing]);
  });
});

describe('X06', () => {
  // Official: two disconnect events, the second of which contradicts the first; the WebSocket is forgotten and stays open.
  test.each([1000, 1006])('`type: close` followed by a close of the WebSocket with %i is one end, and all is closed', (code) => {
    const r = rig({ mode: 'M', start: 'switched' });
    r.play('rx.close 1000', `ws.close ${code}`);
    expect(r.termination).toMatchObject({ kind: 'server-close', via: 'datachannel', code: 1000, severity: 'normal' });
    elapse(10_000);
    expect(r.terminations).toHaveLength(1);
    expect(r.fake.leaks()).toEqual(nothing);
  });
});

describe('X07', () => {
  // Official: the channels' closing overtakes the message that is still being inflated: a normal event, and later an abend with 4999.
  test('a compressed `type: close` is heard although the channels close while it is inflated', () => {
    const r = rig({ mode: 'D', start: 'switched', sora: { compress: true } });
    r.play('rx.close-begin', 'dc.close *');
    elapse(8);
    r.play('rx.close-end');
    expect(r.termination).toMatchObject({ kind: 'server-close', code: 1000, causeAt: 8 });
    elapse(10_000);
    expect(r.terminations).toHaveLength(1);
  });
});

describe('X08', () => {
  // Official: says goodbye on a channel that is closed, waits the whole timeout, and reports the end as a failed disconnect of the user.
  test('channels that the server closes without a word are an end of their own kind, at once', () => {
    const r = rig({ mode: 'D', start: 'switched' });
    r.play('dc.close *');
    expect(r.termination).toMatchObject({ kind: 'datachannel-closed', label: 'signaling', causeAt: 0, initiator: 'network', sent: null });
    expect(reasons(r)).toEqual([]);
  });
});

describe('X09', () => {
  // Official: sends `DATA-CHANNEL-ONERROR`, which no specification knows.
  test('an SCTP abort sends none but the four known reasons', () => {
    const r = rig({ mode: 'M', start: 'switched' });
    r.play('dc.error notify');
    elapse(500);
    expect(r.termination).toMatchObject({ kind: 'datachannel-error', label: 'notify', sctpCauseCode: 12 });
    expect(reasons(r)).toEqual(['INTERNAL-ERROR']);
  });
});

describe('X10', () => {
  // Official: sends nothing when the code is 1000.
  test('a WebSocket that closes with 1000 after switched(false) is told over the channel (T09)', () => {
    const r = rig({ mode: 'M', start: 'switched' });
    r.play('ws.close 1000');
    expect(r.termination).toMatchObject({ kind: 'server-close', code: 1000, severity: 'normal' });
    expect(r.traffic.at(-1)).toBe('signaling disconnect');
    expect(reasons(r)).toEqual(['WEBSOCKET-ONCLOSE']);
  });
});

describe('X11', () => {
  // Official: looks whether the channel is open, not whether signaling has moved, and sends over it.
  test('before switched nothing goes over a channel, although it is open (T06)', () => {
    const r = rig({ mode: 'M' });
    r.play('ws.close 1006');
    expect(r.termination).toMatchObject({ kind: 'websocket-closed', code: 1006, sent: null });
    expect(reasons(r)).toEqual([]);
  });
});

describe('X12', () => {
  // Official: two events, normal 1006 and abend, and up to three disconnect messages.
  test('an error of a channel inside the wait of a disconnect is no second end', async () => {
    const r = rig({ mode: 'M', start: 'switched' });
    const disconnecting = r.session.disconnect();
    r.play('dc.error signaling', 'dc.close *');
    elapse(100);
    r.play('ws.close 1006');
    await pass(1);
    expect(await disconnecting).toBe(r.termination);
    expect(r.termination).toMatchObject({ kind: 'client-disconnect', trigger: 'api' });
    expect(reasons(r)).toEqual(['NO-ERROR']);
  });
});

describe('X13', () => {
  // Official: `connect()` rejects, and WebSocket and peer connection stay open; the server is told nothing.
  test.each(['setRemoteDescription', 'createAnswer', 'setLocalDescription'] as const)(
    '%s that fails closes everything and says so',
    async (method) => {
      const r = rig({ start: 'signaling' });
      r.fake.scripts.peerConnection.next(method, { rejects: new Error('bad SDP') });
      const connecting = outcome(r.session.connect());
      r.play('rx.offer');
      await pass(1);
      expect(r.termination).toMatchObject({ kind: 'internal-error', message: 'bad SDP' });
      expect(await connecting).toMatchObject({ code: 'terminated' });
      expect(reasons(r)).toEqual(['INTERNAL-ERROR']);
      expect(r.fake.leaks()).toEqual(nothing);
    },
  );
});

describe('X14', () => {
  // Official: disconnect dies half-way: no event, the peer connection stays open, an unhandled rejection.
  test.each([
    ['without compression', { compression: false }],
    ['with a compression that fails', {}],
  ])('a compressed session %s ends as it should', async (_, fake) => {
    const r = rig({
      mode: 'D',
      start: 'switched',
      sora: { compress: true },
      fake,
      before: ({ fake: { scripts } }) => scripts.compression.always('transform', { rejects: new Error('no memory') }),
    });
    const disconnecting = r.session.disconnect();
    await pass(1);
    expect(await disconnecting).toMatchObject({ kind: 'client-disconnect', sent: { reason: 'NO-ERROR', via: 'datachannel', ok: false } });
    expect([r.fake.leaks(), r.fake.unhandledRejections]).toEqual([nothing, []]);
  });
});

describe('X15', () => {
  // Official: invents 1000 / NO-ERROR; the server's 4490 is lost.
  test('disconnect() while the socket is closing tells the server’s code', async () => {
    const r = rig();
    r.play('ws.closing');
    const disconnecting = r.session.disconnect();
    elapse(20);
    r.sora.socket.remote.close(4490, 'LAB-REASON');
    await pass(1);
    expect(await disconnecting).toMatchObject({
      kind: 'client-disconnect',
      peer: { via: 'websocket', code: 4490, reason: 'LAB-REASON' },
      sent: null,
    });
  });
});

describe('X16', () => {
  // Official: the error wins and its close is thrown away, code and reason with it.
  test('the close that follows an error of the WebSocket is part of the value', () => {
    const r = rig();
    r.play('ws.error');
    r.sora.socket.remote.close(1006, '');
    expect(r.termination).toMatchObject({ kind: 'websocket-error', close: { code: 1006, reason: '' } });
  });
});

describe('X17', () => {
  // Official: a normal event with 1006 over the WebSocket, an abend with 4999 over the channels.
  test('a disconnect that is not answered has one shape on both transports', async () => {
    const [socket, channels] = [rig(), rig({ mode: 'D', start: 'switched' })];
    for (const { session } of [socket, channels]) void session.disconnect();
    await pass(3001);
    for (const { termination } of [socket, channels]) expect(termination).toMatchObject({ kind: 'client-disconnect', outcome: 'timeout' });
  });
});

describe('X18', () => {
  // Official: a callback that throws aborts the teardown: no event, the peer connection stays open.
  test('observers that throw, everywhere, change nothing', () => {
    const reported: unknown[] = [];
    const before = config.onUnhandledError;
    config.onUnhandledError = (error) => reported.push(error);
    const r = rig({
      start: 'idle',
      mode: 'M',
      before: ({ session }) => {
        const fails = (): void => {
          throw new Error('of the application');
        };
        for (const stream$ of [timeline(session), session.signaling$, session.state$, session.termination$, session.webSocket$]) {
          (stream$ as Observable<unknown>).subscribe(fails);
        }
      },
    });
    r.connect();
    r.sora.reach('switched', elapse);
    r.play('ws.close 1006');
    expect(r.termination).toMatchObject({ kind: 'websocket-closed', sent: { reason: 'WEBSOCKET-ONCLOSE', ok: true } });
    expect(r.fake.leaks()).toEqual(nothing);
    vi.advanceTimersByTime(10);
    config.onUnhandledError = before;
    expect(reported.length).toBeGreaterThan(0);
  });
});

describe('X19', () => {
  // Official: four ways of tearing down, none guarded against the others; handlers stay attached.
  test('everything at once is torn down once', () => {
    const r = rig({ mode: 'M', start: 'switched' });
    void outcome(r.session.disconnect());
    r.play('ws.error', 'ws.close 1006', 'dc.error *', 'pc failed', 'pagehide');
    elapse(10_000);
    expect(r.terminations).toHaveLength(1);
    const objects = [...r.fake.sockets, ...r.fake.peerConnections, ...r.fake.peerConnections.flatMap(({ channels }) => channels)];
    expect(objects.filter(({ closeCalls }) => closeCalls.length > 1)).toEqual([]);
    expect([r.fake.leaks(), vi.getTimerCount()]).toEqual([nothing, 0]);
  });
});

describe('X20', () => {
  // Official: after the offer, what cannot be understood is only logged.
  test('malformed signaling after the offer ends the session (T25)', () => {
    const r = rig();
    r.play('rx.invalid');
    expect(r.termination).toMatchObject({ kind: 'signaling-invalid', what: 'parse', sent: null });
  });
});

describe('X21', () => {
  // Official: ICE states end the session always, although `connectionState` is there, and nobody can change that.
  test('ICE states count where connectionState is missing, or by an option', () => {
    const strict = rig();
    strict.play('ice failed', 'ice disconnected');
    elapse(60_000);
    expect(strict.terminations).toEqual([]);
    const always = rig({ options: { iceDisconnectedRule: 'always' } });
    always.play('ice disconnected');
    elapse(10_000);
    expect(always.termination).toMatchObject({ kind: 'ice-disconnected-timeout' });
    const old = rig({ fake: { connectionState: false }, start: 'negotiating' });
    old.play('ice connected', 'ice failed');
    expect(old.termination).toMatchObject({ kind: 'ice-failed' });
  });
});

describe('X22', () => {
  // Official: only a rejected promise, of a class that nobody can import; the disconnect callback stays silent.
  test('a rejection before the offer is a value of termination$ and of connect(), the same object', async () => {
    const r = rig({ start: 'signaling' });
    const connecting = outcome(r.session.connect());
    r.sora.socket.remote.close(4490, 'LAB-AUTH');
    await pass(1);
    expect(r.termination).toMatchObject({ kind: 'server-close', code: 4490, reason: 'LAB-AUTH', phase: 'signaling', retry: 'never' });
    expect(((await connecting) as SoraTerminatedError).termination).toBe(r.termination);
  });
});

describe('X23', () => {
  // Official: a code of 0 and an empty reason are left out; the title is any string.
  test('every field of a kind is there, also an empty one', () => {
    const r = rig({ mode: 'D', start: 'switched' });
    r.receive({ type: 'close', code: 0, reason: '' }, 'signaling');
    expect(r.termination).toMatchObject({ kind: 'server-close', code: 0, reason: '', severity: 'error' });
    const silent = rig({ mode: 'D', start: 'switched' });
    silent.receive({ type: 'close' }, 'signaling');
    expect(silent.termination).toMatchObject({ code: null, reason: '' });
    expect(describeTermination(silent.termination)).toContain('no code');
  });
});

describe('X24', () => {
  // Official: no race of these has a test that gives the same result twice.
  test('equal circumstances give equal values, times included', () => {
    const run = (): Termination => {
      const r = rig({ mode: 'M', start: 'switched' });
      r.play('dc.close notify');
      elapse(300);
      r.play('ws.error', 'ws.close 1006', 'pc failed');
      elapse(10);
      return r.termination;
    };
    const first = run();
    vi.setSystemTime(0);
    expect(run()).toEqual(first);
    expect(first).toMatchObject({ kind: 'websocket-error', after: 'datachannel-closed' });
  });
});
