import { TestScheduler } from 'rxjs/testing';
import { describe, expect, test } from 'vitest';
import type { Termination } from '../../src/termination/reason.ts';
import { type Ending, endingOf } from '../../src/termination/termination.ts';
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
      port.whileClosing = () => order.push('close');
      endingOf(rig.sources, rig.config).subscribe({ next: ({ kind }) => order.push(kind), complete: () => order.push('complete') });
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
  const endings: Ending[] = [];
  runInVirtualTime(
    [],
    200_000,
    () => {
      const rig = new EndingRig(setup);
      endingOf(rig.sources, rig.config).subscribe((ending) => endings.push(ending));
      rig.begin();
      play(rig);
    },
    () => undefined,
  );
  const last = endings.at(-1);
  if (last?.kind !== 'ended') throw new Error('there was no end');
  return last.termination;
}

describe('the order of things', () => {
  test('Q25 Q63 Q68 the latch, the goodbye, the closing, and one macrotask later the value', () => {
    expect(happenings({}, (rig) => rig.does('internal'))).toEqual([
      'ending',
      'send INTERNAL-ERROR',
      'close',
      '-- the task is over --',
      'ended',
      'complete',
    ]);
  });

  test('Q63 in a wait everything is closed when the wait is over, not before', () => {
    expect(
      happenings({}, (rig, order) => {
        rig.does('disconnect');
        order.push('waiting');
        rig.does('ws.close 1000');
      }),
    ).toEqual(['ending', 'send NO-ERROR', 'waiting', 'close', '-- the task is over --', 'ended', 'complete']);
  });

  test('Q56 Q68 pagehide: all of it in the call', () => {
    expect(happenings({}, (rig) => rig.does('pagehide'))).toEqual([
      'ending',
      'send NO-ERROR',
      'close',
      'ended',
      'complete',
      '-- the task is over --',
    ]);
  });

  test('Q55 Q56 pagehide inside a wait: the rest in the call', () => {
    expect(
      happenings({}, (rig, order) => {
        rig.does('disconnect');
        order.push('waiting');
        rig.does('pagehide');
      }),
    ).toEqual(['ending', 'send NO-ERROR', 'waiting', 'close', 'ended', 'complete', '-- the task is over --']);
  });

  test.each(['unsub', 'abort'])('Q55 %s inside a wait: the value one macrotask later', (way) => {
    expect(
      happenings({}, (rig) => {
        rig.does('disconnect');
        rig.does(way);
      }),
    ).toEqual(['ending', 'send NO-ERROR', 'close', '-- the task is over --', 'ended', 'complete']);
  });

  test('Q56 pagehide between the closing and the value: the value in the call', () => {
    expect(
      happenings({}, (rig, order) => {
        rig.does('ws.close 1000');
        order.push('closed');
        rig.does('disconnect');
        rig.does('unsub');
        rig.does('ws.error');
        order.push('not yet');
        rig.does('pagehide');
      }),
    ).toEqual(['ending', 'close', 'closed', 'not yet', 'ended', 'complete', '-- the task is over --']);
  });

  test('Q56 Q32 pagehide inside the grace of a loss: the loss stands, and all of it in the call', () => {
    expect(
      happenings({ mode: 'D', start: 'switched' }, (rig) => {
        rig.does('dc.close stats');
        rig.does('pagehide');
      }),
    ).toEqual(['ending', 'send INTERNAL-ERROR', 'close', 'ended', 'complete', '-- the task is over --']);
  });

  test('Q02 Q56 pagehide finds a failed peer connection: no message, and all of it in the call', () => {
    expect(
      happenings({}, (rig) => {
        rig.does('pc~ failed');
        rig.does('pagehide');
      }),
    ).toEqual(['ending', 'close', 'ended', 'complete', '-- the task is over --']);
  });
});

describe('P10 P16: when it is over', () => {
  test('no source is listened to any more, and no timer is left', () => {
    const rig = new EndingRig({ connectionState: false, start: 'negotiating' });
    const seen: string[] = [];
    let timers = -1;
    runInVirtualTime(
      [],
      1,
      () => {
        endingOf(rig.sources, rig.config).subscribe({ next: ({ kind }) => seen.push(kind), complete: () => seen.push('complete') });
        rig.begin();
        rig.does('ice disconnected');
        rig.does('ws.close 1000');
        seen.push(...Object.entries(rig.subjects).flatMap(([name, { observed }]) => (observed ? [] : [name])));
      },
      (time) => {
        timers = time.timers;
      },
    );
    expect(seen).toEqual(['ending', 'ended', 'complete']);
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

describe('Q74: trailing', () => {
  const note = (index: number) => ({ at: index, source: 'sdk', what: `note ${index}` }) as const;

  test('the failed URLs, then the closings that threw, then what came', () => {
    const { trailing } = valueOf({}, (rig) => {
      rig.port.failedClosings = ['datachannel stats', 'peer-connection'];
      rig.subjects.note$.next(note(0));
      rig.does('ws.close 1000');
      rig.does('pc disconnected');
    });
    expect(trailing).toStrictEqual([
      note(0),
      { at: 0, source: 'sdk', what: 'close', detail: 'datachannel stats' },
      { at: 0, source: 'sdk', what: 'close', detail: 'peer-connection' },
      { at: 0, source: 'peer-connection', what: 'connectionstatechange', detail: 'disconnected' },
    ]);
  });

  test.each([31, 32, 33, 100])('at most 32 entries: %i events', (count) => {
    const { trailing } = valueOf({}, (rig) => {
      rig.does('ws.close 1000');
      for (let index = 0; index < count; index += 1) rig.subjects.note$.next(note(index));
    });
    expect(trailing).toEqual(Array.from({ length: Math.min(count, 32) }, (_, index) => note(index)));
  });

  test('at most 32 entries, those of before the cause counted', () => {
    const { trailing } = valueOf({}, (rig) => {
      for (let index = 0; index < 40; index += 1) rig.subjects.note$.next(note(index));
      rig.does('ws.close 1000');
      rig.does('disconnect');
    });
    expect(trailing).toEqual(Array.from({ length: 32 }, (_, index) => note(index)));
  });

  test('progress leaves nothing', () => {
    const { trailing } = valueOf({}, (rig) => {
      rig.does('ws.close 1000');
      rig.does('rx.redirect');
      rig.does('ws.error');
    });
    expect(trailing.map(({ what }) => what)).toEqual(['error']);
  });

  test('P22 when closing throws altogether that is told', () => {
    const { trailing } = valueOf({}, (rig) => {
      rig.port.throwing.add('close');
      rig.does('ws.close 1000');
    });
    expect(trailing).toStrictEqual([{ at: 0, source: 'sdk', what: 'close', detail: 'close' }]);
  });

  test('what the closing itself brings about at once is in it', () => {
    const { trailing } = valueOf({}, (rig) => {
      rig.port.whileClosing = () => rig.does('dc.close stats');
      rig.does('ws.close 1000');
    });
    expect(trailing).toStrictEqual([{ at: 0, source: 'datachannel', what: 'close', detail: 'stats' }]);
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
    ['a message of the socket', (rig) => rig.subjects.webSocket$.next({ kind: 'message', at: 0, url: '', data: '{}' })],
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

  test('Q71 of a loss that was explained', () => {
    expect(
      valueOf({ mode: 'M' }, (rig) => {
        rig.does('dc.close stats');
        rig.does('ws.close 1006');
      }),
    ).toMatchObject({ kind: 'websocket-closed', code: 1006, after: 'datachannel-closed' });
  });

  test('Q22 Q70 a close that comes after our own closing is its echo and no word of the peer', () => {
    const t = valueOf({ mode: 'M', start: 'switched' }, (rig) => {
      rig.port.whileClosing = () => rig.does('ws.close 1000');
      rig.does('disconnect');
    });
    expect(t).toMatchObject({ outcome: 'timeout', trailing: [{ source: 'websocket' }] });
    expect(t).not.toHaveProperty('peer');
  });

  test('Q38 Q60 what the peer says is kept although the application has closed the peer connection', () => {
    const t = valueOf({ mode: 'D', start: 'switched' }, (rig) => {
      rig.does('disconnect');
      rig.does('pc~ closed');
      rig.does('rx.close 1000');
      rig.does('dc.close *');
    });
    expect(t).toMatchObject({ outcome: 'acknowledged', peer: { via: 'datachannel', code: 1000 } });
  });
});

describe('errors and late facts', () => {
  endingTest('P14 what comes after the value changes nothing and is not listened to', {
    when: { webSocket: 'c', application: '5ms d', peerConnection: '6ms f' },
    then: '(t|)',
    termination: { kind: 'server-close', trailing: [] },
  });
});
