import { isDeepStrictEqual, parseArgs } from 'node:util';
import { createRandom } from '../fuzz/random.ts';
import { playBoth, randomCourse } from './both.ts';

// node spec/differential/run.ts --courses 150000 --seed 1 [--findings 10]

const { values } = parseArgs({
  options: {
    courses: { type: 'string', default: '150000' },
    seed: { type: 'string', default: '1' },
    findings: { type: 'string', default: '10' },
  },
});
const since = performance.now();
let findings = 0;
const kinds = new Map<string, number>();
for (let index = 0; index < Number(values.courses); index += 1) {
  const seed = Number(values.seed) + index;
  const course = randomCourse(createRandom(seed));
  const { now, before } = playBoth(course);
  const kind = (now.value as { kind?: string } | null)?.kind ?? 'none';
  kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  if (isDeepStrictEqual(now, before)) continue;
  findings += 1;
  if (findings <= Number(values.findings)) console.log(JSON.stringify({ seed, course, before, now }, null, 1));
}
console.log(Object.fromEntries(kinds));
console.log(`${values.courses} courses, ${findings} differences, ${((performance.now() - since) / 1000).toFixed(0)} s`);
if (findings > 0) process.exitCode = 1;
