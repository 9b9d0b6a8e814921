import { describe, expect, test } from 'vitest';
import type { Alphabet } from './alphabet.ts';
import { explore, showFinding } from './exploration.ts';
import { sessionJudge } from './judge.ts';
import { judgeRandomRows } from './random-rows.ts';
import { specialPoints, startPoints } from './sequences.ts';

const explored = async (
  every: number,
  length: number,
  alphabet: Alphabet,
): Promise<{ readonly judged: number; readonly found: string[] }> => {
  let judged = 0;
  const found: string[] = [];
  for (const start of [...startPoints, ...specialPoints]) {
    const { sequences, findings } = await explore(start, { length, alphabet, every, judge: sessionJudge('one-run') });
    judged += sequences;
    found.push(...findings.map(showFinding));
  }
  return { judged, found };
};

describe('the session ends as the model says, and keeps the properties', () => {
  // Primes: they meet other letters in every start state. All of them: npm run explore
  test('after every third single input of the whole notation', async () => {
    const { judged, found } = await explored(3, 1, 'full');

    expect(found).toEqual([]);
    expect(judged).toBeGreaterThan(500);
  }, 120_000);

  test('after every twenty-ninth sequence of two inputs', async () => {
    const { judged, found } = await explored(29, 2, 'core');

    expect(found).toEqual([]);
    expect(judged).toBeGreaterThan(400);
  }, 120_000);

  test('in random longer runs with limits of all sizes, with observers and native calls that throw', async () => {
    expect(await judgeRandomRows(sessionJudge('all'), 200, 1)).toMatchObject({ rows: 200, finding: null });
  }, 120_000);
});
