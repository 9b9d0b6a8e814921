// The examples of the testing guide, pasted as a reader would, under the test runners that the guide names.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { codeBlocks, readPage } from '../../spec/docs/support/markdown.ts';
import { ROOT } from '../packages.mjs';
import { run } from './check.mjs';

const GUIDE = 'docs/guide/testing.md';

export const runnerPackages = (pinned) => [`vitest@${pinned.vitest}`, `rxjs-marbles@${pinned['rxjs-marbles']}`, 'jest@30.5.2'];

/** The first example below a heading of the guide. */
function guideExample(heading) {
  const text = readPage(GUIDE);
  const line = text.split('\n').indexOf(`## ${heading}`) + 1;
  const example = codeBlocks(GUIDE, text).find((block) => block.line > line && block.language === 'ts');
  if (line === 0 || example === undefined) throw new Error(`${GUIDE} has no example below "${heading}"`);
  return example.code;
}

const testsIn = (code) => code.match(/^test\(/gm)?.length ?? 0;
const asJavaScript = (code) => transformSync(code, { loader: 'ts', format: 'esm' }).code;

function newFolder(project, name, files) {
  const folder = join(project, 'tests', name);
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  return folder;
}

function expectAllPassed(passed, total, code) {
  const expected = testsIn(code);
  if (expected === 0 || passed !== expected || total !== expected) {
    throw new Error(`${passed} of ${total} tests passed, ${expected} were expected`);
  }
}

/** Vitest and jest write the same report. */
function expectReport(report, code) {
  const { numPassedTests, numTotalTests } = JSON.parse(readFileSync(report, 'utf8'));
  expectAllPassed(numPassedTests, numTotalTests, code);
}

export async function underVitest(project) {
  const code = guideExample('A first test');
  const folder = newFolder(project, 'vitest', { 'ending.test.ts': code, 'vitest.config.js': 'export default { test: {} };\n' });
  await run(join(project, 'node_modules/.bin/vitest'), ['run', '--reporter=json', '--outputFile=result.json'], { cwd: folder });
  expectReport(join(folder, 'result.json'), code);
}

export async function underJest(project) {
  const code = guideExample('Under jest');
  const manifest = { name: 'tests', private: true, type: 'module', jest: { testMatch: ['**/*.test.js'] } };
  const folder = newFolder(project, 'jest', { 'ending.test.js': asJavaScript(code), 'package.json': JSON.stringify(manifest) });
  const jest = join(project, 'node_modules/jest/bin/jest.js');
  await run(process.execPath, ['--experimental-vm-modules', jest, '--json', '--outputFile=result.json'], { cwd: folder });
  expectReport(join(folder, 'result.json'), code);
}

export async function underNodeTest(project) {
  const code = guideExample('Under node:test');
  const folder = newFolder(project, 'node', { 'ending.test.js': asJavaScript(code) });
  const output = await run(process.execPath, ['--test', '--test-reporter=tap', 'ending.test.js'], { cwd: folder });
  const [passed, total] = ['pass', 'tests'].map((word) => Number(new RegExp(`^# ${word} (\\d+)$`, 'm').exec(output)?.[1]));
  expectAllPassed(passed, total, code);
}

const MARBLES = 'examples/marble-test';

/** The example of marble tests, as it stands, under one of its runners. */
export async function marblesUnder(runner, project) {
  const folder = join(project, 'tests', `marbles-${runner}`);
  cpSync(join(ROOT, MARBLES), folder, { recursive: true, filter: (path) => !path.includes('node_modules') });
  const inProject = (path) => join(project, 'node_modules', path);
  const report = ['--outputFile=result.json'];
  if (runner === 'vitest') await run(inProject('.bin/vitest'), ['run', '--reporter=json', ...report], { cwd: folder });
  else await run(process.execPath, ['--experimental-vm-modules', inProject('jest/bin/jest.js'), '--json', ...report], { cwd: folder });
  const code = readFileSync(join(folder, 'call-screen.spec.ts'), 'utf8').replaceAll(/^ +test\(/gm, 'test(');
  expectReport(join(folder, 'result.json'), code);
}
