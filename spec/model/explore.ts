import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { scenarioRow } from './arbitraries.ts';
import { claimOf, compare } from './compare.ts';
import { breathe, explore, showFinding, type Finding } from './exploration.ts';
import { violations } from './invariants.ts';
import { referenceModel } from './reference-model.ts';
import type { Run, ScenarioRow } from './scenario-row.ts';
import { specialPoints, startPoints } from './sequences.ts';

// node spec/model/explore.ts --length 4 [--alphabet core|full] [--subject model|session] [--every 10] [--random 100000] [--seed 1]

const { values } = parseArgs({
  options: {
    length: { type: 'string', default: '3' },
    alphabet: { type: 'string', default: 'core' },
    subject: { type: 'string', default: 'model' },
    every: { type: 'string', default: '1' },
    properties: { type: 'string', default: 'one-run' },
    random: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    findings: { type: 'string', default: '3' },
  },
});

const subject: Run | undefined = values.subject === 'session' ? (await import('./session-run.ts')).sessionRun : undefined;
const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;
const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const exhaustive = async (): Promise<number> => {
  const since = performance.now();
  let count = 0;
  let failed = 0;
  const results = explore({
    starts: [...startPoints, ...specialPoints],
    length: Number(values.length),
    alphabet: values.alphabet === 'full' ? 'full' : 'core',
    properties: values.properties === 'all' ? 'all' : 'one-run',
    every: Number(values.every),
    maxFindings: Number(values.findings),
    ...(subject === undefined ? {} : { run: subject }),
  });
  for await (const result of results) {
    count += result.sequences;
    failed += result.failed;
    print(`${result.start}: ${result.sequences} sequences, ${result.ended} ended, ${result.failed} failed, ${seconds(since)}`);
    result.findings.forEach((finding) => print(showFinding(finding)));
  }
  print(`length ${values.length}, ${values.alphabet}: ${count} sequences, ${failed} failed, ${seconds(since)}`);
  return failed;
};

const judge = (row: ScenarioRow): readonly string[] => {
  const expected = referenceModel(row);
  if (subject !== undefined) {
    const observation = subject(row);
    return [...compare(claimOf(expected), claimOf(observation)), ...violations({ row, observation, run: subject })];
  }
  return violations({ row, observation: expected, run: referenceModel });
};

const random = async (runs: number): Promise<number> => {
  const since = performance.now();
  const failing: Finding[] = [];
  let inputs = 0;
  let judged = 0;
  const result = await fc.check(
    fc.asyncProperty(scenarioRow(), async (row) => {
      judged += 1;
      if (judged % 200 === 0) await breathe();
      inputs += row.timeline.length;
      const lines = judge(row);
      if (lines.length > 0) failing.push({ row, lines });
      return lines.length === 0;
    }),
    { numRuns: runs, seed: Number(values.seed) },
  );
  print(
    `random, seed ${values.seed}: ${result.numRuns} rows, ${(inputs / Math.max(result.numRuns, 1)).toFixed(1)} inputs on average, ${seconds(since)}`,
  );
  if (!result.failed) return 0;
  // The last failing row is the one that could not be made smaller.
  failing.slice(-1).forEach((finding) => print(showFinding(finding)));
  return 1;
};

let problems = await exhaustive();
if (Number(values.random) > 0) problems += await random(Number(values.random));
process.exitCode = problems === 0 ? 0 : 1;
