import { expect, test } from 'vitest';
import { MeasuredLabProcess } from '../memory/measured-lab-process.ts';
import { visits } from '../memory/visits.ts';

const MEBIBYTE = 1024 * 1024;

// In steps, for as long as one likes: node packages/lab/spec/memory/run.ts 2000
test(
  'memory returns to its start after 200 connects and ends, and a stopped lab leaves its process nothing to wait for',
  { timeout: 180_000 },
  async () => {
    const lab = await MeasuredLabProcess.start();
    const fresh = await lab.quietMeasure();
    // What the first clients cost is code that V8 compiles.
    await visits(lab.url, 100);
    const before = await lab.quietMeasure();
    await visits(lab.url, 200);
    const after = await lab.quietMeasure();
    expect(after.heapUsed - before.heapUsed).toBeLessThan(MEBIBYTE);
    expect(after.external - before.external).toBeLessThan(MEBIBYTE / 4);
    expect(after.resources).toEqual(fresh.resources);
    expect(await lab.stop()).toBe(0);
  },
);
