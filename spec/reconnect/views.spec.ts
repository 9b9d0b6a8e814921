import {
  EMPTY,
  NEVER,
  type Observable,
  finalize,
  ignoreElements,
  map,
  merge,
  of,
  share,
  switchMap,
  takeUntil,
  throwError,
  timer,
} from 'rxjs';
import { describe, expect, test } from 'vitest';
import { terminations } from '../../src/outcomes/terminations.ts';
import type { CallStep } from '../../src/reconnect/call-step.ts';
import { reconnect } from '../../src/reconnect/reconnect.ts';
import { currentSession, fromCurrent, sessions } from '../../src/reconnect/views.ts';
import { roster } from '../../src/roster/roster.ts';
import type { Session } from '../../src/session/session.ts';
import { CallRig } from '../support/call-rig.ts';
import { marbles } from '../support/marbles.ts';
import { type MockConnect, byClient, lost, mockConnect, unreachable } from '../support/mock-calls.ts';
import { notifyMessage } from '../support/notify-session.ts';
import { nothingLeft } from '../support/nothing-left.ts';
import { useVirtualTime } from '../support/session-rig.ts';

const callOf = ({ session$ }: MockConnect): Observable<CallStep> => session$.pipe(reconnect({ random: () => 0.5, page: null }));
/** Two sessions with a wait between them, and the end. */
const twice = (): MockConnect => mockConnect({ ms: 100, end: lost() }, { ms: 100, end: byClient('api') });
const named =
  ({ made }: MockConnect) =>
  (session: Session | null): string =>
    session === null ? 'none' : `session ${made.indexOf(session) + 1}`;
const names = { s: 'session 1', t: 'session 2', n: 'none' };

describe('sessions()', () => {
  test(
    'gives every session of a call, and ends with it',
    marbles((m) => {
      const source = twice();
      m.expect(callOf(source).pipe(sessions(), map(named(source)))).toBeObservable('s 1349ms t 99ms |', names);
    }),
  );
});

describe('currentSession()', () => {
  test(
    'gives the session that stands, or null, each change once',
    marbles((m) => {
      const source = mockConnect({ ms: 10, end: unreachable() }, { ms: 100, end: lost() }, { ms: 100, end: byClient('api') });
      const current$ = callOf(source).pipe(currentSession(), map(named(source)));
      m.expect(current$).toBeObservable('s 9ms n 499ms t 99ms n 1249ms u 99ms (n|)', { ...names, u: 'session 3' });
    }),
  );

  test(
    'begins with null where the first session is yet to come',
    marbles((m) => {
      const source = twice();
      const call$ = timer(50).pipe(switchMap(() => callOf(source)));
      m.expect(call$.pipe(currentSession(), map(named(source))), '^ 100ms !').toBeObservable('n 49ms s', names);
    }),
  );

  test(
    'late subscribers get what stands now, in a session, in a wait and after the end; the call is one for all',
    marbles((m) => {
      const source = twice();
      const current$ = callOf(source).pipe(currentSession(), map(named(source)));
      m.expect(current$).toBeObservable('s 99ms n 1249ms t 99ms (n|)', names);
      m.expect(current$, '50ms ^').toBeObservable('50ms s 49ms n 1249ms t 99ms (n|)', names);
      m.expect(current$, '500ms ^').toBeObservable('500ms n 849ms t 99ms (n|)', names);
      m.expect(current$, '5000ms ^').toBeObservable('5000ms (n|)', names);
      m.flush();
      expect(source.made).toHaveLength(2);
    }),
  );

  test(
    'the call is left with the last subscriber, and begun anew by the next',
    marbles((m) => {
      const source = mockConnect({ end: lost() }, { end: lost() });
      const current$ = callOf(source).pipe(currentSession(), map(named(source)));
      m.expect(current$, '^-----!').toBeObservable('s', names);
      m.expect(current$, '---^-----!').toBeObservable('---s', names);
      m.expect(current$, '20ms ^-----!').toBeObservable('20ms t', names);
      m.flush();
      expect([source.made.length, source.alive()]).toEqual([2, 0]);
    }),
  );

  test(
    'null in the source, where the user is in no call, is no session',
    marbles((m) => {
      const source = mockConnect({ end: lost() }, { end: lost() });
      const room$ = m.hot('--r 99ms l 99ms r');
      const call$ = room$.pipe(switchMap((room) => (room === 'l' ? of(null) : callOf(source))));
      m.expect(call$.pipe(currentSession(), map(named(source))), '^ 300ms !').toBeObservable('n-s 99ms n 99ms t', names);
      m.flush();
      expect(source.alive()).toBe(0);
    }),
  );

  test(
    'fails with the call',
    marbles((m) => {
      m.expect(throwError(() => new Error('options')).pipe(currentSession())).toBeObservable('#', undefined, new Error('options'));
    }),
  );
});

describe('fromCurrent()', () => {
  /** What a session counts, from 1 on. */
  const counting = () => (): Observable<number> => timer(30, 30).pipe(map((index) => index + 1));
  const numbers = { 1: 1, 2: 2, 3: 3, n: -1 };

  test(
    'follows the session that stands, and gives `without` while there is none',
    marbles((m) => {
      const values$ = callOf(twice()).pipe(fromCurrent(counting(), -1));
      m.expect(values$).toBeObservable('30ms 1 29ms 2 29ms 3 9ms n 1279ms 1 29ms 2 29ms 3 9ms (n|)', numbers);
    }),
  );

  test(
    'without `without` there is nothing in between',
    marbles((m) => {
      m.expect(callOf(twice()).pipe(fromCurrent(counting()))).toBeObservable('30ms 1 29ms 2 29ms 3 1289ms 1 29ms 2 29ms 3 9ms |', numbers);
    }),
  );

  test(
    'several waits in a row are one change',
    marbles((m) => {
      const source = mockConnect({ ms: 10, end: unreachable() }, { ms: 10, end: lost() }, { ms: 10, end: byClient('api') });
      m.expect(callOf(source).pipe(fromCurrent(() => NEVER, 'n'))).toBeObservable('10ms n 509ms n 1259ms (n|)');
    }),
  );

  test(
    '`without` may be undefined, and comes first where the first session is yet to come',
    marbles((m) => {
      const call$ = timer(50).pipe(switchMap(() => callOf(twice())));
      m.expect(call$.pipe(fromCurrent(() => of('x'), undefined)), '^ 60ms !').toBeObservable('u 49ms x', { u: undefined, x: 'x' });
      m.expect(EMPTY.pipe(fromCurrent(() => of('x'), 'w'))).toBeObservable('(w|)');
    }),
  );

  test(
    'works on currentSession(), so that many views share one call, whenever they begin',
    marbles((m) => {
      const source = twice();
      const current$ = callOf(source).pipe(currentSession());
      m.expect(current$.pipe(fromCurrent(counting(), -1))).toBeObservable(
        '30ms 1 29ms 2 29ms 3 9ms n 1279ms 1 29ms 2 29ms 3 9ms (n|)',
        numbers,
      );
      m.expect(current$.pipe(fromCurrent(counting(), -1)), '55ms ^').toBeObservable(
        '85ms 1 14ms n 1279ms 1 29ms 2 29ms 3 9ms (n|)',
        numbers,
      );
      m.expect(current$.pipe(fromCurrent(counting(), -1)), '500ms ^').toBeObservable('500ms n 879ms 1 29ms 2 29ms 3 9ms (n|)', numbers);
      m.flush();
      expect(source.made).toHaveLength(2);
    }),
  );

  test(
    'no termination is lost, also for a view that came late',
    marbles((m) => {
      const current$ = callOf(twice()).pipe(currentSession());
      const kinds$ = current$.pipe(
        fromCurrent((session) => session.termination$),
        map(({ kind }) => kind),
      );
      const kinds = { l: 'websocket-closed', c: 'client-disconnect' } as const;
      m.expect(current$.pipe(ignoreElements())).toBeObservable('1450ms |');
      m.expect(kinds$, '50ms ^').toBeObservable('100ms l 1349ms (c|)', kinds);
    }),
  );

  test(
    'leaves the stream of a session that has ended, and of the last one when it is left',
    marbles((m) => {
      const left: string[] = [];
      const values$ = callOf(twice()).pipe(fromCurrent(() => NEVER.pipe(finalize(() => left.push('left')))));
      m.expect(values$, '^ 1399ms !').toBeObservable('');
      m.flush();
      expect(left).toEqual(['left', 'left']);
    }),
  );
});

describe('terminations()', () => {
  test(
    'of a call: the end of every session, once',
    marbles((m) => {
      const kinds$ = callOf(twice()).pipe(
        terminations(),
        map(({ kind }) => kind),
      );
      m.expect(kinds$).toBeObservable('100ms l 1349ms (c|)', { l: 'websocket-closed', c: 'client-disconnect' } as const);
    }),
  );

  test(
    'of a call that is left: also the end that leaving causes',
    marbles((m) => {
      const call$ = callOf(mockConnect({ end: lost() })).pipe(takeUntil(timer(100)));
      const triggers$ = call$.pipe(
        terminations(),
        map((termination) => (termination.kind === 'client-disconnect' ? termination.trigger : '')),
      );
      m.expect(triggers$).toBeObservable('100ms (u|)', { u: 'unsubscribe' } as const);
    }),
  );

  test(
    'of a call that is left in a wait: nothing more',
    marbles((m) => {
      const call$ = callOf(twice()).pipe(takeUntil(timer(500)));
      const kinds$ = call$.pipe(
        terminations(),
        map(({ kind }) => kind),
      );
      m.expect(kinds$).toBeObservable('100ms l 399ms |', { l: 'websocket-closed' } as const);
    }),
  );
});

describe('views of real sessions', () => {
  useVirtualTime();

  test('a roster loses nobody and doubles nobody, and is empty between the sessions', () => {
    const rig = new CallRig();
    const call$ = rig.call$.pipe(share());
    const seen: string[] = [];
    call$
      .pipe(
        fromCurrent(
          (session) => roster(session).pipe(map(({ members }) => members.map(({ connectionId }) => connectionId).join())),
          'none',
        ),
      )
      .subscribe((now) => seen.push(now));
    const created = (id: string, members: object = {}): object => notifyMessage('connection.created', { connection_id: id, ...members });
    const comes = (own: string, ...others: readonly string[]): void => {
      rig.sora.send(created(own, { data: others.map((id) => ({ connection_id: id })) }));
    };
    rig.begin('connected', call$);
    comes('ME', 'ALICE');
    rig.sora.send(created('BOB'));
    rig.lose().pass(1250).reach('connected');
    comes('ME 2', 'BOB');
    rig.subscription.unsubscribe();
    expect(seen).toEqual(['', 'ALICE,ME', 'ALICE,ME,BOB', 'none', '', 'BOB,ME 2']);
  });

  test('events of a session are there from its beginning, for every view that shares the call', () => {
    const rig = new CallRig();
    const current$ = rig.call$.pipe(currentSession());
    const seen = [0, 1].map(() => {
      const states: string[] = [];
      current$.pipe(fromCurrent(({ state$ }) => state$, 'none')).subscribe((state) => states.push(state));
      return states;
    });
    let offers = 0;
    current$.pipe(fromCurrent(({ offer$ }) => offer$)).subscribe(() => (offers += 1));
    rig.reach('connected').lose().pass(1250).reach('connected');
    const life = ['opening', 'signaling', 'negotiating', 'connected'];
    const both = [...life, 'ending', 'ended', 'none', 'idle', ...life];
    // The first view begins the call, which is under way for the second.
    expect(seen).toEqual([['idle', ...both], both]);
    expect(offers).toBe(2);
  });

  test('the views hold the call: it is left with the last of them', () => {
    const rig = new CallRig();
    const current$ = rig.call$.pipe(currentSession());
    const views = merge(
      current$.pipe(fromCurrent(({ state$ }) => state$)),
      current$.pipe(fromCurrent(({ notify$ }) => notify$)),
    ).subscribe();
    const holding = current$.subscribe();
    rig.reach('connected');
    holding.unsubscribe();
    expect(rig.fake.leaks().sockets).toBe(1);
    views.unsubscribe();
    nothingLeft(rig);
  });
});
