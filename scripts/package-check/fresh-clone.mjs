// The repository as a clone has it: what git knows, and nothing that was built.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FOLDERS, ROOT } from '../packages.mjs';
import { run } from './check.mjs';

/** Makes the clone. The packages installed here are linked into it, which takes a second where `npm ci` takes a minute. */
export async function freshClone(work) {
  const clone = join(work, 'clone');
  mkdirSync(clone);
  // Files that are not committed yet are part of it, so that a change can be checked before its commit.
  const archive = join(work, 'clone.tar');
  const tracked = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: ROOT });
  const files = tracked.split('\0').filter((file) => file !== '' && existsSync(join(ROOT, file)));
  await run('tar', ['-cf', archive, ...files], { cwd: ROOT });
  await run('tar', ['-xf', archive, '-C', clone]);
  const modules = join(ROOT, 'node_modules');
  try {
    await run('cp', ['-al', modules, clone]);
  } catch {
    // Another file system, or a `cp` that makes no links.
    await run('cp', ['-a', modules, clone]);
  }
  return clone;
}

/** Packs every package as the README says, and resolves with the path of each tarball by the name of its package. */
export async function pack(clone, destination) {
  mkdirSync(destination, { recursive: true });
  const tarballs = new Map();
  for (const folder of FOLDERS) {
    const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const workspace = folder === ROOT ? [] : ['--workspace', name];
    await run('npm', ['pack', '--silent', '--pack-destination', destination, ...workspace], { cwd: clone });
    tarballs.set(name, join(destination, `${name}-${version}.tgz`));
  }
  return tarballs;
}
