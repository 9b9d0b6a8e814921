import { parseArgs } from 'node:util';
import { cutPoints } from './cut-points.ts';
import { Life, cuts } from './life.ts';
import { slopeOf } from './slope.ts';

// npm run leaks:heap [-- --sessions 10000]
//
// Without the optimising compilers: what they compile and learn is on the heap as well and grows for thousands of sessions, by about 30 bytes each,
// which hides whether anything of a session stays.
//
// Sessions in one process, one after the other, through all cut points and cuts; after every batch the heap is measured when everything that
// can go has gone. The line through the measurements must be flat.

const { values } = parseArgs({
  options: {
    sessions: { type: 'string', default: '10000' },
    /** Not measured: code is compiled and caches are filled. */
    warmup: { type: 'string', default: '1000' },
    batch: { type: 'string', default: '250' },
    limit: { type: 'string', default: '1' },
  },
});

const { gc } = globalThis as { readonly gc?: () => void };
if (gc === undefined) throw new Error('run with --expose-gc');

const lives = cutPoints.flatMap((point) => cuts.map((cut) => ({ point, cut })));
const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(3)} MiB`;
const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

let lived = 0;
const live = async (count: number): Promise<void> => {
  for (let index = 0; index < count; index += 1, lived += 1) {
    const { point, cut } = lives[lived % lives.length]!;
    const { terminations, settled } = new Life(point, cut).run();
    if (terminations.length !== 1) throw new Error(`${point.name}, ${cut}: ${terminations.length} values`);
    await settled;
  }
};

const heapBytes = async (): Promise<number> => {
  for (let turn = 0; turn < 3; turn += 1) {
    await new Promise(setImmediate);
    gc();
  }
  return process.memoryUsage().heapUsed;
};

const since = performance.now();
const sessions = Number(values.sessions);
const batch = Number(values.batch);
await live(Number(values.warmup));
const points = [{ x: 0, y: await heapBytes() }];
for (let done = 0; done < sessions; done += batch) {
  await live(Math.min(batch, sessions - done));
  points.push({ x: Math.min(done + batch, sessions), y: await heapBytes() });
}

const heap = points.reduce((sum, { y }) => sum + y, 0) / points.length;
const growth = slopeOf(points) * sessions;
const percent = (growth / heap) * 100;
print(points.map(({ y }) => (y / 1024).toFixed(0)).join(' '));
print(`first ${megabytes(points[0]!.y)}, last ${megabytes(points.at(-1)!.y)}, mean ${megabytes(heap)}`);
print(
  `${sessions} sessions, ${points.length} measurements: ${growth >= 0 ? '+' : ''}${(growth / 1024).toFixed(1)} KiB over the run by linear fit, ${percent.toFixed(3)} % of the heap, ${((performance.now() - since) / 1000).toFixed(1)} s`,
);
process.exitCode = percent < Number(values.limit) ? 0 : 1;
