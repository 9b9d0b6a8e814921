import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scenarioRow } from './arbitraries.ts';
import { explore, showFinding, type Exploration, type ExplorationOptions } from './exploration.ts';
import { violations } from './invariants.ts';
import { referenceModel } from './reference-model.ts';
import { specialPoints, startPoints } from './sequences.ts';

const explored = async (options: ExplorationOptions): Promise<Exploration[]> => {
  const results: Exploration[] = [];
  for await (const result of explore(options)) results.push(result);
  return results;
};

const starts = [...startPoints, ...specialPoints];

describe('the model keeps the properties', () => {
  test('in every sequence of two inputs from the whole notation, all properties', async () => {
    const results = await explored({ starts, length: 2, alphabet: 'full', properties: 'all' });

    expect(results.flatMap(({ findings }) => findings.map(showFinding))).toEqual([]);
    expect(results.reduce((sum, { sequences }) => sum + sequences, 0)).toBeGreaterThan(70_000);
  }, 120_000);

  test('in every sequence of three representative inputs', async () => {
    const results = await explored({ starts, length: 3, alphabet: 'core', properties: 'one-run' });

    expect(results.flatMap(({ findings }) => findings.map(showFinding))).toEqual([]);
    expect(results.reduce((sum, { sequences }) => sum + sequences, 0)).toBeGreaterThan(200_000);
  }, 120_000);

  test('in random longer runs with limits of all sizes', () => {
    fc.assert(
      fc.property(scenarioRow(), (row) => {
        expect(violations({ row, observation: referenceModel(row), run: referenceModel })).toEqual([]);
      }),
      { numRuns: 3000, seed: 1 },
    );
  }, 120_000);
});
