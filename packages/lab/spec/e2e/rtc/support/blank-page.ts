import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An empty page over HTTP. Loopback counts as a secure context, without which browsers hide cameras and certificates; `about:blank` does not. */
export interface BlankPage {
  readonly url: string;
  close(): Promise<void>;
}

export const serveBlankPage = async (): Promise<BlankPage> => {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>blank</title>');
  });
  const listening = once(server, 'listening');
  server.listen(0, '127.0.0.1');
  await listening;
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
