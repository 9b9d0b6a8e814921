import { EMPTY, type Observable, Subject, defer, map, of, startWith, switchMap, takeUntil, takeWhile, tap, throwError, timer } from 'rxjs';
import { describe, expect, test } from 'vitest';
import type { CallStep } from '../../src/reconnect/call-step.ts';
import type { ReconnectPolicy } from '../../src/reconnect/policy.ts';
import { reconnect } from '../../src/reconnect/reconnect.ts';
import { SoraOptionsError } from '../../src/session/options-error.ts';
import type { Session } from '../../src/session/session.ts';
import type { Termination } from '../../src/termination/reason.ts';
import { createFakePlatform } from '../../src/testing/fake-platform.ts';
import { marbles } from '../support/marbles.ts';
import { type MockConnect, byClient, ended, lost, mockConnect, refused, stepWords, unreachable } from '../support/mock-calls.ts';
import { oneOfEach } from '../support/terminations.ts';

/** Waits that can be read: half of every range. */
const half: ReconnectPolicy = { random: () => 0.5, page: null };

/** The steps of a call in words. */
const steps = ({ session$ }: Pick<MockConnect, 'session$'>, policy: ReconnectPolicy = {}): Observable<string> =>
  session$.pipe(reconnect({ ...half, ...policy }), map(stepWords));

describe('a call that comes back', () => {
  test(
    'after a lost network: a second and a bit, then ranges that double, and anew once it was connected',
    marbles((m) => {
      const source = mockConnect(
        { ms: 100, end: lost() },
        { ms: 10, end: unreachable() },
        { ms: 10, end: unreachable() },
        { ms: 100, end: lost() },
        { ms: 50, end: byClient('api') },
      );
      m.expect(steps(source)).toBeObservable('a 99ms b 1249ms c 9ms d 499ms e 9ms f 999ms g 99ms h 1249ms i 49ms (j|)', {
        a: 'session 1',
        b: 'backoff 1: 1250',
        c: 'session 1 after websocket-closed',
        d: 'backoff 2: 500',
        e: 'session 2 after websocket-error',
        f: 'backoff 3: 1000',
        g: 'session 3 after websocket-error',
        h: 'backoff 1: 1250',
        i: 'session 1 after websocket-closed',
        j: 'over 1: client-disconnect',
      });
      m.flush();
      expect(source.mostAlive()).toBe(1);
    }),
  );

  test(
    'each attempt has the termination before it, with the id of the connection that is gone',
    marbles((m) => {
      const before = lost({ connectionId: 'GONE' });
      const source = mockConnect({ ms: 10, end: before }, { ms: 10, end: byClient('api') });
      const seen: CallStep[] = [];
      source.session$.pipe(reconnect(half)).subscribe((step) => seen.push(step));
      m.flush();
      const [first, wait, second, over] = seen;
      expect(first).toEqual({ kind: 'session', session: source.made[0], attempt: 1, previous: null });
      expect(wait).toEqual({ kind: 'waiting', attempt: 1, delayMs: 1250, why: 'backoff', previous: before });
      expect(second).toEqual({ kind: 'session', session: source.made[1], attempt: 1, previous: before });
      expect(wait?.kind === 'waiting' && wait.previous).toBe(before);
      expect(over).toEqual({ kind: 'over', termination: byClient('api'), attempts: 1 });
    }),
  );

  test(
    'each subscriber has a call of its own, and may have one again',
    marbles((m) => {
      const source = mockConnect({ ms: 10, end: byClient('api') }, { ms: 20, end: refused }, { ms: 30, end: refused });
      const call$ = steps(source);
      m.expect(call$).toBeObservable('s 9ms (o|)', { s: 'session 1', o: 'over 1: client-disconnect' });
      m.expect(call$).toBeObservable('s 19ms (o|)', { s: 'session 1', o: 'over 1: server-close' });
      m.expect(timer(50).pipe(switchMap(() => call$))).toBeObservable('50ms s 29ms (o|)', { s: 'session 1', o: 'over 1: server-close' });
    }),
  );
});

describe('a call is over, once', () => {
  test.each([
    ['the application disconnects', byClient('api')],
    ['its signal aborts', byClient('abort-signal')],
    ['the server refuses it', refused],
    ['it is kicked', ended({ ...oneOfEach['server-close'], reason: 'DISCONNECTED-API' }, { connectedAt: 1 })],
    ['signaling is not understood', ended(oneOfEach['signaling-invalid'])],
    ['the SDK fails', ended(oneOfEach['internal-error'])],
  ])('where %s', (_, end) => {
    marbles((m) => {
      const source = mockConnect({ ms: 10, end });
      m.expect(source.session$.pipe(reconnect(half))).toBeObservable('s 9ms (o|)', {
        s: { kind: 'session', session: expect.anything() as Session, attempt: 1, previous: null },
        o: { kind: 'over', termination: end, attempts: 1 },
      });
    })();
  });

  test(
    'where the attempts are used up: the number says how many there were',
    marbles((m) => {
      const source = mockConnect(...Array.from({ length: 3 }, () => ({ ms: 10, end: unreachable() })));
      m.expect(steps(source, { maxAttempts: 3, random: () => 0 })).toBeObservable('s 9ms (bt) 6ms (cu) 6ms (o|)', {
        s: 'session 1',
        b: 'backoff 2: 0',
        t: 'session 2 after websocket-error',
        c: 'backoff 3: 0',
        u: 'session 3 after websocket-error',
        o: 'over 3: websocket-error',
      });
    }),
  );

  test(
    'where the budget of time would be over before the next attempt',
    marbles((m) => {
      const source = mockConnect({ ms: 400, end: unreachable() }, { ms: 101, end: unreachable() });
      m.expect(steps(source, { maxElapsedMs: 2000 })).toBeObservable('s 399ms b 499ms t 100ms (o|)', {
        s: 'session 1',
        b: 'backoff 2: 500',
        t: 'session 2 after websocket-error',
        o: 'over 2: websocket-error',
      });
    }),
  );

  test(
    'where the budget of time ends while the network is away: the attempt that was waited for does not count',
    marbles((m) => {
      const source = mockConnect({ ms: 100, end: lost() });
      m.expect(steps(source, { maxElapsedMs: 5000, isOnline: () => false })).toBeObservable('s 99ms w 4999ms (o|)', {
        s: 'session 1',
        w: 'offline 1: 1250',
        o: 'over 1: websocket-closed',
      });
    }),
  );
});

describe('now$', () => {
  const words = {
    s: 'session 1',
    w: 'backoff 1: 1250',
    t: 'session 1 after websocket-closed',
    f: 'offline 1: 1250',
    o: 'over 1: client-disconnect',
  };
  const lives = [
    { ms: 100, end: lost() },
    { ms: 100, end: byClient('api') },
  ];

  test(
    'ends a wait',
    marbles((m) => {
      const now$ = m.hot(' 300ms n');
      m.expect(steps(mockConnect(...lives), { now$ })).toBeObservable('s 99ms w 199ms t 99ms (o|)', words);
    }),
  );

  test(
    'has no effect while there is a session, nor on the wait after it',
    marbles((m) => {
      const now$ = m.hot(' 50ms n 1399ms n');
      m.expect(steps(mockConnect(...lives), { now$ })).toBeObservable('s 99ms w 1249ms t 99ms (o|)', words);
    }),
  );

  test(
    'begins nothing while offline',
    marbles((m) => {
      const { page } = createFakePlatform({ now: () => 0 });
      const now$ = m.hot(' 300ms n');
      let isOnline = false;
      timer(500).subscribe(() => {
        isOnline = true;
        page.fire('online');
      });
      m.expect(steps(mockConnect(...lives), { now$, page, isOnline: () => isOnline })).toBeObservable('s 99ms f 399ms t 99ms (o|)', words);
    }),
  );

  test(
    'that replays its last value shortens no wait with it',
    marbles((m) => {
      m.expect(steps(mockConnect(...lives), { now$: of(1) })).toBeObservable('s 99ms w 1249ms t 99ms (o|)', words);
    }),
  );

  test(
    'is subscribed to once, as long as the call lasts',
    marbles((m) => {
      const now$ = m.hot('-');
      const call$ = steps(mockConnect(...lives), { now$ });
      m.expect(call$).toBeObservable('s 99ms w 1249ms t 99ms (o|)', words);
      m.expect(now$).toHaveSubscriptions('^ 1449ms !');
    }),
  );

  test(
    'that fails is the error of the call, which is left',
    marbles((m) => {
      const source = mockConnect({ end: lost() });
      m.expect(steps(source, { now$: m.hot('---#') })).toBeObservable('s--#', words);
      m.flush();
      expect(source.alive()).toBe(0);
    }),
  );

  test('that fails at once lets nothing begin', () => {
    const source = mockConnect();
    const seen: unknown[] = [];
    steps(source, { now$: throwError(() => new Error('failed')) }).subscribe({ error: (error: unknown) => seen.push(error) });
    expect(seen).toEqual([new Error('failed')]);
    expect(source.made).toEqual([]);
  });
});

describe('page and network', () => {
  const lives = [
    { ms: 100, end: lost() },
    { ms: 100, end: byClient('api') },
  ];
  const words = {
    s: 'session 1',
    w: 'backoff 1: 1250',
    f: 'offline 1: 1250',
    t: 'session 1 after websocket-closed',
    o: 'over 1: client-disconnect',
  };

  test.each(['online', 'pageshow'])('%s ends a wait', (type) => {
    marbles((m) => {
      const { page } = createFakePlatform({ now: () => 0 });
      timer(300).subscribe(() => page.fire(type, { persisted: true }));
      m.expect(steps(mockConnect(...lives), { page })).toBeObservable('s 99ms w 199ms t 99ms (o|)', words);
      m.flush();
      expect(page.listenerCount).toBe(0);
    })();
  });

  test(
    'while offline nothing is tried, however long',
    marbles((m) => {
      const { page } = createFakePlatform({ now: () => 0 });
      let isOnline = true;
      const turn = (now: boolean) => (): void => {
        isOnline = now;
        page.fire(now ? 'online' : 'offline');
      };
      timer(99).subscribe(turn(false));
      timer(200_000).subscribe(turn(true));
      m.expect(steps(mockConnect(...lives), { page, isOnline: () => isOnline })).toBeObservable('s 99ms f 199899ms t 99ms (o|)', words);
    }),
  );

  test(
    'a page in the back-forward cache waits for its return, beyond every budget, and comes back at once',
    marbles((m) => {
      const { page } = createFakePlatform({ now: () => 0 });
      timer(3_600_000).subscribe(() => page.fire('pageshow', { persisted: true }));
      const source = mockConnect({ ms: 100, end: byClient('pagehide') }, { ms: 100, end: byClient('api') });
      m.expect(steps(source, { page })).toBeObservable('s 99ms w 3599899ms t 99ms (o|)', {
        ...words,
        w: 'backoff 1: 0',
        t: 'session 1 after client-disconnect',
      });
    }),
  );

  test(
    'a page that goes away while it connects comes back as well',
    marbles((m) => {
      const { page } = createFakePlatform({ now: () => 0 });
      timer(5000).subscribe(() => page.fire('pageshow', { persisted: true }));
      const source = mockConnect({ ms: 100, end: { ...byClient('pagehide'), connectedAt: null } }, { ms: 100, end: byClient('api') });
      m.expect(steps(source, { page })).toBeObservable('s 99ms w 4899ms t 99ms (o|)', {
        ...words,
        w: 'backoff 2: 0',
        t: 'session 2 after client-disconnect',
        o: 'over 2: client-disconnect',
      });
    }),
  );
});

describe('at-once', () => {
  test(
    'has no wait, once: then the ranges count',
    marbles((m) => {
      const source = mockConnect({ ms: 10, end: refused }, { ms: 10, end: refused }, { ms: 10, end: byClient('api') });
      m.expect(steps(source, { decide: { 'server-close': 'at-once' } })).toBeObservable('s 9ms (bt) 6ms c 999ms u 9ms (o|)', {
        s: 'session 1',
        b: 'backoff 2: 0',
        t: 'session 2 after server-close',
        c: 'backoff 3: 1000',
        u: 'session 3 after server-close',
        o: 'over 3: client-disconnect',
      });
    }),
  );
});

describe('leaving', () => {
  const lives = [{ ms: 100, end: lost() }, { end: lost() }];

  test.each([
    ['while there is a session', 50, 's', 0],
    ['in a wait', 300, 's 99ms w', 0],
    ['in a session that came back', 1400, 's 99ms w 1249ms t', 0],
  ])('%s leaves nothing behind', (_, ms, marble, alive) => {
    marbles((m) => {
      const { page } = createFakePlatform({ now: () => 0 });
      const source = mockConnect(...lives);
      const now$ = m.hot('-');
      m.expect(steps(source, { now$, page }), `^ ${ms - 1}ms !`).toBeObservable(marble, {
        s: 'session 1',
        w: 'backoff 1: 1250',
        t: 'session 1 after websocket-closed',
      });
      m.expect(now$).toHaveSubscriptions(`^ ${ms - 1}ms !`);
      m.flush();
      expect(source.alive()).toBe(alive);
      expect(page.listenerCount).toBe(0);
    })();
  });

  test(
    'offline leaves nothing behind',
    marbles((m) => {
      const { page } = createFakePlatform({ now: () => 0 });
      m.expect(steps(mockConnect(...lives), { page, isOnline: () => false }), '^ 199ms !').toBeObservable('s 99ms f', {
        s: 'session 1',
        f: 'offline 1: 1250',
      });
      m.flush();
      expect(page.listenerCount).toBe(0);
    }),
  );

  test.each([
    ['session', ['session']],
    ['waiting', ['session', 'waiting']],
    ['over', ['session', 'waiting', 'session', 'over']],
  ] as const)('in the receiver of %s is the last that is heard', (kind, kinds) => {
    marbles((m) => {
      const source = mockConnect({ ms: 100, end: lost() }, { ms: 100, end: byClient('api') });
      const seen: string[] = [];
      source.session$
        .pipe(
          reconnect(half),
          tap((step) => seen.push(step.kind)),
          takeWhile((step) => step.kind !== kind),
        )
        .subscribe();
      m.flush();
      expect(seen).toEqual(kinds);
      expect(source.alive()).toBe(0);
    })();
  });
});

describe('a policy that throws', () => {
  const failure = new Error('policy');
  const throws = (): never => {
    throw failure;
  };

  test.each([
    ['decide', { decide: throws }],
    ['a row', { decide: { 'websocket-closed': throws } }],
    ['random', { random: throws }],
    ['isOnline', { isOnline: throws }],
  ] as const)('%s: the call fails when it is asked, and nothing is left', (_, policy) => {
    marbles((m) => {
      const { page } = createFakePlatform({ now: () => 0 });
      const source = mockConnect({ ms: 100, end: lost() });
      const now$ = m.hot('-');
      m.expect(steps(source, { ...policy, now$, page })).toBeObservable('s 99ms #', { s: 'session 1' }, failure);
      m.expect(now$).toHaveSubscriptions('^ 99ms !');
      m.flush();
      expect(page.listenerCount).toBe(0);
      expect(source.alive()).toBe(0);
    })();
  });

  test('a wrong policy is an error before anything begins', () => {
    const source = mockConnect();
    const errors: unknown[] = [];
    source.session$.pipe(reconnect({ maxAttempts: 0 })).subscribe({ error: (error: unknown) => errors.push(error) });
    expect(errors).toEqual([new SoraOptionsError('maxAttempts', 'must be an integer from 1 to 9007199254740991')]);
    expect(source.made).toEqual([]);
  });
});

describe('sources', () => {
  test(
    'one that completes at once completes the call without a step',
    marbles((m) => {
      m.expect(steps({ session$: EMPTY })).toBeObservable('|');
    }),
  );

  test(
    'one that has no session for another attempt ends the call with the last termination',
    marbles((m) => {
      const source = mockConnect({ ms: 100, end: lost() });
      const session$ = defer(() => (source.made.length === 0 ? source.session$ : EMPTY));
      m.expect(steps({ session$ })).toBeObservable('s 99ms w 1249ms (o|)', {
        s: 'session 1',
        w: 'backoff 1: 1250',
        o: 'over 1: websocket-closed',
      });
    }),
  );

  test(
    'one that fails is the error of the call',
    marbles((m) => {
      const failure = new SoraOptionsError('channelId', 'is required');
      m.expect(steps({ session$: throwError(() => failure) })).toBeObservable('#', undefined, failure);
      const source = mockConnect({ ms: 100, end: lost() });
      const session$ = defer(() => (source.made.length === 0 ? source.session$ : throwError(() => failure)));
      m.expect(steps({ session$ })).toBeObservable('s 99ms w 1249ms #', { s: 'session 1', w: 'backoff 1: 1250' }, failure);
    }),
  );

  test(
    'a session that is over at once is followed like any other',
    marbles((m) => {
      const dead = { termination$: of(unreachable()) } as Session;
      const sources = [of(dead), of(dead), of({ termination$: of(refused) } as Session)];
      const session$ = defer(() => sources.shift() ?? EMPTY);
      m.expect(steps({ session$ })).toBeObservable('(sb) 496ms (tc) 996ms (uo|)', {
        s: 'session 1',
        b: 'backoff 2: 500',
        t: 'session 2 after websocket-error',
        c: 'backoff 3: 1000',
        u: 'session 3 after websocket-error',
        o: 'over 3: server-close',
      });
    }),
  );

  test(
    'one that completes before its session ends is not taken for the end',
    marbles((m) => {
      const session = { termination$: timer(100).pipe(map(() => byClient('api'))) } as Session;
      m.expect(steps({ session$: of(session) })).toBeObservable('s 99ms (o|)', { s: 'session 1', o: 'over 1: client-disconnect' });
    }),
  );

  test(
    'one that never completes, as a camera, is subscribed to anew all the same',
    marbles((m) => {
      const source = mockConnect({ ms: 100, end: lost() }, { ms: 100, end: byClient('api') });
      const camera$ = m.cold('c');
      m.expect(steps({ session$: camera$.pipe(switchMap(() => source.session$)) })).toBeObservable('s 99ms w 1249ms t 99ms (o|)', {
        s: 'session 1',
        w: 'backoff 1: 1250',
        t: 'session 1 after websocket-closed',
        o: 'over 1: client-disconnect',
      });
      m.expect(camera$).toHaveSubscriptions(['^ 99ms !', '1350ms ^ 99ms !']);
    }),
  );

  test(
    'one that takes its session back for another one begins anew',
    marbles((m) => {
      const source = mockConnect({ ms: 10, end: unreachable() }, { end: lost() }, { ms: 100, end: lost() }, { end: lost() });
      const options$ = m.hot('600ms o').pipe(startWith('first'));
      const session$ = options$.pipe(switchMap(() => source.session$));
      m.expect(steps({ session$ }), '^ 2000ms !').toBeObservable('s 9ms b 499ms t 89ms u 99ms w 1249ms v', {
        s: 'session 1',
        b: 'backoff 2: 500',
        t: 'session 2 after websocket-error',
        u: 'session 1 after client-disconnect',
        w: 'backoff 1: 1250',
        v: 'session 1 after websocket-closed',
      });
    }),
  );

  test(
    'one that takes its session back for good ends the call',
    marbles((m) => {
      const source = mockConnect({ ms: 10, end: unreachable() }, { end: lost() });
      const session$ = source.session$.pipe(takeUntil(timer(100)));
      m.expect(steps({ session$ })).toBeObservable('s 9ms b 499ms t 99ms (o|)', {
        s: 'session 1',
        b: 'backoff 2: 500',
        t: 'session 2 after websocket-error',
        o: 'over 2: client-disconnect',
      });
    }),
  );

  test('a session is over for everybody before the call goes on', () => {
    const terminationSubject = new Subject<Termination>();
    const order: string[] = [];
    const session = { termination$: terminationSubject.asObservable() } as Session;
    of(session)
      .pipe(reconnect(half))
      .subscribe((step) => order.push(step.kind));
    terminationSubject.subscribe(() => order.push('a late subscriber'));
    terminationSubject.next(refused);
    terminationSubject.complete();
    expect(order).toEqual(['session', 'a late subscriber', 'over']);
  });
});
