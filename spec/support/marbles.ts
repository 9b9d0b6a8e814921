import { configure } from 'rxjs-marbles';
import { expect } from 'vitest';

/** `marbles((m) => …)` in TestScheduler run mode; a failure goes through the runner's own diff. The one place that knows the marble library. */
export const { marbles } = configure({
  assertDeepEqual: (actual: unknown, expected: unknown) => {
    expect(actual).toEqual(expected);
  },
  frameworkMatcher: true,
  run: true,
});
