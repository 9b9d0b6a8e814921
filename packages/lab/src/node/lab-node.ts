import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Subscription, timer } from 'rxjs';
import { WebSocketServer } from 'ws';
import { isLoopbackName, type AccessPolicy } from '../access/access-policy.ts';
import type { TlsIdentity } from '../access/tls-identity.ts';
import { SignalingSocket } from '../connection/signaling-socket.ts';
import type { OpeningFault } from '../faults/fault.ts';
import type { FaultList } from '../faults/fault-list.ts';
import type { LabSettings } from '../lab-options.ts';
import { LabPortError } from '../lab-port-error.ts';
import type { LabLog } from '../log/lab-log.ts';
import { observe } from '../observe.ts';
import { startRtcEndpoint, type RtcEndpoint } from '../rtc/endpoint.ts';
import { mediaAddress } from './media-address.ts';
import type { NodeAddress } from './redirect.ts';

/** Answers an HTTP request that is not a WebSocket upgrade. */
export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => void;

export interface LabNodeParts {
  readonly name: string;
  readonly port: number;
  readonly settings: LabSettings;
  readonly tls: TlsIdentity | undefined;
  readonly access: AccessPolicy;
  readonly log: LabLog;
  readonly faults: FaultList;
  readonly http: HttpHandler;
  /** A number for the next socket, or undefined when the lab is full. */
  readonly nextSocketId: () => number | undefined;
  /** A client has opened its WebSocket. */
  readonly receive: (socket: SignalingSocket, node: LabNode) => void;
}

/** The path of signaling URLs. */
export const SIGNALING_PATH = '/signaling';

const REJECTIONS: Readonly<Record<number, string>> = {
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  503: 'Service Unavailable',
};

function reject(stream: Duplex, status: number): void {
  stream.end(`HTTP/1.1 ${status} ${REJECTIONS[status] ?? 'Rejected'}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** An address as written in a URL. */
const urlHost = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/** Host and port as they stand in the lab's URLs: beyond the loopback address clients call it by its first host name. */
export function authority({ host, hostNames }: Pick<LabSettings, 'host' | 'hostNames'>, port: number): string {
  return `${urlHost(isLoopbackName(host) ? host : (hostNames[0] ?? host))}:${port}`;
}

/** An HTTP server, over TLS where there is a certificate. */
export function createHttpServer(tls: TlsIdentity | undefined): Server {
  const options = { keepAliveTimeout: 1000 };
  const server = tls === undefined ? createServer(options) : createTlsServer({ ...options, ...tls });
  server.on('connect', (_request, stream: Duplex) => reject(stream, 405));
  return server;
}

/** Listens on a port; rejects with a LabPortError where that is not possible. */
export function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => reject(new LabPortError(host, port, error));
    server.once('error', fail);
    server.listen(port, host, () => {
      server.off('error', fail);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

const remoteOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress ?? ''} ${remotePort ?? ''}`;

/** One node of the lab: a TCP port with signaling and HTTP, and a UDP port with media. */
export class LabNode implements NodeAddress {
  readonly name: string;
  readonly url: string;
  readonly httpUrl: string;
  readonly endpoint: RtcEndpoint;
  readonly #parts: LabNodeParts;
  readonly #server: Server;
  readonly #port: number;
  readonly #webSocketServer: WebSocketServer;
  /** TCP connections by the address of their client. */
  readonly #connections = new Map<string, Socket>();
  readonly #subscription = new Subscription();
  #closed = false;

  static async start(parts: LabNodeParts): Promise<LabNode> {
    const { settings, port, tls } = parts;
    const endpoint = await startRtcEndpoint(await mediaAddress(settings.host));
    const server = createHttpServer(tls);
    try {
      return new LabNode(parts, endpoint, server, await listen(server, port, settings.host));
    } catch (error) {
      await endpoint.close();
      throw error;
    }
  }

  private constructor(parts: LabNodeParts, endpoint: RtcEndpoint, server: Server, port: number) {
    const { settings, faults, tls } = parts;
    this.#parts = parts;
    this.name = parts.name;
    this.endpoint = endpoint;
    this.url = `${this.#scheme('ws')}://${authority(settings, port)}${SIGNALING_PATH}`;
    this.httpUrl = `${this.#scheme('http')}://${authority(settings, port)}`;
    this.#server = server;
    this.#port = port;
    this.#webSocketServer = new WebSocketServer({
      noServer: true,
      maxPayload: settings.maxWebSocketMessageBytes,
      perMessageDeflate: false,
    });
    server.on('request', parts.http);
    server.on('connection', (connection: Socket) => this.#track(connection));
    server.on('upgrade', (request, stream, head) => this.#onUpgrade(request, stream, head));
    server.on('error', ({ message }) => this.#log('server-error', { message }));
    if (tls !== undefined) server.on('tlsClientError', ({ message }: Error) => this.#log('tls-error', { message }));
    this.#subscription.add(observe(faults.changes$, () => this.#openOrClosePort()));
    this.#openOrClosePort();
  }

  /** Closes the port, every connection to it, and the media endpoint. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#subscription.unsubscribe();
    for (const client of this.#webSocketServer.clients) client.terminate();
    for (const connection of this.#connections.values()) connection.destroy();
    const closed = new Promise<void>((resolve) => {
      if (this.#server.listening) this.#server.close(() => resolve());
      else resolve();
    });
    await Promise.all([closed, this.endpoint.close()]);
  }

  #scheme(plain: 'http' | 'ws'): string {
    return this.#parts.tls === undefined ? plain : `${plain}s`;
  }

  #track(connection: Socket): void {
    const remote = remoteOf(connection);
    this.#connections.set(remote, connection);
    connection.once('close', () => this.#connections.delete(remote));
    // The server does not care about a client that resets its TCP connection.
    connection.on('error', () => undefined);
  }

  #log(type: string, detail: Readonly<Record<string, unknown>>): void {
    this.#parts.log.add({ kind: 'event', node: this.name, type, detail });
  }

  /** The fault `refused`: while it is in force, the system refuses connections to the port. */
  #openOrClosePort(): void {
    const refuses = this.#parts.faults.refuses(this.name);
    if (refuses && this.#server.listening) this.#server.close();
    else if (!refuses && !this.#server.listening && !this.#closed) this.#server.listen(this.#port, this.#parts.settings.host);
  }

  #onUpgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const refusal = this.#parts.access.checkSignaling(request.headers);
    if (refusal !== undefined) {
      const { host, origin } = request.headers;
      this.#log('upgrade-refused', { why: refusal, host, origin });
      reject(stream, 403);
      return;
    }
    const fault = this.#parts.faults.openingFault({ node: this.name });
    if (fault !== undefined) this.#parts.log.add({ kind: 'fault', node: this.name, type: fault.kind, detail: { ...fault } });
    if (fault?.kind === 'upgrade-delayed') {
      this.#subscription.add(observe(timer(fault.ms), () => this.#upgrade(request, stream, head)));
    } else if (fault === undefined) this.#upgrade(request, stream, head);
    else this.#performOpeningFault(stream, fault);
  }

  #performOpeningFault(stream: Duplex, fault: OpeningFault): void {
    if (fault.kind === 'upgrade-cut') stream.destroy();
    else if (fault.kind === 'upgrade-rejected') reject(stream, fault.status);
  }

  #upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const path = (request.url ?? '').split('?', 1)[0];
    if (path !== SIGNALING_PATH) {
      reject(stream, 404);
      return;
    }
    const id = this.#parts.nextSocketId();
    if (id === undefined) {
      this.#log('full', { maxConnections: this.#parts.settings.maxConnections });
      reject(stream, 503);
      return;
    }
    const url = `${this.#scheme('ws')}://${request.headers.host ?? new URL(this.url).host}${SIGNALING_PATH}`;
    const tcp = this.#connections.get(remoteOf(request.socket));
    this.#webSocketServer.handleUpgrade(request, stream, head, (webSocket) => {
      this.#parts.receive(new SignalingSocket(webSocket, tcp, id, url), this);
    });
  }
}
