import { EMPTY, NEVER, Subject, from, map, of, race, timer } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { type Cause, entrant, onStep } from '../../../src/termination/rules/rule.ts';
import type { Step } from '../../../src/termination/steps.ts';
import { marbles } from '../../support/marbles.ts';
import { stepWith } from '../../support/steps.ts';

const causes: Readonly<Record<string, Cause>> = {
  a: { kind: 'websocket-error' },
  b: { kind: 'ice-failed' },
  c: { kind: 'peer-connection-failed' },
};
const defect = (name: string, message: string): Cause => ({ kind: 'internal-error', where: 'termination', name, message });

describe('entrant', () => {
  test(
    'emits the first cause and completes with it; the source is let go in that frame',
    marbles((m) => {
      const source = m.cold('--a-b-|', causes);
      m.expect(entrant(source)).toBeObservable('--(a|)', causes);
      m.expect(source).toHaveSubscriptions('^-!');
    }),
  );

  test(
    'never',
    marbles((m) => {
      const source = m.cold('-', causes);
      m.expect(entrant(source)).toBeObservable('-');
      m.expect(source).toHaveSubscriptions('^');
    }),
  );

  test(
    'outlives a source that completes in silence',
    marbles((m) => {
      const source = m.cold('--|', causes);
      m.expect(entrant(source)).toBeObservable('-');
      m.expect(source).toHaveSubscriptions('^-!');
    }),
  );

  test(
    'errors are not carriers: a rule that fails says so as a cause',
    marbles((m) => {
      const source = m.cold('--#', causes, new RangeError('out of range'));
      m.expect(entrant(source)).toBeObservable('--(d|)', { d: defect('RangeError', 'out of range') });
      m.expect(source).toHaveSubscriptions('^-!');
    }),
  );

  test(
    'what is thrown need not be an Error',
    marbles((m) => {
      m.expect(entrant(m.cold('#', causes, 'a word'))).toBeObservable('(d|)', { d: defect('Error', 'a word') });
    }),
  );

  test(
    'an error after the first cause is not seen',
    marbles((m) => {
      m.expect(entrant(m.cold('-a-#', causes))).toBeObservable('-(a|)', causes);
    }),
  );

  test(
    'early unsubscribe lets the source go',
    marbles((m) => {
      const source = m.cold('----a', causes);
      m.expect(entrant(source), '^-!').toBeObservable('---');
      m.expect(source).toHaveSubscriptions('^-!');
    }),
  );

  test('a source that emits several causes in one go is taken at its first', () => {
    const seen: unknown[] = [];
    entrant(from([causes['a']!, causes['b']!])).subscribe({ next: ({ kind }) => seen.push(kind), complete: () => seen.push('complete') });
    expect(seen).toEqual(['websocket-error', 'complete']);
  });
});

describe('a race of entrants', () => {
  test(
    'a rule whose source completes first does not end the contest',
    marbles((m) => {
      m.expect(race(entrant(EMPTY), entrant(m.cold('---a', causes)))).toBeObservable('---(a|)', causes);
    }),
  );

  test(
    'the first to speak wins, the others are unsubscribed in that frame',
    marbles((m) => {
      const slow = m.cold('-----a', causes);
      const fast = m.cold('---b', causes);
      m.expect(race(entrant(slow), entrant(fast))).toBeObservable('---(b|)', causes);
      m.expect(slow).toHaveSubscriptions('^--!');
      m.expect(fast).toHaveSubscriptions('^--!');
    }),
  );

  test(
    'a winner does not go on: race would mirror its second value',
    marbles((m) => {
      const twice = m.cold('-ab', causes);
      m.expect(race(entrant(twice), entrant(NEVER))).toBeObservable('-(a|)', causes);
      m.expect(race(twice, NEVER)).toBeObservable('-ab', causes);
    }),
  );

  test(
    'a failing rule that is later than another cause does not matter',
    marbles((m) => {
      m.expect(race(entrant(m.cold('--#', causes)), entrant(m.cold('-a', causes)))).toBeObservable('-(a|)', causes);
    }),
  );

  test('sync sources: of two that speak at once only one is heard, and only once', () => {
    const kinds: string[] = [];
    race(entrant(of(causes['a']!)), entrant(of(causes['b']!))).subscribe(({ kind }) => kinds.push(kind));
    race(entrant(of(causes['b']!)), entrant(of(causes['a']!))).subscribe(({ kind }) => kinds.push(kind));
    expect(kinds).toEqual(['websocket-error', 'ice-failed']);
  });

  test('a tie by synchronous code: the one that was spoken first wins, in either order of the arguments', () => {
    const said = (first: 'a' | 'b', swapped: boolean): string[] => {
      const [a, b] = [new Subject<Cause>(), new Subject<Cause>()];
      const entrants = [entrant(a), entrant(b)];
      const kinds: string[] = [];
      race(swapped ? entrants.reverse() : entrants).subscribe(({ kind }) => kinds.push(kind));
      const speak = { a: () => a.next(causes['a']!), b: () => b.next(causes['b']!) };
      speak[first]();
      speak[first === 'a' ? 'b' : 'a']();
      expect([a.observed, b.observed]).toEqual([false, false]);
      return kinds;
    };
    expect([said('a', false), said('a', true)]).toEqual([['websocket-error'], ['websocket-error']]);
    expect([said('b', false), said('b', true)]).toEqual([['ice-failed'], ['ice-failed']]);
  });

  test('race keeps one also when the winner speaks again from inside its own verdict', () => {
    const subject = new Subject<Cause>();
    const kinds: string[] = [];
    race(entrant(subject), entrant(NEVER)).subscribe(({ kind }) => {
      kinds.push(kind);
      subject.next(causes['b']!);
    });
    subject.next(causes['a']!);
    expect(kinds).toEqual(['websocket-error']);
  });

  test(
    'timers late: a timer that is due after the verdict never fires into it',
    marbles((m) => {
      const late$ = timer(5).pipe(map(() => causes['b']!));
      m.expect(race(entrant(m.cold('-a', causes)), entrant(late$))).toBeObservable('-(a|)', causes);
    }),
  );
});

describe('onStep', () => {
  test(
    'speaks on every step that has an answer, and ends as its source does',
    marbles((m) => {
      const steps = { p: stepWith({ source: 'invalid', event: 'parse' }), s: stepWith({ source: 'invalid', event: 'schema' }) };
      const source = m.cold<Step>('-ps|', steps);
      const rule$ = onStep(source, ({ input }) => (input.event === 'schema' ? { kind: 'signaling-invalid', what: 'schema' } : null));
      m.expect(rule$).toBeObservable('--a|', { a: { kind: 'signaling-invalid', what: 'schema' } });
      m.expect(source).toHaveSubscriptions('^--!');
    }),
  );
});
