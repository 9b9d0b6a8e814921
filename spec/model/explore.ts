import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { type Job, type JobResult, starts, type Subject } from './explore-jobs.ts';
import { showFinding } from './exploration.ts';
import { pointName } from './sequences.ts';

// node spec/model/explore.ts --length 4 [--alphabet core|full] [--subject model|session] [--properties one-run|all] [--every 10] [--random 100000]
//   [--seed 1] [--workers 2] [--starts 'D switched']

const { values } = parseArgs({
  options: {
    length: { type: 'string', default: '3' },
    alphabet: { type: 'string', default: 'core' },
    subject: { type: 'string', default: 'model' },
    every: { type: 'string', default: '1' },
    properties: { type: 'string', default: 'one-run' },
    random: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    starts: { type: 'string', default: '' },
    workers: { type: 'string', default: String(availableParallelism()) },
  },
});

/** Random rows come in parts of this size, each with a seed of its own. */
const PART = 5000;

const subject: Subject = values.subject === 'session' ? 'session' : 'model';

const sequenceJobs = starts.flatMap((point, start): Job[] => {
  if (!pointName(point).startsWith(values.starts)) return [];
  return [
    {
      kind: 'sequences',
      subject,
      start,
      depth: values.properties === 'all' ? 'all' : 'one-run',
      length: Number(values.length),
      alphabet: values.alphabet === 'full' ? 'full' : 'core',
      every: Number(values.every),
    },
  ];
});

const randomJobs = Array.from({ length: Math.ceil(Number(values.random) / PART) }, (_, part): Job => ({
  kind: 'random',
  subject,
  rows: Math.min(PART, Number(values.random) - part * PART),
  seed: Number(values.seed) + part,
}));

const began = performance.now();
const seconds = (): string => `${((performance.now() - began) / 1000).toFixed(1)} s`;
const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** Gives the jobs to the workers as they become free. */
async function runAll(jobs: readonly Job[]): Promise<readonly JobResult[]> {
  const waiting = [...jobs];
  const results: JobResult[] = [];
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./explore-worker.ts', import.meta.url));
      const next = (): void => {
        const job = waiting.shift();
        if (job !== undefined) worker.postMessage(job);
        else void worker.terminate().then(() => resolve());
      };
      worker.on('error', reject);
      worker.on('message', (result: JobResult) => {
        results.push(result);
        print(`${result.what}: ${result.judged} judged, ${result.failed} failed, ${seconds()}`);
        result.findings.forEach((finding) => print(showFinding(finding)));
        next();
      });
      next();
    });
  await Promise.all(Array.from({ length: Number(values.workers) }, work));
  return results;
}

const sum = (results: readonly JobResult[], of: (result: JobResult) => number): number =>
  results.reduce((total, result) => total + of(result), 0);

async function run(what: string, jobs: readonly Job[]): Promise<number> {
  const results = await runAll(jobs);
  const failed = sum(results, (result) => result.failed);
  print(`${what}: ${sum(results, ({ judged }) => judged)} judged, ${failed} failed, ${seconds()}`);
  return failed;
}

let failed = await run(`${subject}, all sequences of length ${values.length}, ${values.alphabet}`, sequenceJobs);
if (randomJobs.length > 0) failed += await run(`${subject}, random rows from seed ${values.seed}`, randomJobs);
process.exitCode = failed === 0 ? 0 : 1;
