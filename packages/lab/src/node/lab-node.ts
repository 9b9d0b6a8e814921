import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { Subscription, timer } from 'rxjs';
import { WebSocketServer } from 'ws';
import { SignalingSocket } from '../connection/signaling-socket.ts';
import type { DoorFault } from '../faults/fault.ts';
import type { FaultList } from '../faults/fault-list.ts';
import type { LabSettings } from '../lab-options.ts';
import { LabPortError } from '../lab-port-error.ts';
import type { LabLog } from '../log/lab-log.ts';
import { observe } from '../observe.ts';
import { startRtcEndpoint, type RtcEndpoint } from '../rtc/endpoint.ts';
import { mediaAddress } from './media-address.ts';
import type { NodeAddress } from './redirect.ts';

/** Answers an HTTP request that is no WebSocket upgrade. */
export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => void;

export interface LabNodeParts {
  readonly name: string;
  readonly port: number;
  readonly settings: LabSettings;
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

const REJECTIONS: Readonly<Record<number, string>> = { 404: 'Not Found', 503: 'Service Unavailable' };

function reject(stream: Duplex, status: number): void {
  stream.end(`HTTP/1.1 ${status} ${REJECTIONS[status] ?? 'Rejected'}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** An address as it stands in a URL. */
export const urlHost = (host: string): string => (host.includes(':') ? `[${host}]` : host);

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
  readonly #streams = new Set<Duplex>();
  readonly #subscription = new Subscription();
  #closed = false;

  static async start(parts: LabNodeParts): Promise<LabNode> {
    const { settings, port } = parts;
    const endpoint = await startRtcEndpoint(await mediaAddress(settings.host));
    const server = createServer({ keepAliveTimeout: 1000 });
    try {
      return new LabNode(parts, endpoint, server, await listen(server, port, settings.host));
    } catch (error) {
      await endpoint.close();
      throw error;
    }
  }

  private constructor(parts: LabNodeParts, endpoint: RtcEndpoint, server: Server, port: number) {
    const { settings, faults } = parts;
    this.#parts = parts;
    this.name = parts.name;
    this.endpoint = endpoint;
    this.url = `ws://${urlHost(settings.host)}:${port}${SIGNALING_PATH}`;
    this.httpUrl = `http://${urlHost(settings.host)}:${port}`;
    this.#server = server;
    this.#port = port;
    this.#webSocketServer = new WebSocketServer({
      noServer: true,
      maxPayload: settings.maxWebSocketMessageBytes,
      perMessageDeflate: false,
    });
    server.on('request', parts.http);
    server.on('connection', (stream: Duplex) => this.#keep(stream));
    server.on('upgrade', (request, stream, head) => this.#onUpgrade(request, stream, head));
    server.on('error', (error) => this.#log('server-error', { message: error.message }));
    this.#subscription.add(observe(faults.changes$, () => this.#openOrClosePort()));
    this.#openOrClosePort();
  }

  /** Closes the port, every connection to it, and the media endpoint. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#subscription.unsubscribe();
    for (const client of this.#webSocketServer.clients) client.terminate();
    for (const stream of this.#streams) stream.destroy();
    const closed = new Promise<void>((resolve) => {
      if (this.#server.listening) this.#server.close(() => resolve());
      else resolve();
    });
    await Promise.all([closed, this.endpoint.close()]);
  }

  #keep(stream: Duplex): void {
    this.#streams.add(stream);
    stream.once('close', () => this.#streams.delete(stream));
    // A client that resets its TCP connection is no event for the server.
    stream.on('error', () => undefined);
  }

  #log(type: string, detail: Readonly<Record<string, unknown>>): void {
    this.#parts.log.add({ kind: 'event', node: this.name, type, detail });
  }

  /** The fault `refused`: while it stands, the system refuses connections to the port. */
  #openOrClosePort(): void {
    const refuses = this.#parts.faults.refuses(this.name);
    if (refuses && this.#server.listening) this.#server.close();
    else if (!refuses && !this.#server.listening && !this.#closed) this.#server.listen(this.#port, this.#parts.settings.host);
  }

  #onUpgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const fault = this.#parts.faults.atDoor({ node: this.name });
    if (fault !== undefined) this.#parts.log.add({ kind: 'fault', node: this.name, type: fault.kind, detail: { ...fault } });
    if (fault?.kind === 'upgrade-delayed') {
      this.#subscription.add(observe(timer(fault.ms), () => this.#upgrade(request, stream, head)));
    } else if (fault === undefined) this.#upgrade(request, stream, head);
    else this.#turnAway(stream, fault);
  }

  #turnAway(stream: Duplex, fault: DoorFault): void {
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
    const url = `ws://${request.headers.host ?? new URL(this.url).host}${SIGNALING_PATH}`;
    this.#webSocketServer.handleUpgrade(request, stream, head, (webSocket) => {
      this.#parts.receive(new SignalingSocket(webSocket, stream, id, url), this);
    });
  }
}
