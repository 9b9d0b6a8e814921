import { EMPTY, Subject, of, take } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { rememberMany } from '../../src/operators/remember-many.ts';
import { remember as rememberFew } from '../../src/operators/remember.ts';
import { marbles } from '../support/marbles.ts';

describe.each([
  ['remember', rememberFew],
  ['rememberMany', rememberMany],
])('%s', (_, operator) => {
  const remember = <Value>(count = 1) => operator<Value>(count);

  test(
    'never',
    marbles((m) => {
      const source = m.cold('-');
      m.expect(source.pipe(remember())).toBeObservable('-');
      m.expect(source).toHaveSubscriptions('^');
    }),
  );

  test(
    'a late subscriber gets the last value, then what is still to come; the source has one subscription',
    marbles((m) => {
      const source = m.cold('-a-b--c--|');
      const remembered$ = source.pipe(remember());
      m.expect(remembered$).toBeObservable('-a-b--c--|');
      m.expect(remembered$, '----^').toBeObservable('----b-c--|');
      m.expect(source).toHaveSubscriptions('^--------!');
    }),
  );

  test(
    'a subscriber after the completion gets the last value, then completion',
    marbles((m) => {
      const source = m.cold('-a-b|');
      const remembered$ = source.pipe(remember());
      m.expect(remembered$).toBeObservable('-a-b|');
      m.expect(remembered$, '-------^').toBeObservable('-------(b|)');
      m.expect(source).toHaveSubscriptions('^---!');
    }),
  );

  test(
    'as many values as it is told',
    marbles((m) => {
      const source = m.cold('abc-----d|');
      const remembered$ = source.pipe(remember(2));
      m.expect(remembered$).toBeObservable('abc-----d|');
      m.expect(remembered$, '---^').toBeObservable('---(bc)-d|');
      m.expect(remembered$, '-----------^').toBeObservable('-----------(cd|)');
    }),
  );

  test(
    'the source lives without subscribers, and is not subscribed again',
    marbles((m) => {
      const source = m.cold('-a-b-c');
      const remembered$ = source.pipe(remember());
      m.expect(remembered$, '^-!').toBeObservable('-a');
      m.expect(remembered$, '----^').toBeObservable('----bc');
      m.expect(source).toHaveSubscriptions('^');
    }),
  );

  test(
    'an error is remembered as well',
    marbles((m) => {
      const source = m.cold('-a-#');
      const remembered$ = source.pipe(remember());
      m.expect(remembered$).toBeObservable('-a-#');
      m.expect(remembered$, '-----^').toBeObservable('-----(a#)');
      m.expect(source).toHaveSubscriptions('^--!');
    }),
  );

  test(
    'empty, and an error at once',
    marbles((m) => {
      m.expect(EMPTY.pipe(remember())).toBeObservable('|');
      m.expect(m.cold('#').pipe(remember())).toBeObservable('#');
    }),
  );

  test('a synchronous source', () => {
    const remembered$ = of(1, 2).pipe(remember());
    const seen: unknown[] = [];
    remembered$.subscribe((value) => seen.push(value));
    remembered$.subscribe({ next: (value) => seen.push(value), complete: () => seen.push('|') });
    expect(seen).toEqual([1, 2, 2, '|']);
  });

  test('its owner ends it at its root', () => {
    const rootSubject = new Subject<number>();
    const remembered$ = rootSubject.pipe(remember());
    remembered$.subscribe().unsubscribe();
    expect(rootSubject.observed).toBe(true);
    rootSubject.complete();
    expect(rootSubject.observed).toBe(false);
  });

  test('what a subscriber brings about is seen by a later one as the latest', () => {
    const subject = new Subject<number>();
    const remembered$ = subject.pipe(remember());
    remembered$.subscribe((value) => {
      if (value === 1) subject.next(2);
    });
    subject.next(1);
    const seen: number[] = [];
    remembered$.subscribe((value) => seen.push(value));
    expect(seen.at(-1)).toBe(2);
  });
});

describe('rememberMany', () => {
  function filled(count: number, values: number) {
    const subject = new Subject<number>();
    const remembered$ = subject.pipe(rememberMany(count));
    remembered$.subscribe();
    for (let value = 1; value <= values; value += 1) subject.next(value);
    return { subject, remembered$ };
  }

  test.each([0, 1, 2, 3, 4, 5, 6, 7, 100])('of %i values the latest three, however often it was full', (values) => {
    const seen: number[] = [];
    filled(3, values).remembered$.subscribe((value) => seen.push(value));
    expect(seen).toEqual([values - 2, values - 1, values].filter((value) => value > 0));
  });

  test('what a late subscriber brings about while it is told of the past comes after the past, once', () => {
    const { subject, remembered$ } = filled(3, 5);
    const seen: number[] = [];
    remembered$.subscribe((value) => {
      seen.push(value);
      if (value === 3) subject.next(6);
    });
    subject.next(7);
    expect(seen).toEqual([3, 4, 5, 6, 7]);
  });

  test('one that brings about more than is remembered goes on with what still is', () => {
    const { subject, remembered$ } = filled(2, 3);
    const seen: number[] = [];
    remembered$.subscribe((value) => {
      seen.push(value);
      if (value === 2) for (const next of [4, 5, 6]) subject.next(next);
    });
    expect(seen).toEqual([2, 5, 6]);
  });

  test('one that has enough is told no more', () => {
    const seen: number[] = [];
    filled(3, 3)
      .remembered$.pipe(take(1))
      .subscribe((value) => seen.push(value));
    expect(seen).toEqual([1]);
  });
});
