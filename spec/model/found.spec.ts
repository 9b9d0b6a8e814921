import { describe, expect, test } from 'vitest';
import type { Session } from '../../src/index.ts';
import { scenario } from '../../src/testing/scenario.ts';

// What exploration has found, each with the shortest way there.

test('a switched that arrives when the peer connection has failed is not part of the value (Q02)', () => {
  const { termination } = scenario({ mode: 'M', start: 'connected', timeline: ['0 pc~ failed', '0 rx.switched T'] });

  expect(termination).toMatchObject({ kind: 'peer-connection-failed', switched: null });
});

test('a message that arrives while a disconnect waits is an occasion to see that the peer connection has failed (Q02, Q21)', () => {
  const { termination } = scenario({ mode: 'W', start: 'connected', timeline: ['0 disconnect', '5 pc~ failed', '7 rx.unknown'] });

  expect(termination).toMatchObject({ outcome: 'interrupted', by: 'peer-connection-failed', endedAt: 7 });
});

test('a message that arrives while a disconnect waits is listed in trailing, and a switched among them moves no wait (Q13, Q74)', () => {
  const timeline = ['0 disconnect', '5 rx.switched T', '6 rx.notify', '30 ws.close 1000'];
  const { termination } = scenario({ mode: 'D', start: 'connected', timeline });

  expect(termination).toMatchObject({ kind: 'client-disconnect', outcome: 'acknowledged', endedAt: 30, switched: null });
  expect(termination?.trailing.map(({ at, what }) => `${at} ${what}`)).toEqual(['5 switched', '6 notify', '30 close']);
});

test('a message on a channel of the server that nobody can read is an occasion to see that the peer connection has failed (Q02, Q65)', () => {
  const { termination } = scenario({ mode: 'M', start: 'switched', timeline: ['0 pc~ failed', '7 rx.invalid notify'] });

  expect(termination).toMatchObject({ kind: 'peer-connection-failed', causeAt: 7 });
});

test('a channel that comes open lets the WebSocket be closed, although its own event waits for a decoding (Q12, Q33)', () => {
  const timeline = ['0 rx.close-begin', '0 dc.error signaling', '499 rx.switched T', '499 dc.open signaling', '499 ws.close 1000'];
  const { closed } = scenario({ mode: 'D', start: 'connected', timeline });

  expect(closed).toContain('WS');
});

test('where ICE left disconnected without an event, the next disconnected begins its time anew (P23)', () => {
  const timeline = ['0 ice disconnected', '499 ice~ connected', '10498 ice disconnected'];
  const { termination } = scenario({ mode: 'W', start: 'connected', options: { csDefined: false }, timeline });

  expect(termination).toMatchObject({ kind: 'ice-disconnected-timeout', causeAt: 20_498, waitedMs: 10_000 });
});

test('a signal that is aborted before connect() opens nothing (Q79)', () => {
  const { termination, fake } = scenario({ mode: 'W', start: 'idle', timeline: ['1 abort', '2 connect'] });

  expect(termination).toMatchObject({ kind: 'client-disconnect', trigger: 'abort-signal', outcome: 'immediate', phase: 'idle' });
  expect([fake.sockets, fake.peerConnections]).toEqual([[], []]);
});

describe('who calls back at the first change of state calls the session that is being started', () => {
  const calledBack = (call: (session: Session) => Promise<unknown>) =>
    scenario(
      { mode: 'W', start: 'opening', timeline: [] },
      {
        onSession: (session) => {
          session.state$.subscribe((state) => {
            if (state === 'opening') call(session).catch(() => undefined);
          });
        },
      },
    );

  test('disconnect() ends it', () => {
    const { fake, termination, leftovers } = calledBack((session) => session.disconnect());
    expect(termination).toMatchObject({ kind: 'client-disconnect', outcome: 'immediate', phase: 'opening' });
    expect(fake.sockets).toHaveLength(1);
    expect(leftovers).toEqual({ listeners: 0, sockets: 0, peerConnections: 0, channels: 0, timers: 0, subscriptions: 0 });
  });

  test('connect() opens no second socket (J11)', () => {
    expect(calledBack((session) => session.connect()).fake.sockets).toHaveLength(1);
  });
});
