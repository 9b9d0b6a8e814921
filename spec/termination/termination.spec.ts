import { fc, test as propertyTest } from '@fast-check/vitest';
import { EMPTY, Subject, concat, merge, of, throwError } from 'rxjs';
import { describe, expect, test } from 'vitest';
import type { Termination } from '../../src/termination/reason.ts';
import type { SessionEvent } from '../../src/model/session-event.ts';
import type { TerminationPort } from '../../src/termination/port.ts';
import { termination } from '../../src/termination/termination.ts';
import { FakeWebSocket } from '../../src/testing/fake-web-socket.ts';
import { runInVirtualTime, type VirtualEvent } from '../../src/testing/virtual-time.ts';
import { fromWebSocket } from '../../src/transports/web-socket.ts';
import { course, eventsOf, type Course } from '../support/ending-arbitraries.ts';
import { EndingRig, LABELS, defaults, ended } from '../support/ending-rig.ts';
import { endingTest } from '../support/ending-test.ts';
import { marbles } from '../support/marbles.ts';

interface Run {
  readonly rig: EndingRig;
  readonly values: readonly (Termination & { readonly emittedAt: number })[];
  readonly completed: boolean;
  readonly failed: boolean;
  readonly latchedAt: number | null;
  /** Timers when it was complete. */
  readonly timersLeft: number;
}

const LONG_MS = 1_000_000;

function run(drawn: Course, prepare: (rig: EndingRig) => void = () => undefined, more: readonly VirtualEvent[] = []): Run {
  const rig = new EndingRig(drawn.setup);
  const values: (Termination & { readonly emittedAt: number })[] = [];
  const outcome = { completed: false, failed: false, latchedAt: null as number | null, timersLeft: 0 };
  const left: number[] = [];
  let nowMs = 0;
  const { errors } = runInVirtualTime(
    [...eventsOf(drawn, rig), ...more],
    LONG_MS,
    () => {
      prepare(rig);
      rig.port.whileLatching = () => (outcome.latchedAt = rig.config.clock.elapsed());
      termination(rig.event$, rig.port, rig.config).subscribe({
        next: (value) => values.push({ ...value, emittedAt: rig.config.clock.elapsed() }),
        error: () => (outcome.failed = true),
        complete: () => (outcome.completed = true),
      });
      rig.begin();
    },
    (time) => {
      nowMs = time.nowMs;
      if (outcome.completed) left.push(time.timers);
    },
  );
  expect(errors).toEqual([]);
  expect(nowMs).toBe(LONG_MS);
  return { rig, values, ...outcome, timersLeft: left[0] ?? 0 };
}

const everyMethod: readonly (keyof TerminationPort)[] = [
  'latched',
  'send',
  'close',
  'webSocketState',
  'dataChannelStates',
  'connectionState',
  'iceConnectionState',
];

const GOODBYES = ['NO-ERROR', 'WEBSOCKET-ONCLOSE', 'WEBSOCKET-ONERROR', 'INTERNAL-ERROR'];
const TRIGGERS = /^(disconnect|unsub|abort|pagehide)$/;

/** P01-P03, P05-P08, P16, P17, P23, P29, P30 of one run. */
function judge({ rig, values, completed, failed, latchedAt, timersLeft }: Run, { happenings }: Course): void {
  expect(failed).toBe(false);
  expect(values.length).toBeLessThanOrEqual(1);
  expect(completed).toBe(values.length === 1);
  expect(latchedAt !== null).toBe(values.length === 1);
  expect(rig.port.closings.length).toBe(values.length);
  expect(rig.port.sent.length).toBeLessThanOrEqual(1);
  const [value] = values;
  if (value === undefined) return;
  const { emittedAt, ...reason } = value;
  expect(Object.values(rig.subjects).some(({ observed }) => observed)).toBe(false);
  expect(timersLeft).toBe(0);
  expect(JSON.parse(JSON.stringify(reason))).toStrictEqual(reason);
  expect(reason.trailing.length).toBeLessThanOrEqual(32);
  const waited = emittedAt - (latchedAt ?? 0);
  expect(waited).toBeLessThanOrEqual(reason.kind === 'client-disconnect' ? rig.config.timeouts.disconnectMs : 0);
  for (const words of rig.port.sent) {
    const goodbye = words.split(' ')[2] ?? '';
    expect(GOODBYES).toContain(goodbye);
    expect(goodbye === 'NO-ERROR').toBe(reason.kind === 'client-disconnect');
  }
  expect(reason.sent?.ok ?? false).toBe(rig.port.sent.length === 1);
  if (reason.kind === 'peer-connection-failed' || reason.kind === 'ice-failed') expect(reason.sent).toBeNull();
  if (reason.kind === 'client-disconnect') expect(happenings.some(({ words }) => TRIGGERS.test(words))).toBe(true);
}

/** Properties run many courses: slow machines need more than the usual limit. */
const PATIENCE_MS = 120_000;

describe('whatever happens', () => {
  propertyTest.prop([course(15)], { numRuns: 400 })(
    'P01 P02 P03 P05 P06 P08 P16 P17 P29 P30',
    (drawn) => {
      judge(run(drawn), drawn);
    },
    PATIENCE_MS,
  );

  propertyTest.prop([course(12), fc.subarray([...everyMethod]), fc.nat(20)], { numRuns: 400 })(
    'P22 any native call may throw, from the beginning or from some moment on',
    (drawn, methods, from) => {
      const throwing = (rig: EndingRig): void => {
        for (const method of methods) rig.port.throwing.add(method);
      };
      judge(run(drawn, throwing), drawn);
      let later: EndingRig | null = null;
      const remembering = (rig: EndingRig): void => void (later = rig);
      const at = drawn.happenings[from % drawn.happenings.length]?.at ?? 0;
      judge(run(drawn, remembering, [{ at, run: () => later !== null && throwing(later) }]), drawn);
    },
    PATIENCE_MS,
  );

  propertyTest.prop([course(12)], { numRuns: 300 })(
    'P26 the same course gives the same value, times included',
    (drawn) => {
      expect(run(drawn).values).toStrictEqual(run(drawn).values);
    },
    PATIENCE_MS,
  );

  propertyTest.prop([course(12), course(6)], { numRuns: 300 })(
    'P14 the first terminal cause wins: what comes after the value changes nothing',
    (drawn, more) => {
      const [first] = run(drawn).values;
      const happenings = more.happenings.map(({ at, words }) => ({ at: LONG_MS - 100_000 + at / 1000, words }));
      const [second] = run({ ...drawn, happenings: [...drawn.happenings, ...happenings] }).values;
      if (first !== undefined) expect(second).toStrictEqual(first);
    },
    PATIENCE_MS,
  );

  propertyTest.prop([course(12), course(6)], { numRuns: 300 })(
    'P14 nor does anything after the latch change the kind of the cause',
    (drawn, more) => {
      const { latchedAt, values } = run(drawn);
      if (latchedAt === null) return;
      const before = drawn.happenings.filter(({ at }) => at <= latchedAt);
      const happenings = [...before, ...more.happenings.map(({ at, words }) => ({ at: latchedAt + 1 + at, words }))];
      const again = run({ ...drawn, happenings });
      expect(again.values[0]?.kind).toBe(values[0]?.kind);
      expect(again.values[0]?.causeAt).toBe(values[0]?.causeAt);
    },
    PATIENCE_MS,
  );

  propertyTest.prop([course(10), fc.integer({ min: 1, max: 20 })], { numRuns: 200 })(
    'P19 disconnect() is idempotent: n calls are as one',
    (drawn, times) => {
      const at = (drawn.happenings.at(-1)?.at ?? 0) + 1;
      const once = run({ ...drawn, happenings: [...drawn.happenings, { at, words: 'disconnect' }] });
      const often = run({
        ...drawn,
        happenings: [...drawn.happenings, ...Array.from({ length: times }, () => ({ at, words: 'disconnect' }))],
      });
      const plain = ({ values }: Run) => values.map((value) => ({ ...value, trailing: [] }));
      expect(plain(often)).toStrictEqual(plain(once));
      expect(often.rig.port.sent).toEqual(once.rig.port.sent);
    },
    PATIENCE_MS,
  );

  propertyTest.prop([course(12)], { numRuns: 200 })(
    'P13 P20 and then disconnect() always ends it',
    (drawn) => {
      const { values } = run({ ...drawn, happenings: [...drawn.happenings, { at: 500_000, words: 'disconnect' }] });
      expect(values).toHaveLength(1);
    },
    PATIENCE_MS,
  );
});

describe('what never ends a connection, and what always does', () => {
  /** Steps of time and words, as a course of a given start. */
  const courseOf = (setup: Course['setup'], words: readonly string[], maxLength = 12): fc.Arbitrary<Course> =>
    fc
      .array(fc.record({ pause: fc.constantFrom(0, 1, 499, 501, 3000, 10_001), word: fc.constantFrom(...words) }), { maxLength })
      .map((steps) => {
        let at = 0;
        return { setup, happenings: steps.map(({ pause, word }) => ({ at: (at += pause), words: word })) };
      });
  const webSocket = ['ws.open', 'ws.closing', 'ws.error', 'ws.close 1000', 'ws.close 1006', 'ws.close 4490'];
  const health = ['pc connecting', 'pc connected', 'pc disconnected', 'ice checking', 'ice disconnected', 'ice failed'];
  const channels = LABELS.flatMap((label) => [`dc.open ${label}`, `dc.closing ${label}`, `dc.close ${label}`]);

  propertyTest.prop([courseOf({ mode: 'D', start: 'switched' }, [...webSocket, ...health])], { numRuns: 200 })(
    'P11 T07 T11 under switched(true): no WebSocket events, no changes of health short of failed, no time',
    (drawn) => {
      expect(run(drawn).values).toEqual([]);
    },
    PATIENCE_MS,
  );

  for (const [mode, start] of [
    ['W', 'opening'],
    ['W', 'connected'],
    ['M', 'negotiating'],
    ['M', 'switched'],
    ['D', 'connected'],
  ] as const) {
    propertyTest.prop(
      [courseOf({ mode, start }, [...health, ...channels], 6), fc.constantFrom('ws.close 1000', 'ws.close 1006', 'ws.error')],
      {
        numRuns: 60,
      },
    )(
      `P12 ${mode} ${start}: a close or an error of the socket always ends it`,
      (drawn, last) => {
        const at = (drawn.happenings.at(-1)?.at ?? 0) + 1;
        expect(run({ ...drawn, happenings: [...drawn.happenings, { at, words: last }] }).values).toHaveLength(1);
      },
      PATIENCE_MS,
    );

    propertyTest.prop([courseOf({ mode, start }, health, 6)], { numRuns: 30 })(
      `P13 ${mode} ${start}: and so does failed`,
      (drawn) => {
        const at = (drawn.happenings.at(-1)?.at ?? 0) + 1;
        const { values } = run({ ...drawn, happenings: [...drawn.happenings, { at, words: 'pc failed' }] });
        expect(values).toHaveLength(1);
      },
      PATIENCE_MS,
    );
  }

  const loud = [...channels, ...health, 'rx.close 1000', 'rx.close 4490', 'rx.invalid', 'internal', 'disconnect', 'unsub', 'pc failed'];
  propertyTest.prop(
    [courseOf({ mode: 'D', start: 'switched' }, loud), fc.array(fc.record({ at: fc.nat(20_000), word: fc.constantFrom(...webSocket) }))],
    {
      numRuns: 200,
    },
  )(
    'P25 inputs that are inert may be left out: WebSocket events under switched(true)',
    (drawn, inert) => {
      const happenings = [...drawn.happenings, ...inert.map(({ at, word }) => ({ at, words: word }))].sort((a, b) => a.at - b.at);
      const plain = ({ values }: Run) => values.map((value) => ({ ...value, trailing: [] }));
      expect(plain(run({ ...drawn, happenings }))).toStrictEqual(plain(run(drawn)));
    },
    PATIENCE_MS,
  );
});

describe('each native call throws, for each way of ending (P22)', () => {
  for (const method of everyMethod) {
    for (const [words, mode] of [
      ['ws.close 1000', 'W'],
      ['ws.error', 'M'],
      ['rx.close 1000', 'D'],
      ['dc.close signaling', 'D'],
      ['disconnect', 'M'],
      ['pagehide', 'D'],
      ['internal', 'M'],
      ['rx.invalid', 'W'],
    ] as const) {
      test(`${method} throws: ${words} (P22)`, () => {
        const setup = { mode, start: mode === 'W' ? 'connected' : 'switched' } as const;
        const drawn = { setup, happenings: [{ at: 5, words }] };
        let rig: EndingRig | null = null;
        const result = run(drawn, (made) => void (rig = made), [{ at: 4, run: () => rig?.port.throwing.add(method) }]);
        expect(result.values).toHaveLength(1);
        judge(result, drawn);
      });
    }
  }
});

const DISCONNECT = { source: 'application', kind: 'disconnect', at: 0 } as const;
const CLOSE = { source: 'websocket', kind: 'close', at: 0, url: '', code: 1000, reason: '', wasClean: true } as const;
/** Letters for events: p, u and d disconnect; c is a close of the WebSocket, f a failure, i invalid signaling, n of no effect. */
const events: Readonly<Record<string, SessionEvent>> = {
  p: { ...DISCONNECT, trigger: 'pagehide' },
  u: { ...DISCONNECT, trigger: 'unsubscribe' },
  d: { ...DISCONNECT, trigger: 'api' },
  c: CLOSE,
  f: { source: 'sdk', kind: 'failure', at: 0, where: 'create-answer', name: 'Error', message: '' },
  i: { source: 'signaling', kind: 'invalid', at: 0, what: 'parse' },
  n: { source: 'peer-connection', kind: 'signalingstatechange', at: 0, signalingState: 'stable' },
  o: { source: 'session', kind: 'opening', at: 0 },
  s: { source: 'session', kind: 'connect-sent', at: 0 },
};
const byClient = { t: ended({ kind: 'client-disconnect' }) };

describe('termination() as one stream', () => {
  test(
    'outlives a source that completes in silence',
    marbles((m) => {
      const { port } = new EndingRig();
      const webSocket$ = m.hot<SessionEvent>('-|');
      const application$ = m.hot<SessionEvent>('---p', events);
      m.expect(termination(merge(webSocket$, application$), port, defaults)).toBeObservable('---(t|)', byClient);
      m.expect(webSocket$).toHaveSubscriptions('^!');
      m.expect(application$).toHaveSubscriptions('^--!');
    }),
  );

  test(
    'does not complete when every source has completed: there was no end (P04)',
    marbles((m) => {
      const { port } = new EndingRig();
      m.expect(termination(m.hot<SessionEvent>('-n|', events), port, defaults)).toBeObservable('-');
      m.expect(termination(EMPTY, port, defaults)).toBeObservable('-');
    }),
  );

  test(
    'an error of the source ends nothing: timers still run',
    marbles((m) => {
      const { port } = new EndingRig();
      const source$ = m.hot<SessionEvent>('-o#', events);
      m.expect(termination(source$, port, defaults)).toBeObservable('- 60s (t|)', { t: ended({ kind: 'connect-timeout' }) });
      m.expect(source$).toHaveSubscriptions('^-!');
      m.expect(
        termination(
          throwError(() => new Error('x')),
          port,
          defaults,
        ),
      ).toBeObservable('-');
    }),
  );

  test(
    'emits once, although the source goes on: race alone would mirror its second value',
    marbles((m) => {
      const { port } = new EndingRig();
      const source$ = m.hot<SessionEvent>('-cc-p-f', events);
      m.expect(termination(source$, port, defaults)).toBeObservable('-(t|)', { t: ended({ kind: 'server-close' }) });
      m.expect(source$).toHaveSubscriptions('^!');
    }),
  );

  test(
    'all sources are unsubscribed with the value, in its frame',
    marbles((m) => {
      const { port } = new EndingRig();
      const sources = [m.hot<SessionEvent>('---p', events), m.hot<SessionEvent>('-'), m.hot<SessionEvent>('-n----c', events)];
      m.expect(termination(merge(...sources), port, defaults)).toBeObservable('---(t|)', byClient);
      for (const source$ of sources) m.expect(source$).toHaveSubscriptions('^--!');
    }),
  );

  test(
    'the source is subscribed until the wait is over (T16)',
    marbles((m) => {
      const { port } = new EndingRig();
      port.socket = 'open';
      const source$ = m.hot<SessionEvent>('-os-d--c--n', events);
      m.expect(termination(source$, port, defaults)).toBeObservable('-------(t|)', { t: ended({ outcome: 'acknowledged' }) });
      m.expect(source$).toHaveSubscriptions('^------!');
      m.flush();
      expect(port.sent).toEqual(['4 websocket NO-ERROR']);
    }),
  );

  test('a source that emits at once ends it before subscribe() returns, with its first cause', () => {
    const seen: string[] = [];
    const run = (...letters: readonly string[]): string[] => {
      const source$ = of(...letters.map((letter) => events[letter]!));
      termination(source$, new EndingRig().port, defaults).subscribe({
        next: ({ kind }) => seen.push(kind),
        complete: () => seen.push('|'),
      });
      return seen.splice(0);
    };
    expect(run('p', 'd')).toEqual(['client-disconnect', '|']);
    expect(run('i', 'p')).toEqual(['signaling-invalid', '|']);
    expect(run('c', 'n', 'n')).toEqual(['server-close', '|']);
  });

  test(
    'what a source emits at once is known to what comes later',
    marbles((m) => {
      const { port } = new EndingRig();
      port.socket = 'open';
      const event$ = concat(of(events['o']!, events['s']!), m.hot<SessionEvent>('-u', events));
      m.expect(termination(event$, port, defaults)).toBeObservable('-(t|)', {
        t: ended({ kind: 'client-disconnect', phase: 'signaling' }),
      });
      m.flush();
      expect(port.sent).toEqual(['1 websocket NO-ERROR']);
    }),
  );

  test(
    'cold: each subscription runs the rules anew',
    marbles((m) => {
      const { port } = new EndingRig();
      const source$ = m.cold<SessionEvent>('--u', events);
      const t$ = termination(source$, port, defaults);
      m.expect(t$).toBeObservable('--(t|)', { t: ended({ kind: 'client-disconnect', causeAt: 2, trailing: [] }) });
      m.expect(t$, '---^').toBeObservable('-----(t|)', { t: ended({ kind: 'client-disconnect', causeAt: 5, trailing: [] }) });
      m.expect(source$).toHaveSubscriptions(['^-!', '---^-!']);
    }),
  );

  test(
    'early unsubscribe: nothing was sent, nothing closed, nothing is kept',
    marbles((m) => {
      const { port } = new EndingRig();
      const source$ = m.cold<SessionEvent>('-----d', events);
      m.expect(termination(source$, port, defaults), '^--!').toBeObservable('----');
      m.expect(source$).toHaveSubscriptions('^--!');
      m.flush();
      expect([port.sent, port.closings]).toEqual([[], []]);
    }),
  );

  test(
    'fromWebSocket and fromPeerConnection are its sources as they are',
    marbles((m) => {
      const socket = new FakeWebSocket('wss://sora.test/signaling');
      const { port } = new EndingRig();
      port.socket = 'open';
      m.cold('5ms x').subscribe(() => socket.remote.fail(1006));
      m.expect(termination(fromWebSocket(socket), port, defaults)).toBeObservable('5ms (t|)', {
        t: ended({ kind: 'websocket-error', close: { code: 1006, reason: '' } }),
      });
      m.flush();
      expect(socket.listenerCount).toBe(0);
    }),
  );

  endingTest('an error before its close is websocket-error, with the code of the close (T04)', {
    when: { webSocket: 'b' },
    values: { b: ['ws.error', 'ws.close 1006'] },
    then: '(t|)',
    termination: { kind: 'websocket-error', close: { code: 1006, reason: '' } },
  });

  endingTest('a close before its error, as no browser fires them, is websocket-closed (T03)', {
    when: { webSocket: 'b' },
    values: { b: ['ws.close 1006', 'ws.error'] },
    then: '(t|)',
    termination: { kind: 'websocket-closed', code: 1006, trailing: [] },
  });

  for (const [first, second, kind] of [
    ['disconnect', 'ws.close 1000', 'client-disconnect'],
    ['ws.close 1000', 'disconnect', 'server-close'],
    ['rx.invalid', 'internal', 'signaling-invalid'],
    ['internal', 'rx.invalid', 'internal-error'],
    ['rx.close 1000', 'ws.close 4490', 'server-close'],
    ['ws.error', 'pc failed', 'websocket-error'],
    ['pc failed', 'ws.error', 'peer-connection-failed'],
  ] as const) {
    endingTest(`tie by synchronous code: ${first}, then ${second} (Q01)`, {
      config: { disconnectPolicy: 'immediate' },
      when: { application: 'b' },
      values: { b: [first, second] },
      then: '(t|)',
      termination: { kind, trailing: first === 'ws.error' ? [expect.anything()] : [] },
      sent: first === 'disconnect' ? ['0 websocket NO-ERROR'] : first === 'internal' ? ['0 websocket INTERNAL-ERROR'] : [],
    });
  }

  test('an event and a timer of the same instant: the event wins (Q46)', () => {
    const connected = run({ setup: { start: 'negotiating' }, happenings: [{ at: 60_000, words: 'pc connected' }] });
    expect(connected.values).toEqual([]);
    const acknowledged = run({
      setup: {},
      happenings: [
        { at: 0, words: 'disconnect' },
        { at: 3000, words: 'ws.close 1000' },
      ],
    });
    expect(acknowledged.values).toEqual([ended({ outcome: 'acknowledged', emittedAt: 3000 })]);
    const recovered = run({
      setup: { connectionState: false },
      happenings: [
        { at: 0, words: 'ice disconnected' },
        { at: 10_000, words: 'ice connected' },
      ],
    });
    expect(recovered.values).toEqual([]);
    const explained = run({
      setup: { mode: 'M' },
      happenings: [
        { at: 0, words: 'dc.close stats' },
        { at: 500, words: 'ws.close 1000' },
      ],
    });
    expect(explained.values).toEqual([ended({ kind: 'server-close', after: 'datachannel-closed' })]);
  });

  test('an observer that disconnects inside next changes nothing (J05, P21)', () => {
    const rig = new EndingRig();
    const seen: string[] = [];
    runInVirtualTime(
      [],
      10_000,
      () => {
        termination(rig.event$, rig.port, rig.config).subscribe({
          next: ({ kind }) => {
            seen.push(kind);
            rig.does('disconnect');
          },
          complete: () => seen.push('complete'),
        });
        rig.begin();
        rig.does('ws.close 1000');
      },
      () => undefined,
    );
    expect(seen).toEqual(['server-close', 'complete']);
    expect([rig.port.sent, rig.port.closings]).toEqual([[], [0]]);
  });

  test('an input from inside the port does not get in between (P21)', () => {
    const rig = new EndingRig({ mode: 'M', start: 'switched' });
    const values: Termination[] = [];
    runInVirtualTime(
      [],
      10_000,
      () => {
        termination(rig.event$, rig.port, rig.config).subscribe((value) => values.push(value));
        rig.begin();
        const send = rig.port.send.bind(rig.port);
        rig.port.send = (via, message) => {
          rig.does('pc failed');
          return send(via, message);
        };
        rig.does('internal');
      },
      () => undefined,
    );
    expect(values).toEqual([ended({ kind: 'internal-error', sent: { reason: 'INTERNAL-ERROR', via: 'datachannel', ok: true } })]);
  });

  test('a Subject that is shared by two terminations serves both', () => {
    const shared = new Subject<SessionEvent>();
    const kinds: string[] = [];
    for (const { port } of [new EndingRig(), new EndingRig()])
      termination(shared, port, defaults).subscribe(({ kind }) => kinds.push(kind));
    shared.next(events['p']!);
    expect(kinds).toEqual(['client-disconnect', 'client-disconnect']);
  });
});
