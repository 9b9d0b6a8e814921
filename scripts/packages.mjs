// The packages of this repository: the SDK at its root, the others in the folders that its workspaces name.
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '..');

const { workspaces } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

/** The folder of each package, the root first. */
export const FOLDERS = [
  ROOT,
  ...globSync(
    workspaces.map((pattern) => `${pattern}/package.json`),
    { cwd: ROOT },
  )
    .sort()
    .map((path) => join(ROOT, path, '..')),
];
