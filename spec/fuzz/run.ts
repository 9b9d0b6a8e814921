import { parseArgs } from 'node:util';
import { runFuzzCase } from './fuzz-case.ts';
import { createRandom } from './random.ts';

// node spec/fuzz/run.ts --cases 1000000 --seed 1 [--findings 10] [--part 1/2]
// node spec/fuzz/run.ts --only <seed of a case>

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    findings: { type: 'string', default: '10' },
    only: { type: 'string' },
    part: { type: 'string', default: '1/1' },
  },
});

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const since = performance.now();
const seconds = (): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;

const rejections: unknown[] = [];
process.on('unhandledRejection', (reason) => rejections.push(reason));

/** A turn of the event loop, in which promises settle and rejections are reported; false where one is still open. */
const aTurn = (settled: Promise<unknown>): Promise<boolean> =>
  new Promise((resolve) => {
    let isSettled = false;
    settled.then(
      () => (isSettled = true),
      () => undefined,
    );
    setImmediate(() => {
      resolve(isSettled);
    });
  });

const kinds = new Map<string, number>();
let failed = 0;

const runOne = async (seed: number): Promise<void> => {
  const { problems, story, termination, settled } = runFuzzCase(seed);
  const isSettled = await aTurn(settled);
  const all = [
    ...problems,
    ...(isSettled ? [] : ['a promise of the session never settled']),
    ...rejections
      .splice(0)
      .map((reason) => `unhandled rejection: ${reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)}`),
  ];
  kinds.set(termination?.kind ?? 'none', (kinds.get(termination?.kind ?? 'none') ?? 0) + 1);
  if (all.length === 0 && values.only === undefined) return;
  if (all.length > 0) failed += 1;
  if (failed > Number(values.findings)) return;
  print(`case --only ${seed}`);
  for (const line of [...story.map((each) => `    ${each}`), ...all.map((each) => `  ! ${each}`)]) print(line);
};

// Stopped early, it still tells what it has done.
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());

const [part = 1, parts = 1] = values.part.split('/').map(Number);
const seeds = createRandom(Number(values.seed));
let count = 0;
if (values.only !== undefined) {
  await runOne(Number(values.only));
  count = 1;
} else {
  const cases = Number(values.cases);
  for (let index = 0; index < cases && !stopping.signal.aborted; index += 1) {
    const seed = Math.floor(seeds.fraction() * 4_294_967_296);
    if (index % parts !== part - 1) continue;
    await runOne(seed);
    count += 1;
    if (count % 50_000 === 0) print(`${count} cases, ${failed} failed, ${seconds()}`);
  }
}
print(
  [...kinds]
    .sort(([, one], [, two]) => two - one)
    .map(([kind, times]) => `${kind} ${times}`)
    .join(', '),
);
print(`seed ${values.seed}: ${count} cases, ${failed} failed, ${seconds()}`);
process.exitCode = failed === 0 ? 0 : 1;
