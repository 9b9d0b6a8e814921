import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';

const root = (path: string): string => new URL(`../../../${path}`, import.meta.url).pathname;

/** One page on 127.0.0.1, which browsers take for a secure context. */
export interface Site {
  readonly url: string;
  close(): Promise<void>;
}

async function bundled(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [root(`spec/e2e/support/page/${entry}.ts`)],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    alias: {
      'rx-sora': root('src/index.ts'),
      'rx-sora/media': root('src/media/index.ts'),
      'rx-sora/telemetry': root('src/telemetry/index.ts'),
      'rx-sora/testing': root('src/testing/index.ts'),
      'rx-sora-inspector': root('packages/inspector/src/index.ts'),
    },
    logLevel: 'error',
  });
  return outputFiles[0]!.text;
}

const PAGE =
  '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>Specs</title><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>';

/** Bundles a page of `support/page` from the sources and serves it. */
export async function serve(
  entry: 'rx-sora' | 'official' | 'recording' | 'media' | 'processed' | 'inspector' | 'calls' | 'telemetry',
): Promise<Site> {
  const script = await bundled(entry);
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js';
    response.setHeader('content-type', isScript ? 'text/javascript; charset=utf-8' : 'text/html; charset=utf-8');
    // Only an isolated page has memory to share.
    response.setHeader('cross-origin-opener-policy', 'same-origin');
    response.setHeader('cross-origin-embedder-policy', 'require-corp');
    response.end(isScript ? script : PAGE);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
