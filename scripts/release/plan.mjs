// What would be released: the packages, their versions now, and what the files in .changeset/ make of them.
import assembleReleasePlan from '@changesets/assemble-release-plan';
import { read as readConfig } from '@changesets/config';
import readChangesets from '@changesets/read';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FOLDERS, ROOT } from '../packages.mjs';
import { unreleasedVersion } from './changelog.ts';

const manifest = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** Changesets looks for packages below the root; here the root is one itself. */
function packages() {
  const all = FOLDERS.map((dir) => ({ dir, packageJson: manifest(dir) }));
  return { tool: 'yarn', root: all[0], packages: all };
}

/** A row for each package: its folder, its versions, and the changes that lead from one to the other. */
export async function plan() {
  const found = packages();
  const changesets = await functionOf(readChangesets)(ROOT);
  const config = await readConfig(ROOT, found);
  const { releases } = functionOf(assembleReleasePlan)(changesets, found, config, undefined);
  return found.packages.map(({ dir, packageJson: { name, version, private: isPrivate = false } }) => {
    const changelog = existsSync(join(dir, 'CHANGELOG.md')) ? readFileSync(join(dir, 'CHANGELOG.md'), 'utf8') : '# Changelog\n';
    const changes = changesets.flatMap(({ id, summary, releases: steps }) =>
      steps.filter((each) => each.name === name).map(({ type }) => ({ id, step: type, summary })),
    );
    const waits = unreleasedVersion(changelog) === version;
    const next = waits ? version : (releases.find((each) => each.name === name)?.newVersion ?? version);
    return { name, folder: dir, version, next, isPrivate, changelog, changes, hasNews: waits || next !== version };
  });
}

/** The packages of Changesets are CommonJS with a default export of their own. */
const functionOf = (module) => (typeof module === 'function' ? module : module.default);
