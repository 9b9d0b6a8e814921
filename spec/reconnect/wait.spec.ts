import { NEVER, type Observable, Subject, timer } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { type ReconnectPolicy, resolvePolicy } from '../../src/reconnect/policy.ts';
import { type WaitLimits, type WaitState, wait } from '../../src/reconnect/wait.ts';
import type { FakeEventTarget } from '../../src/testing/fake-event-target.ts';
import { createFakePlatform } from '../../src/testing/fake-platform.ts';
import { marbles } from '../support/marbles.ts';

const values = { b: 'backoff', o: 'offline', x: 'exhausted' } as const;

interface Network {
  readonly page: FakeEventTarget;
  isOnline: boolean;
  /** Goes offline or online, as browsers do: the state first, then the event. */
  turn(isOnline: boolean): void;
}

function network(isOnline = true): Network {
  const { page } = createFakePlatform({ now: () => 0 });
  return {
    page,
    isOnline,
    turn(now) {
      this.isOnline = now;
      page.fire(now ? 'online' : 'offline');
    },
  };
}

const waiting = (
  limits: Partial<WaitLimits>,
  on: Network,
  now$: Observable<unknown> = NEVER,
  policy: ReconnectPolicy = {},
): Observable<WaitState> =>
  wait({ dueMs: 20, leftMs: 1000, ...limits }, now$, resolvePolicy({ page: on.page, isOnline: () => on.isOnline, ...policy }));

/** Does something at a time. */
const at = (ms: number, act: () => void): void => {
  timer(ms).subscribe(act);
};

describe('wait()', () => {
  test(
    'is over when the attempt is due',
    marbles((m) => {
      m.expect(waiting({}, network())).toBeObservable('b 19ms |', values);
    }),
  );

  test(
    'an attempt that is due at once is made in a task of its own',
    marbles((m) => {
      const seen: string[] = [];
      waiting({ dueMs: 0 }, network()).subscribe({ next: (state) => seen.push(state), complete: () => seen.push('complete') });
      expect(seen).toEqual(['backoff']);
      m.expect(waiting({ dueMs: 0 }, network())).toBeObservable('(b|)', values);
    }),
  );

  test(
    'now$ ends it',
    marbles((m) => {
      m.expect(waiting({}, network(), m.hot('-----n-n', {}))).toBeObservable('b----|', values);
    }),
  );

  test('a command that the receiver of the state gives ends it', () => {
    const nowSubject = new Subject<void>();
    const states: (WaitState | 'complete')[] = [];
    waiting({}, network(), nowSubject).subscribe({
      next: (state) => {
        states.push(state);
        nowSubject.next();
      },
      complete: () => states.push('complete'),
    });
    expect(states).toEqual(['backoff', 'complete']);
  });

  test(
    'online ends it',
    marbles((m) => {
      const on = network();
      at(7, () => on.turn(true));
      m.expect(waiting({}, on)).toBeObservable('b------|', values);
    }),
  );

  test(
    'the return from the back-forward cache ends it, the first pageshow of a page does not',
    marbles((m) => {
      const on = network();
      at(3, () => on.page.fire('pageshow', { persisted: false }));
      at(7, () => on.page.fire('pageshow', { persisted: true }));
      m.expect(waiting({}, on)).toBeObservable('b------|', values);
    }),
  );

  test(
    'without a due time it is over with an event only',
    marbles((m) => {
      const on = network();
      at(100_000, () => on.page.fire('pageshow', { persisted: true }));
      m.expect(waiting({ dueMs: null, leftMs: null }, on)).toBeObservable('b 99999ms |', values);
    }),
  );

  test(
    'offline from the beginning: nothing is tried until online, which begins at once',
    marbles((m) => {
      const on = network(false);
      at(50, () => on.turn(true));
      m.expect(waiting({}, on)).toBeObservable('o 49ms |', values);
    }),
  );

  test(
    'offline in the middle shows at once, and online before the attempt was due begins it',
    marbles((m) => {
      const on = network();
      at(5, () => on.turn(false));
      at(9, () => on.turn(true));
      m.expect(waiting({}, on)).toBeObservable('b----o---|', values);
    }),
  );

  test(
    'offline without an event is noticed when the attempt is due',
    marbles((m) => {
      const on = network();
      at(5, () => (on.isOnline = false));
      at(30, () => on.turn(true));
      m.expect(waiting({}, on)).toBeObservable('b 19ms o 9ms |', values);
    }),
  );

  test(
    'while offline neither now$ nor a return of the page begins an attempt',
    marbles((m) => {
      const on = network();
      at(2, () => on.turn(false));
      at(4, () => on.page.fire('pageshow', { persisted: true }));
      at(9, () => on.turn(true));
      m.expect(waiting({}, on, m.hot('---n-n', {}))).toBeObservable('b-o------|', values);
    }),
  );

  test(
    'now$ asks anew whether the network is there, where no event says so',
    marbles((m) => {
      const on = network(false);
      at(30, () => (on.isOnline = true));
      m.expect(waiting({}, on, m.hot('-n 48ms n', {}))).toBeObservable('o 49ms |', values);
    }),
  );

  test(
    'offline and online again with every attempt: each change once',
    marbles((m) => {
      const on = network(false);
      at(3, () => on.page.fire('offline'));
      at(5, () => on.page.fire('online'));
      at(6, () => on.page.fire('offline'));
      at(8, () => on.turn(true));
      m.expect(waiting({}, on)).toBeObservable('o-------|', values);
    }),
  );

  test(
    'the budget of time ends it while offline',
    marbles((m) => {
      const on = network(false);
      at(60, () => on.turn(true));
      m.expect(waiting({ leftMs: 50 }, on)).toBeObservable('o 49ms (x|)', values);
    }),
  );

  test(
    'an attempt that is due with the end of the budget is made',
    marbles((m) => {
      m.expect(waiting({ dueMs: 20, leftMs: 20 }, network())).toBeObservable('b 19ms |', values);
    }),
  );

  test(
    'without a page only time and now$ count',
    marbles((m) => {
      m.expect(waiting({}, network(), NEVER, { page: null })).toBeObservable('b 19ms |', values);
      m.expect(waiting({}, network(), m.hot('---n'), { page: null })).toBeObservable('b--|', values);
    }),
  );

  test(
    'listens to the page only as long as it lasts',
    marbles((m) => {
      const counts: number[] = [];
      const [finished, left] = [network(), network()];
      m.expect(waiting({}, finished)).toBeObservable('b 19ms |', values);
      m.expect(waiting({}, left), '^----!').toBeObservable('b-----', values);
      at(4, () => counts.push(finished.page.listenerCount, left.page.listenerCount));
      at(30, () => counts.push(finished.page.listenerCount, left.page.listenerCount));
      m.flush();
      expect(counts).toEqual([3, 3, 0, 0]);
    }),
  );

  test(
    'what isOnline throws is the error of the call',
    marbles((m) => {
      const isOnline = (): boolean => {
        throw new Error('no idea');
      };
      m.expect(waiting({}, network(), NEVER, { isOnline })).toBeObservable('#', values, new Error('no idea'));
    }),
  );
});
