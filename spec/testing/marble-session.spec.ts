import { map, type Observable } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, test } from 'vitest';
import { connect, createSession, type Session } from '../../src/index.ts';
import { createFakePlatform, driveMarbles, FakeSora, type ScenarioMode, type ScenarioStart } from '../../src/testing/index.ts';
import { marbles } from '../support/marbles.ts';

/** A call of somebody's application, on fakes. */
const call = (mode: ScenarioMode, start: ScenarioStart, labels: readonly string[] = []) => {
  const fake = createFakePlatform();
  const sora = new FakeSora(fake, { mode, labels });
  const session = createSession({
    signalingUrl: 'wss://sora.test/signaling',
    channelId: 'room',
    role: 'sendrecv',
    dataChannelSignaling: mode !== 'W',
    ignoreDisconnectWebSocket: mode === 'D',
    platform: fake.platform,
  });
  session.connect().catch(() => undefined);
  sora.reach(start);
  return { fake, sora, session };
};

const kinds = ({ termination$ }: Session): Observable<string> => termination$.pipe(map(({ kind }) => kind));

describe('a session in a marble test of its own', () => {
  test('with plain TestScheduler', () => {
    new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run((helpers) => {
      const { sora, session } = call('W', 'connected');
      driveMarbles(helpers, sora, { webSocket: '10ms #' });
      helpers.expectObservable(kinds(session)).toBe('10ms (k|)', { k: 'websocket-error' });
    });
  });

  test(
    'with rxjs-marbles',
    marbles((m) => {
      const { sora, session } = call('D', 'switched');
      const ends = { k: 'client-disconnect' };
      driveMarbles(m, sora, { application: '5ms d', dataChannel: { '*': '25ms c' } }, { d: () => void session.disconnect() });
      m.expect(kinds(session)).toBeObservable('25ms (k|)', ends);
    }),
  );

  test('a timeout of three seconds passes at once', () => {
    new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run((helpers) => {
      const { sora, session, fake } = call('W', 'connected');
      driveMarbles(helpers, sora, { application: 'd' }, { d: () => void session.disconnect() });
      helpers
        .expectObservable(session.termination$.pipe(map((t) => t.kind === 'client-disconnect' && t.outcome)))
        .toBe('3s (t|)', { t: 'timeout' });
      helpers.flush();
      expect(fake.leaks()).toEqual({ listeners: 0, sockets: 0, peerConnections: 0, channels: 0 });
    });
  });

  test('of an application that unsubscribes', () => {
    new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run((helpers) => {
      const fake = createFakePlatform();
      const options = { signalingUrl: 'wss://sora.test/signaling', channelId: 'room', role: 'recvonly', platform: fake.platform } as const;
      helpers.expectObservable(connect(options).pipe(map(() => 's')), '- 20ms !').toBe('s');
      helpers.flush();
      expect(fake.sockets.map(({ closeCalls }) => closeCalls.map(({ code }) => code))).toEqual([[1000]]);
    });
  });
});
