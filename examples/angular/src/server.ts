// The pages, rendered here first, the files that they ask for, and the way to the lab, as a reverse proxy has it. On 127.0.0.1 only: it is an example.
import { AngularNodeAppEngine, createNodeRequestHandler, writeResponseToNodeResponse } from '@angular/ssr/node';
import { createReadStream, existsSync } from 'node:fs';
import { type IncomingMessage, createServer } from 'node:http';
import { connect } from 'node:net';
import { extname, join } from 'node:path';
import type { Duplex } from 'node:stream';

const TYPES: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css', '.html': 'text/html; charset=utf-8' };
const files = join(import.meta.dirname, '../browser');
const engine = new AngularNodeAppEngine();

export const reqHandler = createNodeRequestHandler(async (request, response, next) => {
  const name = /^\/([\w.-]+\.\w+)$/.exec(request.url ?? '')?.[1];
  if (name !== undefined && existsSync(join(files, name))) {
    response.setHeader('content-type', TYPES[extname(name)] ?? 'application/octet-stream');
    createReadStream(join(files, name)).pipe(response);
    return;
  }
  const page = await engine.handle(request);
  if (page === null) next();
  else await writeResponseToNodeResponse(page, response);
});

if (process.env['PORT'] !== undefined) {
  const server = createServer((request, response) => {
    const fail = (error: unknown): void => {
      if (error !== undefined) console.error(error);
      response.writeHead(error === undefined ? 404 : 500).end();
    };
    Promise.resolve(reqHandler(request, response, fail)).catch(fail);
  });
  server.on('upgrade', toLab);
  server.listen(Number(process.env['PORT']), '127.0.0.1', () => {
    const address = server.address();
    if (typeof address === 'object' && address !== null) console.log(`http://127.0.0.1:${address.port}/`);
  });
}

/** Passes a WebSocket on as it is, its end included. */
function toLab(request: IncomingMessage, client: Duplex, head: Buffer): void {
  const { hostname, port } = new URL(process.env['SIGNALING_URL'] ?? 'ws://127.0.0.1:5000/signaling');
  const lab = connect(Number(port), hostname, () => {
    const headers = request.rawHeaders.flatMap((name, index, all) => (index % 2 === 0 ? [`${name}: ${all[index + 1] ?? ''}`] : []));
    lab.write(`${[`GET ${request.url ?? '/'} HTTP/1.1`, ...headers].join('\r\n')}\r\n\r\n`);
    lab.write(head);
    client.pipe(lab).pipe(client);
  });
  for (const [one, other] of [
    [client, lab],
    [lab, client],
  ] as const) {
    one.on('error', () => other.destroy());
    one.on('close', () => other.destroy());
  }
}
