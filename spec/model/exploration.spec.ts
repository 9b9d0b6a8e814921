import { describe, expect, test } from 'vitest';
import { explore, showFinding, type Exploration, type ExplorationOptions } from './exploration.ts';
import { modelJudge } from './judge.ts';
import { judgeRandomRows } from './random-rows.ts';
import { specialPoints, startPoints } from './sequences.ts';

const starts = [...startPoints, ...specialPoints];

const explored = async (options: ExplorationOptions): Promise<Exploration[]> => {
  const results: Exploration[] = [];
  for (const start of starts) results.push(await explore(start, options));
  return results;
};

describe('the model keeps the properties', () => {
  test('in every sequence of two inputs from the whole notation, all properties', async () => {
    const results = await explored({ length: 2, alphabet: 'full', judge: modelJudge('all') });

    expect(results.flatMap(({ findings }) => findings.map(showFinding))).toEqual([]);
    expect(results.reduce((sum, { sequences }) => sum + sequences, 0)).toBeGreaterThan(70_000);
  }, 120_000);

  test('in every sequence of three representative inputs', async () => {
    const results = await explored({ length: 3, alphabet: 'core', judge: modelJudge('one-run') });

    expect(results.flatMap(({ findings }) => findings.map(showFinding))).toEqual([]);
    expect(results.reduce((sum, { sequences }) => sum + sequences, 0)).toBeGreaterThan(190_000);
  }, 120_000);

  test('in random longer runs with limits of all sizes', async () => {
    expect(await judgeRandomRows(modelJudge('all'), 3000, 1)).toMatchObject({ rows: 3000, finding: null });
  }, 120_000);
});
