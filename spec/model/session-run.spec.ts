import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scenarioRow } from './arbitraries.ts';
import { claimOf, compare } from './compare.ts';
import { violations } from './invariants.ts';
import { ofOneRun } from './properties-of-a-run.ts';
import { referenceModel } from './reference-model.ts';
import type { ScenarioRow } from './scenario-row.ts';
import { rows, specialPoints, startPoints } from './sequences.ts';
import { sessionRun } from './session-run.ts';

const judge = (row: ScenarioRow): string[] => {
  const observation = sessionRun(row);
  return [...compare(claimOf(referenceModel(row)), claimOf(observation)), ...violations({ row, observation, run: sessionRun }, ofOneRun)];
};

const differing = (every: number, length: number, alphabet: 'core' | 'full'): { readonly judged: number; readonly found: string[] } => {
  let met = 0;
  let judged = 0;
  const found: string[] = [];
  for (const start of [...startPoints, ...specialPoints]) {
    for (const row of rows(start, length, alphabet)) {
      met += 1;
      if (met % every !== 0) continue;
      judged += 1;
      const lines = judge(row);
      if (lines.length > 0) found.push([row.id, ...lines].join('\n    '));
    }
  }
  return { judged, found };
};

describe('the session ends as the model says, and keeps the properties', () => {
  // Primes: they meet other letters in every start state. All of them: node spec/model/explore.ts --subject session --length 3
  test('after every third single input of the whole notation', () => {
    const { judged, found } = differing(3, 1, 'full');

    expect(found).toEqual([]);
    expect(judged).toBeGreaterThan(600);
  }, 120_000);

  test('after every twenty-ninth sequence of two inputs', () => {
    const { judged, found } = differing(29, 2, 'core');

    expect(found).toEqual([]);
    expect(judged).toBeGreaterThan(500);
  }, 120_000);

  test('in random longer runs with limits of all sizes', () => {
    fc.assert(
      fc.property(scenarioRow(), (row) => {
        expect(judge(row)).toEqual([]);
      }),
      { numRuns: 300, seed: 1 },
    );
  }, 120_000);
});
