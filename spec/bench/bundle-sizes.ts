import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** What a bundler makes of an import, in bytes. */
export interface BundleSize {
  readonly name: string;
  readonly minifiedBytes: number;
  readonly gzippedBytes: number;
}

const path = (relative: string): string => new URL(relative, import.meta.url).pathname;

async function sizeOf(name: string, contents: string, external: readonly string[]): Promise<BundleSize> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: path('../..'), loader: 'ts' },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    alias: { 'rx-sora': path('../../src/index.ts') },
    external: [...external],
    legalComments: 'none',
    logLevel: 'error',
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error(`esbuild made nothing of ${name}`);
  return { name, minifiedBytes: file.contents.byteLength, gzippedBytes: gzipSync(file.contents, { level: 9 }).byteLength };
}

const ours = ['connect', 'createSession', 'termination', 'roster', 'fromWebSocket'];

/** Bundles of single imports, with RxJS and without it, beside the official SDK. */
export async function bundleSizes(): Promise<readonly BundleSize[]> {
  const bundles = ours.flatMap((name) => {
    const contents = `export { ${name} } from 'rx-sora';`;
    const text = `\`import { ${name} } from 'rx-sora'\``;
    return [sizeOf(`${text}, without RxJS`, contents, ['rxjs']), sizeOf(`${text}, with RxJS`, contents, [])];
  });
  return Promise.all([
    sizeOf("`import Sora from 'sora-js-sdk'`", `export { default } from 'sora-js-sdk';`, []),
    ...bundles,
    sizeOf('all of `rx-sora`, without RxJS', `export * from 'rx-sora';`, ['rxjs']),
  ]);
}
