import { expect, test } from 'vitest';
import { createRandom } from '../fuzz/random.ts';
import { playBoth, randomCourse } from './both.ts';

const COURSES = 1500;
const SEED = Number(process.env['SEED'] ?? 20_261_125);

test(`the same events give the same end as in the first version: ${COURSES} random courses`, () => {
  const kinds = new Map<string, number>();
  for (let index = 0; index < COURSES; index += 1) {
    const course = randomCourse(createRandom(SEED + index));
    const { now, before } = playBoth(course);
    expect(now, `seed ${SEED + index}: ${JSON.stringify(course)}`).toEqual(before);
    const kind = (now.value as { kind?: string } | null)?.kind ?? 'none';
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  // A comparison says nothing about kinds that never came.
  expect([...kinds.keys()].sort()).toHaveLength(13);
}, 120_000);
