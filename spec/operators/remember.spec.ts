import { EMPTY, Subject, of } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { remember } from '../../src/operators/remember.ts';
import { marbles } from '../support/marbles.ts';

describe('remember', () => {
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
