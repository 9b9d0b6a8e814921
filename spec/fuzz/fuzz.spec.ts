import { expect, test } from 'vitest';
import { runFuzzCase } from './fuzz-case.ts';
import { createRandom } from './random.ts';

// The whole of it: node spec/fuzz/run.ts --cases 1000000

const CASES = 1500;

test(`${CASES} sessions under hostile input each end once and leave nothing`, async () => {
  const seeds = createRandom(2026);
  const kinds = new Set<string>();
  for (let count = 0; count < CASES; count += 1) {
    const seed = Math.floor(seeds.fraction() * 4_294_967_296);
    const { problems, story, termination, settled } = runFuzzCase(seed);
    expect(problems, `node spec/fuzz/run.ts --only ${seed}\n${story.join('\n')}`).toEqual([]);
    await settled; // a promise that never settles ends the test by its timeout
    kinds.add(termination?.kind ?? 'none');
  }
  // The cases must not all die young.
  expect(kinds.size).toBeGreaterThan(8);
}, 120_000);

test('the same seed is the same case', () => {
  const [first, second] = [runFuzzCase(42), runFuzzCase(42)];
  expect(second.story).toEqual(first.story);
  expect(second.termination).toEqual(first.termination);
});
