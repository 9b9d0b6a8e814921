import type { Observable } from 'rxjs';
import { describe, expect, test, vi } from 'vitest';
import { receivedLayers } from '../../src/layers/received-layers.ts';
import { networkStatus } from '../../src/layers/network-status.ts';
import { spotlight } from '../../src/layers/spotlight.ts';
import { roster } from '../../src/roster/roster.ts';
import { createSession } from '../../src/session/create-session.ts';
import type { Session } from '../../src/session/session.ts';
import { FakeMediaStream, FakeMediaStreamTrack } from '../../src/testing/fake-media.ts';
import { timeline } from '../../src/timeline/timeline.ts';
import { nothingLeft } from '../support/nothing-left.ts';
import { type SessionRig, elapse, outcome, pass, rig, useVirtualTime } from '../support/session-rig.ts';
import { sessionStreams } from '../support/session-streams.ts';

useVirtualTime();

const streams: Readonly<Record<string, (session: Session) => Observable<unknown>>> = {
  ...Object.fromEntries(sessionStreams.map((name) => [name, (session: Session): Observable<unknown> => session[name]])),
  'messages()': (session) => session.messages(),
  'messages(#chat)': (session) => session.messages('#chat'),
  'timeline()': timeline,
  'roster()': roster,
  'spotlight()': spotlight,
  'receivedLayers()': receivedLayers,
  'networkStatus()': networkStatus,
};

/** Something happens on every stream, in the states that the server brings a session through. */
function live(r: SessionRig): void {
  const steps: readonly (() => void)[] = [
    () => r.sora.reach('signaling', elapse),
    () => r.sora.reach('negotiating', elapse),
    () => r.sora.reach('connected', elapse),
    () => {
      const stream = new FakeMediaStream([], 'ALICE');
      const track = new FakeMediaStreamTrack('video');
      stream.gainTrack(track);
      r.sora.peerConnection.remote.track(track, [stream]);
      stream.loseTrack(track);
    },
    () => r.play('rx.notify', 'rx.push'),
    () => r.receive({ type: 'notify', event_type: 'connection.created', connection_id: 'OWN', data: [] }),
    () => r.receive({ type: 'notify', event_type: 'spotlight.focused', connection_id: 'A' }),
    () => r.receive({ type: 'notify', event_type: 'simulcast.switched', sender_connection_id: 'A', current_rid: 'r0' }),
    () => r.receive({ type: 'notify', event_type: 'network.status', unstable_level: 2 }),
    () => r.sora.channel('#chat')!.remote.message('hello'),
    () => r.play('rx.switched F'),
    () => r.play('pc failed'),
  ];
  for (const step of steps) {
    try {
      step();
    } catch {
      return; // the session has ended, so the server cannot bring it further
    }
  }
}

describe('an observer that calls disconnect() in its next', () => {
  for (const [name, stream] of Object.entries(streams)) {
    // `termination$` itself emits when the session has ended already.
    if (name === 'termination$') continue;

    test.each([1, 2, 3, 4, 5])(`of ${name}, at emission %i, ends the session once and leaves nothing`, async (emission) => {
      const r = rig({ mode: 'M', start: 'idle', sora: { labels: ['#chat'] }, options: { disconnectPolicy: 'immediate' } });
      let emissions = 0;
      const promises: Promise<unknown>[] = [];
      stream(r.session).subscribe(() => {
        emissions += 1;
        if (emissions === emission) promises.push(r.session.disconnect());
      });
      r.connect();
      live(r);
      if (r.terminations.length === 0) r.play('pc failed');
      await pass(1);
      const { termination } = r;
      expect(r.sent('disconnect').length).toBeLessThanOrEqual(1);
      for (const promise of promises) expect(await promise).toBe(termination);
      if (emissions >= emission && r.terminations[0]!.kind !== 'client-disconnect') expect(termination.kind).toBe('peer-connection-failed');
      nothingLeft(r);
    });
  }

  test('of state$ while the session starts ends the very session that starts', () => {
    for (const start of ['idle', 'opening'] as const) {
      const r = rig({ start: 'idle', options: { disconnectPolicy: 'immediate' } });
      r.session.state$.subscribe((state) => {
        if (state === start) void r.session.disconnect();
      });
      r.connect();
      elapse();
      expect(r.termination).toMatchObject({ kind: 'client-disconnect', phase: start });
      expect(r.fake.sockets).toHaveLength(start === 'idle' ? 0 : 1);
      nothingLeft(r);
    }
  });
});

describe('an observer that calls connect() again while the session starts', () => {
  test('gets the first promise, and there is one socket', async () => {
    const r = rig({ start: 'idle' });
    const again: Promise<unknown>[] = [];
    r.session.state$.subscribe((state) => {
      if (state === 'opening') again.push(r.session.connect());
    });
    const first = r.session.connect();
    expect(again).toEqual([first]);
    expect(again[0]).toBe(first);
    expect(r.fake.sockets).toHaveLength(1);
    r.sora.reach('connected', elapse);
    expect(await first).toMatchObject({ channelId: 'sora' });
  });

  test('gets the rejection where the runtime lacks a constructor', async () => {
    vi.stubGlobal('RTCPeerConnection', undefined);
    const { fake } = rig({ start: 'idle' });
    const platform = { ...fake.platform };
    delete platform.RTCPeerConnection;
    const session = createSession({ signalingUrl: 'wss://a.test/', channelId: 'c', role: 'recvonly', platform });
    const first = session.connect();
    expect(session.connect()).toBe(first);
    expect(await outcome(first)).toMatchObject({ path: 'platform.RTCPeerConnection' });
    expect(fake.sockets).toEqual([]);
    vi.unstubAllGlobals();
  });
});

describe('when the value is emitted (Q68)', () => {
  test.each<[string, (r: SessionRig) => unknown]>([
    ['a WebSocket close', (r) => r.play('ws.close 1006')],
    ['a failed peer connection', (r) => r.play('pc failed')],
    ['invalid signaling', (r) => r.play('rx.invalid')],
    ['a page that goes away', (r) => r.play('pagehide')],
  ])('%s is emitted in the call that caused it', (_, cause) => {
    const r = rig();
    cause(r);
    expect(r.terminations).toHaveLength(1);
  });

  test('websocket-error alone is emitted one macrotask later, so that the close of the same burst is in it', () => {
    const r = rig();
    r.play('ws.error');
    expect(r.terminations).toEqual([]);
    r.play('ws.close 1006');
    expect(r.terminations).toEqual([]);
    vi.advanceTimersByTime(0);
    expect(r.terminations).toMatchObject([{ kind: 'websocket-error', close: { code: 1006 }, endedAt: 0 }]);
  });

  test('a page that goes away in that macrotask does not lose the value', () => {
    const r = rig();
    r.play('ws.error', 'pagehide');
    expect(r.terminations).toMatchObject([{ kind: 'websocket-error' }]);
  });
});

describe('the identifiers of a Termination (Q84)', () => {
  test('are null before the offer, except for the channel that was asked for', () => {
    const r = rig({ start: 'signaling' }).play('ws.close 4490');
    expect(r.termination).toMatchObject({ channelId: 'sora', connectionId: null, sessionId: null, connectedAt: null });
  });

  test('are those of the offer afterwards, and the channel is what the server calls it', () => {
    const r = rig({ start: 'negotiating', sora: { offer: { channel_id: 'renamed' } } }).play('ws.close 1000');
    expect(r.termination).toMatchObject({
      channelId: 'renamed',
      connectionId: 'FAKECONNECTION000000000000',
      sessionId: 'FAKESESSION000000000000000',
      connectedAt: null,
    });
  });
});

test('close() of a socket that returns a rejecting promise harms nobody', async () => {
  const unhandled: unknown[] = [];
  const listener = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', listener);
  const r = rig({ options: { disconnectPolicy: 'immediate' } });
  r.sora.socket.close = () => Promise.reject(new Error('no')) as never;
  expect(await r.session.disconnect()).toMatchObject({ outcome: 'immediate', trailing: [] });
  vi.useRealTimers();
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', listener);
  expect(unhandled).toEqual([]);
});

describe('while sockets are being made', () => {
  /** A session whose platform, or policy, calls back when the first socket is made. */
  const made = (callBack: (r: SessionRig) => void, by: 'constructor' | 'policy', signal?: AbortSignal): SessionRig => {
    let isFirst = true;
    const call = (): void => {
      if (isFirst) {
        isFirst = false;
        callBack(r);
      }
    };
    const r: SessionRig = rig({
      start: 'idle',
      options: {
        ...(signal && { signal }),
        ...(by === 'policy' && {
          signalingUrlPolicy: (urls: readonly string[]) => {
            call();
            return { waves: [urls], headStartMs: 0 };
          },
        }),
      },
      wrap: (platform) => ({
        ...platform,
        WebSocket: class extends (platform.WebSocket as new (url: string) => object) {
          constructor(url: string) {
            super(url);
            if (by === 'constructor') call();
          }
        } as never,
      }),
    });
    return r;
  };

  test.each(['constructor', 'policy'] as const)('disconnect() in a %s ends this session, and begins no other', async (by) => {
    const r = made(({ session }) => void session.disconnect(), by);
    const states = r.collect(r.session.state$);
    r.connect();
    elapse(10_000);
    expect(r.termination).toMatchObject({ kind: 'client-disconnect', trigger: 'api' });
    expect(states).toEqual(['idle', 'opening', 'ending', 'ended']);
    expect(r.fake.sockets).toHaveLength(1);
    nothingLeft(r);
    expect(await r.session.disconnect()).toBe(r.termination);
  });

  test.each(['constructor', 'policy'] as const)('connect() in a %s is the one that is under way', (by) => {
    const r = made((rig) => rig.connect(), by);
    r.connect();
    expect(r.fake.sockets).toHaveLength(1);
  });

  test('an abort in a policy is heard', () => {
    const controller = new AbortController();
    const r = made(() => controller.abort(), 'policy', controller.signal);
    r.connect();
    elapse(10_000);
    expect(r.termination).toMatchObject({ kind: 'client-disconnect', trigger: 'abort-signal' });
    nothingLeft(r);
  });

  test('a policy that throws after it has disconnected leaves a session that has ended', async () => {
    const r = made((rig) => {
      void rig.session.disconnect();
      throw new Error('made to fail');
    }, 'policy');
    r.connect();
    elapse(10_000);
    expect(r.termination).toMatchObject({ kind: 'internal-error', where: 'signaling-url-policy' });
    expect(await r.session.disconnect()).toBe(r.termination);
    nothingLeft(r);
  });
});
