import { TestScheduler } from 'rxjs/testing';
import { describe, expect, test } from 'vitest';
import type { Termination } from '../../src/termination/reason.ts';
import { termination } from '../../src/termination/termination.ts';
import { runInVirtualTime } from '../../src/testing/virtual-time.ts';
import { EndingRig, STARTED_AT, type EndingSetup } from '../support/ending-rig.ts';
import { endingTest } from '../support/ending-test.ts';

/** Runs `play` at 0 and gives what happened, in words and in order: what the port saw, what was emitted. */
function happenings(setup: EndingSetup, play: (rig: EndingRig, order: string[]) => void): readonly string[] {
  const order: string[] = [];
  runInVirtualTime(
    [],
    10_000,
    () => {
      const rig = new EndingRig(setup);
      const { port } = rig;
      const send = port.send.bind(port);
      port.send = (via, message) => {
        order.push(`send ${message.reason}`);
        return send(via, message);
      };
      port.whileLatching = () => order.push('latch');
      port.whileClosing = () => order.push('close');
      termination(rig.event$, port, rig.config).subscribe({ next: ({ kind }) => order.push(kind), complete: () => order.push('complete') });
      rig.begin();
      play(rig, order);
      order.push('-- the task is over --');
    },
    () => undefined,
  );
  return order;
}

/** The value of one run in which `play` happens at 0. */
function valueOf(setup: EndingSetup, play: (rig: EndingRig) => void): Termination {
  const values: Termination[] = [];
  runInVirtualTime(
    [],
    200_000,
    () => {
      const rig = new EndingRig(setup);
      termination(rig.event$, rig.port, rig.config).subscribe((value) => values.push(value));
      rig.begin();
      play(rig);
    },
    () => undefined,
  );
  const [value] = values;
  if (value === undefined) throw new Error('the session did not end');
  return value;
}

describe('the order of closing', () => {
  test('latch, message, closing, value: all in the call that brought the cause (Q25, Q63, Q68)', () => {
    expect(happenings({}, (rig) => rig.does('internal'))).toEqual([
      'latch',
      'send INTERNAL-ERROR',
      'close',
      'internal-error',
      'complete',
      '-- the task is over --',
    ]);
  });

  test('after an error of the WebSocket, and only then, the value comes one macrotask later (Q07, Q68)', () => {
    expect(happenings({}, (rig) => rig.does('ws.error'))).toEqual([
      'latch',
      'close',
      '-- the task is over --',
      'websocket-error',
      'complete',
    ]);
  });

  test('in a wait everything is closed when the wait is over, not before (Q63)', () => {
    expect(
      happenings({}, (rig, order) => {
        rig.does('disconnect');
        order.push('waiting');
        rig.does('ws.close 1000');
      }),
    ).toEqual(['latch', 'send NO-ERROR', 'waiting', 'close', 'client-disconnect', 'complete', '-- the task is over --']);
  });

  test.each(['pagehide', 'unsub', 'abort'])('%s inside a wait ends it in that call (Q55, Q56)', (way) => {
    expect(
      happenings({}, (rig, order) => {
        rig.does('disconnect');
        order.push('waiting');
        rig.does(way);
      }),
    ).toEqual(['latch', 'send NO-ERROR', 'waiting', 'close', 'client-disconnect', 'complete', '-- the task is over --']);
  });

  test('a page that goes away between an error of the WebSocket and its macrotask gets the value in that call (Q56)', () => {
    expect(
      happenings({}, (rig, order) => {
        rig.does('ws.error');
        order.push('closed');
        rig.does('disconnect');
        rig.does('unsub');
        rig.does('ws.error');
        order.push('not yet');
        rig.does('pagehide');
      }),
    ).toEqual(['latch', 'close', 'closed', 'not yet', 'websocket-error', 'complete', '-- the task is over --']);
  });

  test('pagehide inside the grace of a loss: the loss is the cause, all of it in that call (Q32, Q56)', () => {
    expect(
      happenings({ mode: 'D', start: 'switched' }, (rig) => {
        rig.does('dc.close stats');
        rig.does('pagehide');
      }),
    ).toEqual(['latch', 'send INTERNAL-ERROR', 'close', 'datachannel-closed', 'complete', '-- the task is over --']);
  });

  test('pagehide finds a failed peer connection: no message, all of it in that call (Q02, Q56)', () => {
    expect(
      happenings({}, (rig) => {
        rig.does('pc~ failed');
        rig.does('pagehide');
      }),
    ).toEqual(['latch', 'close', 'peer-connection-failed', 'complete', '-- the task is over --']);
  });
});

describe('when it is over', () => {
  test('no source is subscribed any more, and no timer is left (P10, P16)', () => {
    const rig = new EndingRig({ connectionState: false, start: 'negotiating' });
    const seen: string[] = [];
    let timers = -1;
    runInVirtualTime(
      [],
      1,
      () => {
        termination(rig.event$, rig.port, rig.config).subscribe({
          next: ({ kind }) => seen.push(kind),
          complete: () => seen.push('complete'),
        });
        rig.begin();
        rig.does('ice disconnected');
        rig.does('ws.close 1000');
      },
      (time) => {
        timers = time.timers;
      },
    );
    expect(seen).toEqual(['server-close', 'complete']);
    expect(Object.values(rig.subjects).filter(({ observed }) => observed)).toEqual([]);
    expect(timers).toBe(0);
  });

  test('unsubscribing in the middle of a wait lets go of everything and does nothing more (rule of the owner, Q54)', () => {
    new TestScheduler((actual, expected) => {
      expect(actual).toEqual(expected);
    }).run((helpers) => {
      const rig = new EndingRig({});
      helpers.expectObservable(rig.when(helpers, { application: 'd' }), '^ 99ms !').toBe('-');
      helpers.flush();
      expect(rig.port.sent).toEqual(['0 websocket NO-ERROR']);
      expect(rig.port.closings).toEqual([]);
      expect(Object.values(rig.subjects).filter(({ observed }) => observed)).toEqual([]);
    });
  });
});

describe('trailing: what arrives between the cause and the value', () => {
  test('the failed URLs, then what came, then the closings that threw (Q49, Q74)', () => {
    const { trailing } = valueOf({}, (rig) => {
      rig.port.failedClosings = ['datachannel stats', 'peer-connection'];
      rig.urlFailed('wss://node1.sora.test');
      rig.does('ws.error');
      rig.does('pc disconnected');
    });
    expect(trailing).toStrictEqual([
      { at: 0, source: 'websocket', what: 'error', detail: 'wss://node1.sora.test' },
      { at: 0, source: 'peer-connection', what: 'connectionstatechange', detail: 'disconnected' },
      { at: 0, source: 'sdk', what: 'close', detail: 'datachannel stats' },
      { at: 0, source: 'sdk', what: 'close', detail: 'peer-connection' },
    ]);
  });

  const url = (index: number): string => `wss://node${index}.sora.test`;
  const failures = (count: number): object[] =>
    Array.from({ length: count }, (_, index) => ({ at: 0, source: 'websocket', what: 'error', detail: url(index) }));

  test.each([31, 32, 33, 100])('has at most 32 entries: %i events (Q74)', (count) => {
    const { trailing } = valueOf({}, (rig) => {
      rig.does('ws.error');
      for (let index = 0; index < count; index += 1) rig.urlFailed(url(index));
    });
    expect(trailing).toEqual(failures(Math.min(count, 32)));
  });

  test('has at most 32 entries, with those from before the cause (Q74)', () => {
    const { trailing } = valueOf({}, (rig) => {
      for (let index = 0; index < 40; index += 1) rig.urlFailed(url(index));
      rig.port.failedClosings = ['websocket'];
      rig.does('ws.error');
      rig.does('disconnect');
    });
    expect(trailing).toEqual(failures(32));
  });

  test('has nothing of events without effect: messages that mean nothing, and a WebSocket after switched(true) (P25)', () => {
    const { trailing } = valueOf({ mode: 'D', start: 'switched' }, (rig) => {
      rig.does('disconnect');
      rig.does('rx.unknown');
      rig.does('ws.close 1006');
      rig.emit({ source: 'datachannel', kind: 'message', label: 'signaling', data: '{}' });
    });
    expect(trailing).toEqual([]);
  });

  test('has the name of the whole when closing throws (P22)', () => {
    const { trailing } = valueOf({}, (rig) => {
      rig.port.throwing.add('close');
      rig.does('ws.close 1000');
    });
    expect(trailing).toStrictEqual([{ at: 0, source: 'sdk', what: 'close', detail: 'close' }]);
  });

  test('has what the closing itself causes at once', () => {
    const { trailing } = valueOf({}, (rig) => {
      rig.port.whileClosing = () => rig.does('dc.close stats');
      rig.does('ws.close 1000');
    });
    expect(trailing).toStrictEqual([{ at: 0, source: 'datachannel', what: 'close', detail: 'stats' }]);
  });

  test('is empty before the cause but for failed URLs', () => {
    const { trailing } = valueOf({}, (rig) => {
      rig.does('pc disconnected');
      rig.does('ws.close 1000');
    });
    expect(trailing).toEqual([]);
  });
});

describe('Q73: the times', () => {
  test('startedAt is of the clock, causeAt the cause, endedAt the moment after all closings', () => {
    let clockMs = 100;
    const config = { clock: { startedAt: STARTED_AT, elapsed: () => clockMs } };
    const t = valueOf({ config }, (rig) => {
      rig.port.whileClosing = () => (clockMs = 130);
      rig.does('disconnect');
      clockMs = 120;
      rig.does('ws.close 1000');
    });
    expect([t.startedAt, t.causeAt, t.endedAt]).toEqual([STARTED_AT, 100, 130]);
    expect(t.trailing).toEqual([{ at: 120, source: 'websocket', what: 'close', detail: '1000' }]);
  });
});

describe('the fields of the value, and no others', () => {
  test('of a disconnect that was acknowledged', () => {
    expect(
      valueOf({}, (rig) => {
        rig.does('disconnect');
        rig.does('ws.close 1000');
      }),
    ).toStrictEqual({
      kind: 'client-disconnect',
      trigger: 'api',
      outcome: 'acknowledged',
      peer: { via: 'websocket', code: 1000, reason: '' },
      phase: 'connected',
      switched: null,
      sent: { reason: 'NO-ERROR', via: 'websocket', ok: true },
      channelId: 'sora-channel@server',
      connectionId: 'CONNECTION',
      sessionId: 'SESSION',
      connectedAt: 0,
      startedAt: STARTED_AT,
      causeAt: 0,
      endedAt: 0,
      trailing: [{ at: 0, source: 'websocket', what: 'close', detail: '1000' }],
      initiator: 'client',
      retry: 'never',
    });
  });

  test('of a disconnect that was interrupted', () => {
    expect(
      valueOf({}, (rig) => {
        rig.does('disconnect');
        rig.does('pc failed');
      }),
    ).toStrictEqual({
      kind: 'client-disconnect',
      trigger: 'api',
      outcome: 'interrupted',
      by: 'peer-connection-failed',
      phase: 'connected',
      switched: null,
      sent: { reason: 'NO-ERROR', via: 'websocket', ok: true },
      channelId: 'sora-channel@server',
      connectionId: 'CONNECTION',
      sessionId: 'SESSION',
      connectedAt: 0,
      startedAt: STARTED_AT,
      causeAt: 0,
      endedAt: 0,
      trailing: [{ at: 0, source: 'peer-connection', what: 'connectionstatechange', detail: 'failed' }],
      initiator: 'client',
      retry: 'never',
    });
  });

  test('of an error of the WebSocket without a close', () => {
    expect(valueOf({}, (rig) => rig.does('ws.error'))).toStrictEqual({
      kind: 'websocket-error',
      phase: 'connected',
      switched: null,
      sent: null,
      channelId: 'sora-channel@server',
      connectionId: 'CONNECTION',
      sessionId: 'SESSION',
      connectedAt: 0,
      startedAt: STARTED_AT,
      causeAt: 0,
      endedAt: 0,
      trailing: [],
      initiator: 'network',
      retry: 'yes',
    });
  });

  test.each<[string, (rig: EndingRig) => void]>([
    ['the close of a channel', (rig) => rig.does('dc.close stats')],
    ['a second error', (rig) => rig.does('ws.error')],
  ])('Q07 %s is not the close of the burst that an error began', (_, then) => {
    const t = valueOf({ mode: 'M' }, (rig) => {
      rig.does('ws.error');
      then(rig);
    });
    expect(t.trailing).toHaveLength(1);
    expect(t).not.toHaveProperty('close');
  });

  test('another kind takes nothing from a close that follows', () => {
    const t = valueOf({}, (rig) => {
      rig.does('pc failed');
      rig.does('ws.close 1006');
    });
    expect(t).not.toHaveProperty('close');
    expect(t).not.toHaveProperty('peer');
  });

  test('of a loss that was explained (Q71)', () => {
    expect(
      valueOf({ mode: 'M' }, (rig) => {
        rig.does('dc.close stats');
        rig.does('ws.close 1006');
      }),
    ).toMatchObject({ kind: 'websocket-closed', code: 1006, after: 'datachannel-closed' });
  });

  test('a close that comes after our own closing is its echo and no word of the peer (Q22, Q70)', () => {
    const t = valueOf({ mode: 'M', start: 'switched' }, (rig) => {
      rig.port.whileClosing = () => rig.does('ws.close 1000');
      rig.does('disconnect');
    });
    expect(t).toMatchObject({ outcome: 'timeout', trailing: [{ source: 'websocket' }] });
    expect(t).not.toHaveProperty('peer');
  });

  test('what the peer says is kept although the application has closed the peer connection (Q38, Q60)', () => {
    const t = valueOf({ mode: 'D', start: 'switched' }, (rig) => {
      rig.does('disconnect');
      rig.does('pc~ closed');
      rig.does('rx.close 1000');
      rig.does('dc.close *');
    });
    expect(t).toMatchObject({ outcome: 'acknowledged', peer: { via: 'datachannel', code: 1000 } });
  });
});

describe('identifiers (Q84)', () => {
  test('before the offer: the channel that was asked for, and no other', () => {
    expect(valueOf({ start: 'signaling' }, (rig) => rig.does('ws.close 4490'))).toMatchObject({
      channelId: 'sora-channel',
      connectionId: null,
      sessionId: null,
      connectedAt: null,
    });
  });

  test("after the offer: the server's, and still no time of connection", () => {
    expect(valueOf({ start: 'negotiating' }, (rig) => rig.does('ws.close 1000'))).toMatchObject({
      channelId: 'sora-channel@server',
      connectionId: 'CONNECTION',
      sessionId: 'SESSION',
      connectedAt: null,
    });
  });

  test('an offer of an older server that does not name channel or session', () => {
    expect(
      valueOf({ start: 'signaling' }, (rig) => {
        rig.receive({ type: 'offer', sdp: '', connection_id: 'CONNECTION' });
        rig.does('ws.close 1000');
      }),
    ).toMatchObject({ channelId: 'sora-channel', connectionId: 'CONNECTION', sessionId: null });
  });

  test('connectedAt is the first time, whatever the peer connection does later', () => {
    let clockMs = 10;
    const config = { clock: { startedAt: STARTED_AT, elapsed: () => clockMs } };
    const { connectedAt } = valueOf({ config }, (rig) => {
      clockMs = 20;
      rig.does('pc disconnected');
      rig.does('pc connected');
      rig.does('ws.close 1000');
    });
    expect(connectedAt).toBe(10);
  });
});

describe('after the value', () => {
  endingTest('what comes after the value changes nothing and is not listened to (P14)', {
    when: { webSocket: 'c', application: '5ms d', peerConnection: '6ms f' },
    then: '(t|)',
    termination: { kind: 'server-close', trailing: [] },
  });
});
