import type { Alphabet } from './alphabet.ts';
import type { Judge } from './judge.ts';
import type { ScenarioRow } from './scenario-row.ts';
import { pointName, rowOf, sequences, type StartPoint } from './sequences.ts';

export interface Finding {
  readonly row: ScenarioRow;
  readonly lines: readonly string[];
}

export interface Exploration {
  readonly start: string;
  readonly sequences: number;
  readonly ended: number;
  readonly failed: number;
  /** the first and shortest of what did not hold */
  readonly findings: readonly Finding[];
}

export interface ExplorationOptions {
  readonly length: number;
  readonly alphabet: Alphabet;
  readonly judge: Judge;
  /** every n-th sequence only */
  readonly every?: number;
  readonly maxFindings?: number;
}

/** Every sequence from one start, judged. */
export async function explore(start: StartPoint, options: ExplorationOptions): Promise<Exploration> {
  const { length, alphabet, judge, every = 1, maxFindings = 5 } = options;
  const findings: Finding[] = [];
  let count = 0;
  let judged = 0;
  let ended = 0;
  let failed = 0;
  for (const { timeline, observation } of sequences(start, length, alphabet)) {
    count += 1;
    if (count % every !== 0) continue;
    const row = rowOf(start, timeline);
    judged += 1;
    if (observation.termination !== null) ended += 1;
    const lines = await judge(row, observation);
    if (lines.length === 0) continue;
    failed += 1;
    findings.push({ row, lines });
    findings.sort((left, right) => left.row.timeline.length - right.row.timeline.length);
    findings.length = Math.min(findings.length, maxFindings);
  }
  return { start: pointName(start), sequences: judged, ended, failed, findings };
}

export const showFinding = ({ row, lines }: Finding): string => [row.id, ...lines.map((line) => `    ${line}`)].join('\n');
