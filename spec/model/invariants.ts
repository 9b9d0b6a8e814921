import { ofOneRun } from './properties-of-a-run.ts';
import { ofVariations } from './properties-of-variations.ts';
import type { Case, Property } from './property.ts';

/** What any run can be judged on. P20, P21 and P22 in full need a program around the session: `judge.ts`. */
export const invariants: Readonly<Record<string, Property>> = { ...ofOneRun, ...ofVariations };

/** `P07: sent after failed …`, one line per property that does not hold. */
export const violations = (given: Case, properties: Readonly<Record<string, Property>> = invariants): string[] =>
  Object.entries(properties).flatMap(([name, property]) => {
    const seen = property(given);
    return seen === null ? [] : [`${name}: ${seen}`];
  });
