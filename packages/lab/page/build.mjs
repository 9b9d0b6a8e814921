// Bundles the page of the lab: the SDK and the inspector, by their public names, with what they need, as files that the lab serves. The lab's own code shares
// nothing with them.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const PAGE = import.meta.dirname;
const ROOT = join(PAGE, '../../..');

/** Packages are bundled from their sources, so that the page does not depend on the order of builds. */
const ALIAS = {
  'rx-sora': join(ROOT, 'src/index.ts'),
  'rx-sora/media': join(ROOT, 'src/media/index.ts'),
  'rx-sora/testing': join(ROOT, 'src/testing/index.ts'),
  'rx-sora-inspector': join(ROOT, 'packages/inspector/src/index.ts'),
};

/** Files that are served as they stand. */
const STATIC = ['index.html', 'page.css'];

/** Writes the page into a folder, anew. */
export async function buildPage(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { metafile } = await build({
    entryPoints: { main: join(PAGE, 'main.ts') },
    absWorkingDir: ROOT,
    outdir: folder,
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    alias: ALIAS,
    chunkNames: 'chunk-[hash]',
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  for (const name of STATIC) copyFileSync(join(PAGE, name), join(folder, name));
  writeFileSync(join(folder, 'LICENSES.txt'), licences(Object.keys(metafile.inputs)));
}

/** The licences of the packages of others that are in the bundle. */
function licences(inputs) {
  const packages = new Set(
    inputs.map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]).filter((name) => name !== undefined),
  );
  return [...packages]
    .sort()
    .map((name) => {
      const folder = join(ROOT, 'node_modules', name);
      const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      return `${name} ${version} (${license})\n\n${licenceText(folder, name)}\n`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
}

function licenceText(folder, name) {
  for (const file of ['LICENSE', 'LICENSE.txt', 'LICENSE.md', 'CopyrightNotice.txt']) {
    try {
      return readFileSync(join(folder, file), 'utf8').trim();
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
    }
  }
  throw new Error(`${name} has no licence text`);
}
