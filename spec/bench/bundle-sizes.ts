import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import type { FigureGroup, OwnFigure } from './figure.ts';

const root = new URL('../../', import.meta.url).pathname;

/** A row of `scripts/sizes.mjs --json`. */
interface Size {
  readonly name: string;
  readonly gzippedBytes: number;
  readonly addedBytes?: number;
  readonly budgetBytes?: number;
}

async function officialBytes(): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: `export { default } from 'sora-js-sdk';`, resolveDir: root },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    legalComments: 'none',
    logLevel: 'error',
  });
  return gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).byteLength;
}

/** What an application pays for what it imports, beside the official SDK. */
export async function bundleSizes(): Promise<readonly FigureGroup[]> {
  const { stdout } = await promisify(execFile)(process.execPath, ['scripts/sizes.mjs', '--json'], { cwd: root });
  const sizes = JSON.parse(stdout) as readonly Size[];
  const official = await officialBytes();
  const figure = (name: string, bytes: number, budgetBytes?: number): OwnFigure => ({
    name,
    unit: 'kB',
    samples: [bytes / 1000],
    ...(budgetBytes !== undefined && { atMost: budgetBytes / 1000 }),
  });
  const whole = sizes.filter(({ addedBytes }) => addedBytes === undefined);
  const added = sizes.filter(({ addedBytes }) => addedBytes !== undefined);
  return [
    {
      title: 'Size',
      meaning:
        'What gzip (level 9) makes of a bundle that esbuild minified, over the built package, without RxJS. RxJS is a peer: an application that has it pays for what it did ' +
        `not use before. \`sora-js-sdk\`, which has no peer, is ${(official / 1000).toFixed(1)} kB.`,
      own: whole.map(({ name, gzippedBytes, budgetBytes }) => figure(name, gzippedBytes, budgetBytes)),
    },
    {
      title: 'Size of each function',
      meaning: 'How much more `connect` weighs with each function beside it.',
      own: added.map(({ name, addedBytes = 0, budgetBytes }) => figure(name, addedBytes, budgetBytes)),
    },
  ];
}
