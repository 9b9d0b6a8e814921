import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { type History, history } from './history.ts';
import { judge } from './model.ts';
import { play } from './play.ts';

// node spec/reconnect/histories/run.ts --histories 10000 [--seed 1]
//
// Plays random histories of network, server, page and user to calls over real sessions on fakes, and compares each with the model of the policy.
// Prints what the histories came to, and the smallest one that the model does not agree with.

const { values } = parseArgs({
  options: { histories: { type: 'string', default: '10000' }, seed: { type: 'string', default: '20261125' } },
});

const since = performance.now();
const seconds = (): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;
const sorts = new Map<string, number>();
const sessions = { all: 0, most: 0 };
let count = 0;

function count1(sort: string): void {
  sorts.set(sort, (sorts.get(sort) ?? 0) + 1);
}

function problemsOf(each: History): readonly string[] {
  const trace = play(each);
  const last = trace.steps.at(-1)?.step;
  count1(trace.leftAt === null && last?.kind === 'over' ? `over: ${last.termination.kind}` : `left: ${last?.kind ?? 'before it began'}`);
  const ofCall = trace.steps.filter(({ step }) => step.kind === 'session').length;
  sessions.all += ofCall;
  sessions.most = Math.max(sessions.most, ofCall);
  count += 1;
  if (count % 2000 === 0) console.log(`${count} histories, ${seconds()}`);
  return judge(each, trace);
}

const result = fc.check(
  fc.property(history, (each) => {
    const problems = problemsOf(each);
    if (problems.length > 0) throw new Error(problems.join('\n'));
  }),
  { numRuns: Number(values.histories), seed: Number(values.seed) },
);
for (const [sort, times] of [...sorts].sort(([, one], [, other]) => other - one)) console.log(`${String(times).padStart(7)}  ${sort}`);
console.log(
  `seed ${values.seed}: ${result.numRuns} histories, ${sessions.all} sessions, at most ${sessions.most} in one call, ${seconds()}`,
);
if (result.failed) {
  console.error(JSON.stringify(result.counterexample?.[0], null, 2));
  console.error(result.errorInstance instanceof Error ? result.errorInstance.message : 'failed');
  process.exitCode = 1;
}
