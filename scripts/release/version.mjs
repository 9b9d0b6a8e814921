// Turns the files in .changeset/ into versions: package.json, CHANGELOG, and every file that names the version. Nothing is committed.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../packages.mjs';
import { released } from './changelog.ts';
import { plan } from './plan.mjs';

/** Besides package.json. A version stands there in quotes or behind `lab-`. */
const NAMED_IN = {
  'rx-sora': ['src/version.ts'],
  'rx-sora-lab': ['packages/lab/src/settings.ts', 'packages/lab/src/lab-options.ts', 'packages/lab/README.md'],
};

const day = new Date().toISOString().slice(0, 10);
const rows = (await plan()).filter(({ hasNews }) => hasNews);
if (rows.length === 0) {
  console.log('Nothing to release: no file in .changeset/, and no section of a CHANGELOG waits for its date.');
  process.exit(0);
}

for (const { name, folder, version, next, changelog, changes } of rows) {
  writeFileSync(join(folder, 'CHANGELOG.md'), released(changelog, next, day, changes));
  if (next !== version) {
    replaceIn(join(folder, 'package.json'), `"version": "${version}"`, `"version": "${next}"`);
    for (const file of NAMED_IN[name] ?? []) replaceIn(join(ROOT, file), version, next);
  }
  console.log(`${name}: ${version} -> ${next}, ${changes.length} changes`);
}

const sdk = rows.find(({ name }) => name === 'rx-sora');
if (sdk !== undefined && sdk.next !== sdk.version) addToSite(sdk.version, sdk.next);
for (const id of new Set(rows.flatMap(({ changes }) => changes.map((change) => change.id)))) {
  rmSync(join(ROOT, `.changeset/${id}.md`));
}
console.log('Next: npm install --package-lock-only, npm run api -- --local, npm run docs, and a commit.');

function replaceIn(file, before, after) {
  const text = readFileSync(file, 'utf8');
  if (!text.includes(before)) throw new Error(`${file} does not name ${before}`);
  writeFileSync(file, text.replaceAll(before, after));
}

/** The menu of versions: the latest at the root of the site, each older one under its own number. */
function addToSite(version, next) {
  const file = join(ROOT, 'docs/.vitepress/versions.json');
  if (!existsSync(file)) return;
  const known = JSON.parse(readFileSync(file, 'utf8')).map((each) => (each.version === version ? { version, link: `/${version}/` } : each));
  writeFileSync(file, `[\n${[{ version: next, link: '/' }, ...known].map((each) => `  ${JSON.stringify(each)}`).join(',\n')}\n]\n`);
}
