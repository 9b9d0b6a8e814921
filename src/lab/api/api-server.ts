import { createServer, type Server } from 'node:http';
import { listen, urlHost, type HttpHandler } from '../node/lab-node.ts';

/** A port of its own for the HTTP API, as a real Sora has one. */
export class ApiServer {
  readonly url: string;
  readonly #server: Server;

  static async start(http: HttpHandler, host: string, port: number): Promise<ApiServer> {
    const server = createServer({ keepAliveTimeout: 1000 });
    const actualPort = await listen(server, port, host);
    server.on('request', http);
    return new ApiServer(server, `http://${urlHost(host)}:${actualPort}`);
  }

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.url = url;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}
