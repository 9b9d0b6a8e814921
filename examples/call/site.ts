import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type BuildOptions, build } from 'esbuild';
import { type Lab, startLab } from 'rx-sora-lab';

/** The example with a server of its own. */
export interface CallSite {
  readonly url: string;
  readonly lab: Lab;
  close(): Promise<void>;
}

const near = (name: string): string => new URL(name, import.meta.url).pathname;

/**
 * Bundles the page and serves it beside a lab, both on 127.0.0.1.
 *
 * @param alias where the bundle finds packages that are not to be found by their names
 */
export async function serveCall(port = 0, alias: NonNullable<BuildOptions['alias']> = {}): Promise<CallSite> {
  const [lab, { outputFiles }, html, css] = await Promise.all([
    startLab({ normalCloseReason: true }),
    build({ entryPoints: [near('call.ts')], bundle: true, write: false, format: 'esm', target: 'es2022', platform: 'browser', alias }),
    readFile(near('index.html'), 'utf8'),
    readFile(near('style.css'), 'utf8'),
  ]);
  const files: Readonly<Record<string, readonly [type: string, content: string]>> = {
    '/': ['text/html', html.replace('SIGNALING_URL', lab.url)],
    '/call.js': ['text/javascript', outputFiles[0]?.text ?? ''],
    '/style.css': ['text/css', css],
  };
  const server = createServer((request, response) => {
    const file = files[new URL(request.url ?? '/', 'http://127.0.0.1').pathname];
    response.writeHead(file ? 200 : 404, { 'content-type': `${file?.[0] ?? 'text/plain'}; charset=utf-8` });
    response.end(file?.[1]);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    lab,
    close: async () => {
      server.closeAllConnections();
      await Promise.all([lab.close(), new Promise((resolve) => server.close(resolve))]);
    },
  };
}
