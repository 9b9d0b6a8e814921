// Makes examples/angular ready as a reader would: packs the packages, installs the packed files beside what its lock file says, and builds it. Then the
// lab and the application run until Ctrl+C. `--build` stops before that; `--packed-as-built` packs what is built already.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './packages.mjs';

const EXAMPLE = join(ROOT, 'examples/angular');
/** Says which lock file the installed packages come from. */
const INSTALLED = join(EXAMPLE, 'node_modules/.installed-from');
const PACKAGES = ['rx-sora', 'rx-sora-lab'];

const lock = createHash('sha256')
  .update(readFileSync(join(EXAMPLE, 'package-lock.json')))
  .digest('hex');
if (!existsSync(INSTALLED) || readFileSync(INSTALLED, 'utf8') !== lock) {
  step('npm ci', EXAMPLE, 'npm', 'ci', ...quietly());
  writeFileSync(INSTALLED, lock);
}

const packed = mkdtempSync(join(tmpdir(), 'rx-sora-example-'));
try {
  const asBuilt = process.argv.includes('--packed-as-built') ? ['--ignore-scripts'] : [];
  for (const [name, ...workspace] of [['rx-sora'], ['rx-sora-lab', '--workspace', 'rx-sora-lab']]) {
    step(`npm pack ${name}`, ROOT, 'npm', 'pack', '--silent', '--pack-destination', packed, ...asBuilt, ...workspace);
  }
  // Through the lock file npm would install what a tarball of this name contained before.
  const files = readdirSync(packed).map((file) => join(packed, file));
  step('npm install of the packed files', EXAMPLE, 'npm', 'install', '--no-save', ...quietly(), ...files);
} finally {
  rmSync(packed, { recursive: true, force: true });
}
for (const name of PACKAGES) {
  if (!existsSync(join(EXAMPLE, 'node_modules', name, 'dist/index.js'))) throw new Error(`${name} was packed before it was built`);
}
step('ng build', EXAMPLE, process.execPath, 'node_modules/@angular/cli/bin/ng.js', 'build', '--progress=false');

if (!process.argv.includes('--build')) {
  const { status } = spawnSync(process.execPath, ['serve.mjs'], { cwd: EXAMPLE, stdio: 'inherit' });
  process.exit(status ?? 0);
}

function quietly() {
  return ['--no-audit', '--no-fund', '--silent', '--prefer-offline', '--ignore-scripts'];
}

function step(title, cwd, command, ...args) {
  const startedAt = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 2 ** 26 });
  const seconds = `(${((performance.now() - startedAt) / 1000).toFixed(1)} s)`;
  if (status === 0) console.log(`ok   ${title} ${seconds}`);
  else {
    console.log(`FAIL ${title} ${seconds}\n${stdout}${stderr}`);
    process.exit(1);
  }
}
