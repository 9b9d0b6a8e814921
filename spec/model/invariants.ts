import { ofOneRun } from './properties-of-a-run.ts';
import { ofVariations } from './properties-of-variations.ts';
import type { Case, Property } from './property.ts';

/** P20 (the pending connect) and P21 (observers that throw or call back) need the real session: no observation shows them. */
export const invariants: Readonly<Record<string, Property>> = { ...ofOneRun, ...ofVariations };

/** `P07: sent after failed …`, one line per property that does not hold. */
export const violations = (given: Case, properties: Readonly<Record<string, Property>> = invariants): string[] =>
  Object.entries(properties).flatMap(([name, property]) => {
    const seen = property(given);
    return seen === null ? [] : [`${name}: ${seen}`];
  });
