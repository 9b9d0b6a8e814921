import { createServer, type Server } from 'node:http';
import { listen, urlHost, type HttpHandler } from '../node/lab-node.ts';

/** A port of its own for the HTTP API, as a real Sora has one. */
export class ApiServer {
  readonly url: string;
  readonly #server: Server;

  /** `failed` hears of errors after the start, such as a system that has no handle left for another client. */
  static async start(http: HttpHandler, host: string, port: number, failed: (error: Error) => void): Promise<ApiServer> {
    const server = createServer({ keepAliveTimeout: 1000 });
    const actualPort = await listen(server, port, host);
    server.on('request', http);
    server.on('error', failed);
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
