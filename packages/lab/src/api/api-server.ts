import type { Server } from 'node:http';
import type { TlsIdentity } from '../access/tls-identity.ts';
import type { LabSettings } from '../lab-options.ts';
import { authority, createHttpServer, listen, type HttpHandler } from '../node/lab-node.ts';

export interface ApiServerParts {
  readonly http: HttpHandler;
  readonly settings: Pick<LabSettings, 'host' | 'hostNames'>;
  readonly port: number;
  readonly tls: TlsIdentity | undefined;
  /** Called with errors after the start, such as a system that has no handle left for another client. */
  readonly failed: (error: Error) => void;
}

/** A port of its own for the HTTP API, as a real Sora has one. */
export class ApiServer {
  readonly url: string;
  readonly #server: Server;

  /** Rejects with a LabPortError where the port cannot be opened. */
  static async start({ http, settings, port, tls, failed }: ApiServerParts): Promise<ApiServer> {
    const server = createHttpServer(tls);
    const actualPort = await listen(server, port, settings.host);
    server.on('request', http);
    server.on('error', failed);
    return new ApiServer(server, `${tls === undefined ? 'http' : 'https'}://${authority(settings, actualPort)}`);
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
