import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { applyFault } from './apply-fault.ts';
import { seededFaults, type SeededFault } from './faults.ts';

// node spec/seeded/run.ts [--only <id>[,<id>]] [--every 7] [--keep]
//
// Puts the faults into copies of the source one at a time and lets exploration, marbles and scenarios judge each copy on their own. The
// first copy has no fault: there nothing may be found.

const { values } = parseArgs({
  options: { only: { type: 'string' }, every: { type: 'string', default: '7' }, keep: { type: 'boolean', default: false } },
});

const root = new URL('../../', import.meta.url).pathname;
/** Not under node_modules, where Node strips no types. */
const base = join(root, 'reports', 'seeded');
const copied = ['src', 'spec/model', 'spec/termination', 'spec/session', 'spec/support', 'spec/fixtures', 'package.json'];

interface Found {
  /** judged sequences, tests */
  readonly of: number;
  readonly failed: number;
}

interface Row {
  readonly id: string;
  readonly exploration: Found;
  readonly marbles: Found;
  readonly scenarios: Found;
  readonly seconds: number;
}

const node = (folder: string, args: readonly string[]): string => {
  const { stdout, stderr, error } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (error !== undefined) throw error;
  return `${stdout}\n${stderr}`;
};

const copy = (fault: SeededFault | null): string => {
  const folder = join(base, fault?.id ?? 'none');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'spec'), { recursive: true });
  for (const path of copied) cpSync(join(root, path), join(folder, path), { recursive: true });
  cpSync(join(root, 'vitest.stryker.config.ts'), join(folder, 'vitest.config.ts'));
  if (fault === null) return folder;
  for (const [file, source] of applyFault(fault, (path) => readFileSync(join(root, path), 'utf8')))
    writeFileSync(join(folder, file), source);
  return folder;
};

/** Every n-th of all sequences of two inputs, against the model and the properties. */
const explored = (folder: string): Found => {
  const script = ['spec/model/explore.ts', '--subject', 'session', '--length', '2', '--every', values.every];
  const output = node(folder, script);
  const total = /: (\d+) judged, (\d+) failed, [\d.]+ s\s*$/u.exec(output.trimEnd());
  if (total === null) throw new Error(`the exploration came to no end:\n${output.slice(-2000)}`);
  return { of: Number(total[1]), failed: Number(total[2]) };
};

interface Report {
  readonly testResults: readonly { readonly name: string; readonly assertionResults: readonly { readonly status: string }[] }[];
}

const tested = (folder: string): { readonly marbles: Found; readonly scenarios: Found } => {
  const file = join(folder, 'report.json');
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const output = node(folder, [
    vitest,
    'run',
    '--reporter=json',
    `--outputFile=${file}`,
    'spec/termination',
    'spec/session/scenarios.spec.ts',
  ]);
  if (!existsSync(file)) throw new Error(`vitest wrote no report:\n${output.slice(-2000)}`);
  const { testResults } = JSON.parse(readFileSync(file, 'utf8')) as Report;
  const found = (path: string): Found => {
    const statuses = testResults
      .filter(({ name }) => name.includes(path))
      .flatMap(({ assertionResults }) => assertionResults.map((each) => each.status));
    return { of: statuses.length, failed: statuses.filter((status) => status === 'failed').length };
  };
  return { marbles: found('/spec/termination/'), scenarios: found('/spec/session/scenarios.spec.ts') };
};

const judged = (fault: SeededFault | null): Row => {
  const since = performance.now();
  const folder = copy(fault);
  const row = { id: fault?.id ?? 'none', exploration: explored(folder), ...tested(folder) };
  if (!values.keep) rmSync(folder, { recursive: true, force: true });
  return { ...row, seconds: Math.round((performance.now() - since) / 1000) };
};

const shown = ({ of, failed }: Found): string => `${failed} of ${of}`;
const print = (cells: readonly string[]): void => {
  const [id = '', ...rest] = cells;
  process.stdout.write(`${id.padEnd(48)}${rest.map((cell) => cell.padEnd(16)).join('')}\n`);
};

const only = values.only?.split(',');
const chosen = [null, ...seededFaults].filter((fault) => only?.includes(fault?.id ?? 'none') ?? true);
let wrong = 0;
print(['fault', 'exploration', 'marbles', 'scenarios', 'seconds']);
for (const fault of chosen) {
  const row = judged(fault);
  const judges = [row.exploration, row.marbles, row.scenarios];
  const asExpected = judges.every(({ of, failed }) => of > 0 && failed > 0 === (fault !== null));
  if (!asExpected) wrong += 1;
  print([row.id, ...judges.map(shown), String(row.seconds), asExpected ? '' : fault === null ? 'FALSE ALARM' : 'MISSED']);
}
process.stdout.write(wrong === 0 ? 'every fault is caught by each of the three\n' : `${wrong} not as they should be\n`);
process.exitCode = wrong === 0 ? 0 : 1;
