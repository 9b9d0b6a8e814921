// Checks the packages as their users get them: packs them in a fresh clone, looks into the tarballs, installs them into empty projects and
// uses them there. Three lanes run side by side: one goes on in the clone, the others live with the tarballs.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeBlocks } from '../spec/docs/support/markdown.ts';
import { ROOT } from './packages.mjs';
import { checkAngular } from './package-check/angular.mjs';
import { bundlerPackages, checkBundles } from './package-check/bundles.mjs';
import { check, count, inCi, representatives, run } from './package-check/check.mjs';
import { expectCommand, expectServe, runExample } from './package-check/command.mjs';
import { freshClone, pack } from './package-check/fresh-clone.mjs';
import { expectInstalled, expectSilentImport, install, newProject } from './package-check/projects.mjs';
import * as tarballs from './package-check/tarball.mjs';
import { marblesUnder, runnerPackages, underJest, underNodeTest, underVitest } from './package-check/test-runners.mjs';
import { COMPILERS, checkTypes, compilerPackages } from './package-check/types.mjs';

/** The tarball of the SDK: code and declarations are four fifths of it, the guides in English the rest. */
const SDK_MAX_KILOBYTES = 264;

const { devDependencies: pinned, peerDependencies, exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const pin = (names) => names.map((name) => `${name}@${pinned[name]}`);
const peers = pin(Object.keys(peerDependencies));
const entries = Object.entries(exports)
  .filter(([, target]) => typeof target === 'object')
  .map(([entry]) => `rx-sora${entry.slice(1)}`);

const blocks = codeBlocks('README.md').filter(({ language }) => language === 'ts');
const examples = (page) => codeBlocks(page).flatMap(({ language, code }) => (language === 'ts' ? [code] : []));
/** The examples of the inspector's README take a session and a place in the page for granted. */
const inspectorExamples = examples('packages/inspector/README.md').map(
  (code) =>
    `import 'rx-sora-inspector';\ndeclare const session: import('rx-sora').Session;\ndeclare const container: HTMLElement;\n${code}`,
);
/** Loads every declaration of the SDK but those for Angular, which asks for certain compilers: `checkAngular` has them. */
const everyEntry = `${entries
  .filter((entry) => entry !== 'rx-sora/angular')
  .map((entry, index) => `import * as entry${index} from '${entry}';\nexport { entry${index} };`)
  .join('\n')}\n`;

const bin = (name) => join(ROOT, 'node_modules/.bin', name);

const work = mkdtempSync(join(tmpdir(), 'rx-sora-package-'));
try {
  await checkAll();
} finally {
  rmSync(work, { recursive: true, force: true });
}
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exit(count.failed === 0 ? 0 : 1);

async function checkAll() {
  const tools = [...compilerPackages, ...bundlerPackages(pinned), ...runnerPackages(pinned), ...pin(['ws', 'werift', '@types/node'])];
  const projectReady = newProject(join(work, 'project'), [...new Set([...tools, ...peers])]);
  // Told where it is awaited.
  projectReady.catch(() => undefined);

  const clone = await freshClone(work);
  await check('a fresh clone: npx rx-sora-lab runs before anything is built', () =>
    run('npx', ['rx-sora-lab', '--version'], { cwd: clone }),
  );
  const packed = await check('a fresh clone: npm pack gives every package', async () => {
    const paths = await pack(clone, join(work, 'first'));
    const [sdk, lab, inspector] = await Promise.all(
      ['rx-sora', 'rx-sora-lab', 'rx-sora-inspector'].map((name) => tarballs.unpack(paths.get(name))),
    );
    return { sdk, lab, inspector };
  });
  if (packed === undefined) return;
  await checkContents(packed);
  await Promise.all([
    checkClone(clone, packed),
    checkUse(packed, projectReady),
    checkAngular(join(work, 'angular'), { sdk: packed.sdk.path, rxjs: pin(['rxjs'])[0] }),
  ]);
}

async function checkContents({ sdk, lab, inspector }) {
  for (const tarball of [sdk, lab, inspector]) {
    const { name } = tarball.manifest;
    await check(`${name}: the tarball is complete`, () => tarballs.expectComplete(tarball));
    await check(`${name}: its pages link to what is in the tarball`, () => tarballs.expectLinksInside(tarball));
    await check(`${name}: no source map without its sources`, () => tarballs.expectNoDeadMaps(tarball));
    await check(`${name}: imports what it declares, and nothing else`, () =>
      tarballs.expectDeclaredImports(tarball, { node: tarball === lab }),
    );
  }
  await check(`rx-sora: ${(sdk.bytes / 1000).toFixed(1)} kB packed`, () => tarballs.expectAtMost(sdk, SDK_MAX_KILOBYTES));
  await check('rx-sora: no line of the lab', () => tarballs.expectNothingOf(lab, sdk));
  await check('rx-sora: no line of the inspector', () => tarballs.expectNothingOf(inspector, sdk));
  await check('rx-sora-lab: its page and the licences of what is in it', () =>
    tarballs.expectFiles(lab, ['dist/assets/index.html', 'dist/assets/main.js', 'dist/assets/page.css', 'dist/assets/LICENSES.txt']),
  );
}

async function checkClone(clone, { sdk, lab, inspector }) {
  const inClone = (...words) => run('npm', words, { cwd: clone });
  await check('the clone: npm start', () => inClone('start'));
  await check('the clone: npm start -- --serve runs the lab with its page', () => expectServe(clone));
  await check('the clone: npm pack after npm start gives the same content', async () => {
    const paths = await pack(clone, join(work, 'second'));
    for (const first of [sdk, lab, inspector]) tarballs.expectSameContent(first, await tarballs.unpack(paths.get(first.manifest.name)));
  });
  for (const script of inCi ? [] : ['build', 'docs']) {
    await check(`the clone: npm run ${script}`, () => inClone('run', script));
  }
  for (const { manifest, files } of [sdk, lab, inspector]) {
    await check(`the clone: ${manifest.name} packs the same files after all of it`, async () => {
      const [{ files: now }] = JSON.parse(
        await inClone(
          'pack',
          '--dry-run',
          '--json',
          '--ignore-scripts',
          ...(manifest.name === 'rx-sora' ? [] : ['--workspace', manifest.name]),
        ),
      );
      const names = now.map(({ path }) => path).sort();
      if (names.join('\n') !== files.join('\n')) throw new Error(`now:\n${names.join('\n')}\nbefore:\n${files.join('\n')}`);
    });
  }
}

async function checkUse({ sdk, lab, inspector }, projectReady) {
  for (const { path, manifest } of [sdk, lab, inspector]) {
    await check(`${manifest.name}: publint --strict`, () => run(bin('publint'), [path, '--strict']));
    // ESM only, on purpose: `require` of it works in every Node that is supported.
    await check(`${manifest.name}: attw`, () => run(bin('attw'), [path, '--ignore-rules', 'cjs-resolves-to-esm']));
  }
  await check('rx-sora installs into an empty folder with RxJS alone', async () => {
    const folder = await newProject(join(work, 'sdk'), [sdk.path, ...pin(['rxjs'])]);
    await expectInstalled(folder, ['rx-sora', 'rxjs', 'tslib']);
  });
  await check('rx-sora-lab installs into an empty folder; npx rx-sora-lab starts, has a page, stops on SIGINT with 0', async () => {
    const folder = await newProject(join(work, 'lab'), [lab.path]);
    await expectInstalled(folder, ['rx-sora-lab', 'tslib', ...Object.keys(lab.manifest.dependencies)]);
    await expectCommand(folder);
  });

  const project = await check('all of them install into one project', async () => {
    const folder = await projectReady;
    await install(folder, [sdk.path, lab.path, inspector.path], ['--no-save']);
    return folder;
  });
  if (project === undefined) return;
  await check('importing an entry in plain Node touches no global and opens nothing', () =>
    expectSilentImport(project, entries, ['@angular/core', '@angular/core/rxjs-interop']),
  );
  const runnable = blocks.find(({ mark }) => mark === 'run');
  await checkBundles(project, { entries: [...entries, 'rx-sora-inspector'], example: runnable?.code ?? '' });
  await check("a new user's first test passes under vitest", () => underVitest(project));
  await check("the guide's example for jest passes", () => underJest(project));
  await check("the guide's example for node:test passes", () => underNodeTest(project));
  for (const runner of ['vitest', 'jest']) {
    await check(`examples/marble-test passes under ${runner}`, () => marblesUnder(runner, project));
  }
  await check("the README's example runs against the command rx-sora-lab", () =>
    runExample(project, blocks.find(({ mark }) => mark === 'run: lab')?.code ?? ''),
  );
  await checkTypes(project, { name: 'rx-sora', examples: [everyEntry, ...examples('README.md')], dom: true });
  await checkTypes(project, {
    name: 'rx-sora-lab',
    examples: examples('packages/lab/README.md'),
    dom: false,
    compilers: representatives(COMPILERS),
  });
  await checkTypes(project, {
    name: 'rx-sora-inspector',
    examples: inspectorExamples,
    dom: true,
    compilers: representatives(COMPILERS),
  });
}
