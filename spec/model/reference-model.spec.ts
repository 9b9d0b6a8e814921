import { expect, test } from 'vitest';
import { claimOf, compare } from './compare.ts';
import { referenceModel } from './reference-model.ts';
import { scenarioRows } from './scenario-row.ts';

test.each(
  scenarioRows().map((row) => ({ ...row, title: `${row.id}: ${row.mode} ${row.start}, ${row.timeline.join(' → ') || 'no event'}` })),
)('$title', (row) => {
  const observation = referenceModel(row);

  expect(compare(row, claimOf(observation))).toEqual([]);
  expect(observation.emissions).toBe(row.termination === null ? 0 : 1);
  expect(observation.leftovers).toEqual([]);
});
