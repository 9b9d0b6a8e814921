import type { Alphabet } from './alphabet.ts';
import { explore, type Finding } from './exploration.ts';
import { type Depth, modelJudge, sessionJudge } from './judge.ts';
import { judgeRandomRows } from './random-rows.ts';
import { specialPoints, startPoints } from './sequences.ts';

export type Subject = 'model' | 'session';

export const starts = [...startPoints, ...specialPoints] as const;

/** A part of an exploration that can be done by itself. */
export type Job =
  | {
      readonly kind: 'sequences';
      readonly subject: Subject;
      readonly depth: Depth;
      /** which of the starts */
      readonly start: number;
      readonly length: number;
      readonly alphabet: Alphabet;
      readonly every: number;
    }
  | { readonly kind: 'random'; readonly subject: Subject; readonly rows: number; readonly seed: number };

export interface JobResult {
  readonly what: string;
  readonly judged: number;
  readonly failed: number;
  readonly findings: readonly Finding[];
}

const judgeOf = (subject: Subject, depth: Depth) => (subject === 'model' ? modelJudge(depth) : sessionJudge(depth));

export async function runJob(job: Job): Promise<JobResult> {
  if (job.kind === 'random') {
    const { rows, inputs, finding } = await judgeRandomRows(judgeOf(job.subject, 'all'), job.rows, job.seed);
    const what = `random, seed ${job.seed}, ${(inputs / Math.max(rows, 1)).toFixed(1)} inputs on average`;
    return { what, judged: rows, failed: finding === null ? 0 : 1, findings: finding === null ? [] : [finding] };
  }
  const { subject, depth, length, alphabet, every } = job;
  const start = starts[job.start];
  if (start === undefined) throw new RangeError(`there is no start ${job.start}`);
  const {
    start: name,
    ended,
    sequences,
    failed,
    findings,
  } = await explore(start, { length, alphabet, every, judge: judgeOf(subject, depth) });
  return { what: `${name}, ${ended} ended`, judged: sequences, failed, findings };
}
