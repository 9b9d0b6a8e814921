// Projects of users: empty folders into which packages are installed.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectNone, run } from './check.mjs';

export const install = (folder, packages, options = []) =>
  run('npm', ['install', '--no-audit', '--no-fund', '--silent', '--prefer-offline', ...options, ...packages], { cwd: folder });

/** An empty ESM project with these packages. */
export async function newProject(folder, packages) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'project', private: true, type: 'module' }));
  await install(folder, packages);
  return folder;
}

/** Nothing but these packages is installed. */
export async function expectInstalled(folder, expected) {
  const { packages } = JSON.parse(readFileSync(join(folder, 'node_modules/.package-lock.json'), 'utf8'));
  const names = Object.keys(packages).map((path) => path.replace(/^node_modules\//, ''));
  expectNone(
    names.filter((name) => !expected.includes(name)),
    'installed beside',
  );
  expectNone(
    expected.filter((name) => !names.includes(name)),
    'not installed',
  );
}

/** Loads the entries in a Node whose browser globals are traps. What the peers do when they are loaded is their own affair: they come first. */
export async function expectSilentImport(project, entries, peers = []) {
  const script = `
    for (const peer of ${JSON.stringify(peers)}) await import(peer);
    const touched = [];
    for (const name of ['WebSocket', 'RTCPeerConnection', 'navigator', 'window', 'document', 'CompressionStream', 'DecompressionStream']) {
      Object.defineProperty(globalThis, name, { configurable: true, get() { touched.push(name); return undefined; } });
    }
    const before = Reflect.ownKeys(globalThis).length;
    for (const entry of ${JSON.stringify(entries)}) await import(entry);
    if (touched.length > 0) throw new Error('read: ' + touched.join(', '));
    if (Reflect.ownKeys(globalThis).length !== before) throw new Error('globals were added');
    const ownOfNode = ['TTYWrap', 'PipeWrap', 'FSReqPromise', 'CloseReq', 'FSReqCallback'];
    const handles = process.getActiveResourcesInfo().filter((name) => !ownOfNode.includes(name));
    if (handles.length > 0) throw new Error('left open: ' + handles.join(', '));
  `;
  writeFileSync(join(project, 'import.mjs'), script);
  await run(process.execPath, ['import.mjs'], { cwd: project });
}
