import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import type { Site } from '../e2e/support/page-site.ts';

const path = (relative: string): string => new URL(relative, import.meta.url).pathname;

const PAGE = '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>';

/** The pages of the benchmark: with both SDKs, with one of them, with a session that is observed, or with a call that is watched. */
type Entry = 'bench' | 'bench-observed' | 'fresh-rx-sora' | 'fresh-official' | 'fresh-observed' | 'watching';

/** A page as a production build would have it: from the sources of the one SDK and the package of the other. */
export async function serveBench(entry: Entry): Promise<Site> {
  const { outputFiles } = await build({
    entryPoints: [path(`page/${entry}.ts`)],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    alias: { 'rx-sora': path('../../src/index.ts'), 'rx-sora/telemetry': path('../../src/telemetry/index.ts') },
    logLevel: 'error',
  });
  const script = outputFiles[0]?.text;
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js';
    response.setHeader('content-type', isScript ? 'text/javascript; charset=utf-8' : 'text/html; charset=utf-8');
    // An isolated page has a clock of 5 µs, any other one of 100 µs.
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
