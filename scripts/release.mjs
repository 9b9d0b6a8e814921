// Builds, proves, packs and publishes every package.
//   npm run release -- --dry-run              everything but publishing
//   npm run release -- --dry-run --from pack  begins with a step, after those before it have passed
//   npm run release                           publishes too; meant for the workflow `release`, as provenance needs its identity
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { FOLDERS, ROOT } from './packages.mjs';
import { plan } from './release/plan.mjs';

const dryRun = process.argv.includes('--dry-run');
const from = process.argv.includes('--from') ? process.argv[process.argv.indexOf('--from') + 1] : null;
const OUT = join(ROOT, 'release');

const npm = (...words) => [`npm ${words.join(' ')}`, () => command('npm', words)];
const script = (name, ...words) => npm('run', '--silent', name, ...words);

const STEPS = {
  plan: [['versions and changes', showPlan]],
  build: [script('build')],
  prove: [
    script('typecheck'),
    script('lint'),
    script('format:check'),
    script('test:unit'),
    script('test:e2e'),
    script('api'),
    script('sizes'),
    script('docs'),
    script('check:site'),
    script('check:package'),
    script('check:example:angular'),
  ],
  pack: [['every package into release/', pack]],
  publish: [[dryRun ? 'what npm would take' : 'to the registry, with provenance', publish]],
};

const names = Object.keys(STEPS);
if (from !== null && !names.includes(from)) {
  console.error(`--from ${from}: the steps are ${names.join(', ')}`);
  process.exit(1);
}
for (const name of names.slice(from === null ? 0 : names.indexOf(from))) {
  for (const [title, body] of STEPS[name]) {
    console.log(`--- ${name}: ${title}`);
    await body();
  }
}
console.log(dryRun ? 'Dry run: nothing was published. The tarballs are in release/.' : 'Published.');

function command(name, words, options = {}) {
  const { status } = spawnSync(name, words, { cwd: ROOT, stdio: 'inherit', ...options });
  if (status !== 0) {
    console.error(`FAILED: ${name} ${words.join(' ')}`);
    process.exit(1);
  }
}

function stop(reason) {
  console.error(`FAILED: ${reason}`);
  process.exit(1);
}

async function showPlan() {
  const rows = await plan();
  for (const { name, version, next, changes, hasNews, isPrivate } of rows) {
    const what = isPrivate ? 'private, not published' : hasNews ? `${changes.length} changes in .changeset/` : 'nothing new';
    console.log(`${name.padEnd(20)} ${version}${next === version ? '' : ` -> ${next}`}  ${what}`);
  }
  const waiting = rows.filter(({ next, version, changelog }) => next !== version || changelog.includes(`## ${version} - unreleased`));
  if (waiting.length === 0) return;
  const words = `${waiting.map(({ name }) => name).join(', ')}: npm run release:version gives the version its number and its date first`;
  if (!dryRun) stop(words);
  console.log(words);
}

function pack() {
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT);
  for (const folder of publicFolders()) {
    const { name } = manifest(folder);
    command('npm', ['pack', '--silent', '--pack-destination', OUT, ...(folder === ROOT ? [] : ['--workspace', name])]);
  }
  for (const file of readdirSync(OUT).sort()) {
    const bytes = readFileSync(join(OUT, file));
    console.log(`${file}  ${(bytes.length / 1000).toFixed(1)} kB  sha512-${createHash('sha512').update(bytes).digest('base64')}`);
  }
}

function publish() {
  const root = manifest(ROOT);
  if (!dryRun && !root.repository) {
    stop('package.json names no repository, and provenance is a statement about one: enter it in every package.json first');
  }
  for (const folder of publicFolders()) {
    const { name, version } = manifest(folder);
    if (!dryRun && isPublished(name, version)) {
      console.log(`${name}@${version} is published already`);
      continue;
    }
    const tarball = `./release/${name}-${version}.tgz`;
    command('npm', ['publish', tarball, '--access', 'public', '--ignore-scripts', ...(dryRun ? ['--dry-run'] : ['--provenance'])]);
  }
}

function isPublished(name, version) {
  try {
    return (
      execFileSync('npm', ['view', `${name}@${version}`, 'version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim() ===
      version
    );
  } catch {
    return false;
  }
}

function manifest(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

function publicFolders() {
  return FOLDERS.filter((folder) => manifest(folder).private !== true);
}
