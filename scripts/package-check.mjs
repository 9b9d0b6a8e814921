// Checks the packages as their users get them: packs them, which builds them, lets publint and attw judge the tarballs, installs them into an
// empty project and uses them there.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FOLDERS, ROOT as root } from './packages.mjs';

const cache = join(root, 'node_modules/.cache/package-check');
mkdirSync(cache, { recursive: true });
const work = mkdtempSync(join(cache, 'run-'));
const pinned = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devDependencies;

/** Of no use to the repository itself, so it is installed for its one check only. */
const JEST = 'jest@30.5.2';

let failed = 0;
let passed = 0;
const run = (command, args, cwd = work) => execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

function check(title, body) {
  try {
    body();
    passed += 1;
    console.log(`ok   ${title}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL ${title}\n${error.stdout ?? ''}${error.stderr ?? ''}${error.stdout === undefined ? error.stack : ''}`);
  }
}

const bin = (name) => join(root, 'node_modules/.bin', name);

/** The tarball of each package, by its name. */
const tarballs = new Map(
  FOLDERS.map((folder) => {
    const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    run('npm', ['pack', '--silent', '--pack-destination', work], folder);
    return [name, join(work, `${name}-${version}.tgz`)];
  }),
);
for (const [name, tarball] of tarballs) {
  check(`${name}: publint --strict`, () => run(bin('publint'), [tarball, '--strict']));
  check(`${name}: attw --profile esm-only`, () => run(bin('attw'), [tarball, '--profile', 'esm-only']));
}
const tgz = tarballs.get('rx-sora');

const project = join(work, 'project');
mkdirSync(project);
writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'project', private: true, type: 'module' }));
check('all install into an empty project, with one rxjs', () => {
  const packages = ['rxjs', 'ws', 'werift', 'typescript'].map((name) => `${name}@${pinned[name]}`);
  run('npm', ['install', '--no-audit', '--no-fund', '--silent', '--prefer-offline', ...tarballs.values(), ...packages], project);
  const copies = run('find', ['node_modules', '-path', '*/rxjs/package.json', '-not', '-path', '*/rxjs/*/*'], project).trim().split('\n');
  if (copies.length !== 1) throw new Error(`copies of rxjs: ${copies.join(', ')}`);
});

check('importing an entry in plain Node touches no global and opens nothing', () => {
  const script = `
    const before = Reflect.ownKeys(globalThis).length;
    const touched = [];
    for (const name of ['WebSocket', 'RTCPeerConnection', 'navigator', 'window', 'document', 'AudioContext', 'MediaStream', 'CompressionStream', 'DecompressionStream']) {
      Object.defineProperty(globalThis, name, { configurable: true, get() { touched.push(name); return undefined; } });
    }
    const own = Reflect.ownKeys(globalThis).length;
    for (const entry of ['rx-sora', 'rx-sora/testing', 'rx-sora/media']) await import(entry);
    if (touched.length > 0) throw new Error('read: ' + touched.join(', '));
    if (Reflect.ownKeys(globalThis).length !== own) throw new Error('globals were added');
    const handles = process.getActiveResourcesInfo().filter((name) => !['TTYWrap', 'PipeWrap', 'FSReqPromise', 'CloseReq', 'FSReqCallback'].includes(name));
    if (handles.length > 0) throw new Error('left open: ' + handles.join(', '));
  `;
  writeFileSync(join(project, 'import.mjs'), script);
  run(process.execPath, ['import.mjs'], project);
});

const testingGuide = readFileSync(join(root, 'docs/guide/testing.md'), 'utf8');
/** The first example below a heading of the guide, as a reader would copy it. */
const guideExample = (heading) => {
  const [, below] = testingGuide.split(`\n## ${heading}\n`);
  const [, code] = /```ts\n([\s\S]*?)```/.exec(below ?? '') ?? [];
  if (code === undefined) throw new Error(`the guide has no example under "${heading}"`);
  return code;
};
const testsIn = (code) => code.match(/^test\(/gm)?.length ?? 0;

/** A project with nothing but the tarball and these packages. */
function newUser(folder, packages, settings = {}) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'new-user', private: true, type: 'module', ...settings }));
  run('npm', ['install', '--no-audit', '--no-fund', '--silent', '--prefer-offline', tgz, `rxjs@${pinned.rxjs}`, ...packages], folder);
}

/** Vitest and jest write the same report. */
function allPassed(report, code) {
  const { success, numPassedTests, numTotalTests } = JSON.parse(readFileSync(report, 'utf8'));
  const expected = testsIn(code);
  if (!success || expected === 0 || numPassedTests !== expected || numTotalTests !== expected) {
    throw new Error(`${numPassedTests} of ${numTotalTests} tests passed, ${expected} were expected`);
  }
}

check("a new user's test: an empty project, the tarball, vitest, the guide's first example pasted", () => {
  const fresh = join(work, 'vitest');
  newUser(fresh, [`vitest@${pinned.vitest}`]);
  // A configuration of its own keeps vitest from finding the one of the repository around it.
  writeFileSync(join(fresh, 'vitest.config.js'), 'export default { test: {} };\n');
  const code = guideExample('A first test');
  writeFileSync(join(fresh, 'ending.test.ts'), code);
  run('npx', ['vitest', 'run', '--reporter=json', '--outputFile=result.json'], fresh);
  allPassed(join(fresh, 'result.json'), code);
});

check("the guide's example for jest passes", () => {
  // Jest looks for no tests below a folder node_modules.
  const fresh = mkdtempSync(join(tmpdir(), 'rx-sora-jest-'));
  try {
    newUser(fresh, [JEST], { jest: { testMatch: ['**/*.test.js'] } });
    const code = guideExample('Under jest');
    writeFileSync(join(fresh, 'ending.test.ts'), code);
    run(bin('esbuild'), ['ending.test.ts', '--outfile=ending.test.js', '--format=esm'], fresh);
    run(process.execPath, ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--json', '--outputFile=result.json'], fresh);
    allPassed(join(fresh, 'result.json'), code);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
});

check("the guide's example for node:test passes", () => {
  const code = guideExample('Under node:test');
  writeFileSync(join(project, 'ending.test.ts'), code);
  // Node strips no types below a folder node_modules, which this project is in.
  run(bin('esbuild'), ['ending.test.ts', '--outfile=ending.test.js', '--format=esm'], project);
  const told = run(process.execPath, ['--test', '--test-reporter=tap', 'ending.test.js'], project);
  const expected = testsIn(code);
  if (expected === 0 || !told.includes(`# pass ${expected}\n`)) throw new Error(`${expected} tests were to pass:\n${told}`);
});

check('rx-sora/testing imports no test runner', () => {
  const folder = join(project, 'node_modules/rx-sora/dist/testing');
  const files = readdirSync(folder, { recursive: true }).filter((name) => /\.(js|d\.ts)$/.test(name));
  if (files.length === 0) throw new Error(`nothing in ${folder}`);
  const runner = /(?:from|import)\s*\(?\s*['"](?:node:test|vitest|jest|@jest\/|mocha|chai|jasmine|ava|tap|uvu)/;
  const found = files.filter((name) => runner.test(readFileSync(join(folder, name), 'utf8')));
  if (found.length > 0) throw new Error(`imported by ${found.join(', ')}`);
});

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const [, example] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
check("the README's example compiles", () => {
  writeFileSync(join(project, 'example.ts'), example);
  const options = {
    strict: true,
    module: 'nodenext',
    target: 'es2022',
    lib: ['es2023', 'dom', 'dom.iterable'],
    skipLibCheck: false,
    noEmit: true,
    types: [],
  };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['example.ts'] }));
  run(join(project, 'node_modules/.bin/tsc'), ['-p', 'tsconfig.json'], project);
});

check("the README's example runs against the lab, and the command rx-sora-lab starts and stops", () => {
  const script = `
    import { spawn } from 'node:child_process';
    import { createInterface } from 'node:readline';
    import { readFileSync, writeFileSync } from 'node:fs';
    import { RTCPeerConnection } from 'werift';
    import { WebSocket } from 'ws';
    Object.assign(globalThis, { RTCPeerConnection, WebSocket });
    const lab = spawn('node_modules/.bin/rx-sora-lab', ['--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
    let url;
    for await (const line of createInterface({ input: lab.stdout })) {
      url = /ws:\\/\\/127\\.0\\.0\\.1:\\d+\\/signaling/.exec(line)?.[0];
      if (url !== undefined) break;
    }
    const example = readFileSync('example.js', 'utf8').replaceAll(/wss?:\\/\\/[^'"]+/g, url);
    writeFileSync('example.run.js', example);
    const done = new Promise((resolve) => lab.on('exit', (code, signal) => resolve(code ?? signal)));
    const lines = [];
    const log = console.log;
    const said = new Promise((resolve) => { console.log = (...words) => { lines.push(words.join(' ')); log(...words); resolve(); }; });
    await import('./example.run.js');
    await said;
    lab.kill('SIGINT');
    if ((await done) !== 0) throw new Error('rx-sora-lab did not stop cleanly: ' + (await done));
  `;
  run(bin('esbuild'), ['example.ts', '--outfile=example.js', '--format=esm'], project);
  writeFileSync(join(project, 'run.mjs'), script);
  console.log(
    execFileSync(process.execPath, ['run.mjs'], { cwd: project, encoding: 'utf8', timeout: 60_000 }).trim().replaceAll(/^/gm, '     | '),
  );
});

rmSync(work, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
