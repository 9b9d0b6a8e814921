import type { Alphabet } from './alphabet.ts';
import { claimOf, compare } from './compare.ts';
import { invariants, violations } from './invariants.ts';
import { ofOneRun } from './properties-of-a-run.ts';
import type { Property } from './property.ts';
import { referenceModel } from './reference-model.ts';
import type { Observation, Run, ScenarioRow } from './scenario-row.ts';
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
  readonly starts: readonly StartPoint[];
  readonly length: number;
  readonly alphabet: Alphabet;
  /** `one-run` leaves out the properties that run variations of a row */
  readonly properties: 'all' | 'one-run';
  /** what is judged; the model itself when left out, and then only by the properties */
  readonly run?: Run;
  /** every n-th sequence only, for a run that is slower than the model */
  readonly every?: number;
  readonly maxFindings?: number;
}

const judge = (
  row: ScenarioRow,
  expected: Observation,
  run: Run | undefined,
  judged: Readonly<Record<string, Property>>,
): readonly string[] => {
  if (run === undefined) return violations({ row, observation: expected, run: referenceModel }, judged);
  const observation = run(row);
  return [...compare(claimOf(expected), claimOf(observation)), ...violations({ row, observation, run }, judged)];
};

/** What a session leaves to promises and finalizers gets its turn only here: without it a long run keeps every session it ever made. */
export const breathe = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

const exploreFrom = async (start: StartPoint, options: ExplorationOptions): Promise<Exploration> => {
  const { length, alphabet, properties, run, every = 1, maxFindings = 5 } = options;
  const judgedBy = properties === 'all' ? invariants : ofOneRun;
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
    if (run !== undefined && judged % 200 === 0) await breathe();
    if (observation.termination !== null) ended += 1;
    const lines = judge(row, observation, run, judgedBy);
    if (lines.length === 0) continue;
    failed += 1;
    findings.push({ row, lines });
    findings.sort((left, right) => left.row.timeline.length - right.row.timeline.length);
    findings.length = Math.min(findings.length, maxFindings);
  }
  return { start: pointName(start), sequences: judged, ended, failed, findings };
};

/** Every sequence from every start, judged; one result per start. */
export async function* explore(options: ExplorationOptions): AsyncGenerator<Exploration> {
  for (const start of options.starts) yield await exploreFrom(start, options);
}

export const showFinding = ({ row, lines }: Finding): string => [row.id, ...lines.map((line) => `    ${line}`)].join('\n');
