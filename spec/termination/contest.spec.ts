import { fc, test as propertyTest } from '@fast-check/vitest';
import { type Observable, map, merge, race, take } from 'rxjs';
import { describe, expect } from 'vitest';
import type { Cause } from '../../src/termination/reason.ts';
import { overSteps } from '../../src/termination/over-steps.ts';
import { causes } from '../../src/termination/termination.ts';
import { runInVirtualTime } from '../../src/testing/virtual-time.ts';
import { course, eventsOf, type Course } from '../support/ending-arbitraries.ts';
import { EndingRig } from '../support/ending-rig.ts';

/** More than the longest course takes with all its timers. */
const UNTIL_MS = 1_000_000;
/** Properties run many courses: slow machines need more than the usual limit. */
const PATIENCE_MS = 120_000;

/** Runs a course and gives what `judge` makes of it; `observe` is called after every event and timer. */
function said<T>(
  drawn: Course,
  judge: (rules: readonly Observable<Cause>[]) => Observable<T>,
  observe: (said: readonly T[]) => void = () => undefined,
): readonly T[] {
  const rig = new EndingRig(drawn.setup);
  const values: T[] = [];
  const begin = (): void => {
    const value$ = overSteps(rig.event$, rig.port, rig.config, (step$, port) => judge(causes(step$, port, rig.config)));
    value$.subscribe((value) => values.push(value));
    rig.begin();
  };
  expect(runInVirtualTime(eventsOf(drawn, rig), UNTIL_MS, begin, () => observe(values)).errors).toEqual([]);
  return values;
}

describe('the contest of the rules', () => {
  propertyTest.prop([course(12)], { numRuns: 500 })(
    'when the first rule speaks, no other does',
    (drawn) => {
      let spoken: readonly number[] = [];
      said(
        drawn,
        (rules) => merge(...rules.map((rule$, index) => rule$.pipe(map(() => index)))),
        (indexes) => {
          if (spoken.length === 0) spoken = [...new Set(indexes)];
        },
      );
      expect(spoken.length).toBeLessThanOrEqual(1);
    },
    PATIENCE_MS,
  );

  const order = fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 });
  propertyTest.prop([course(12), order], { numRuns: 500 })(
    'the order in which the rules compete decides nothing',
    (drawn, permutation) => {
      const winners = said(drawn, (rules) => {
        expect(rules).toHaveLength(permutation.length);
        const orders = [rules, permutation.map((index) => rules[index]!)];
        return merge(...orders.map((competing) => race(competing).pipe(take(1))));
      });
      expect(winners).toEqual(winners.length === 0 ? [] : [winners[0], winners[0]]);
    },
    PATIENCE_MS,
  );
});
