import { AccessPolicy, isLoopbackName } from './access/access-policy.ts';
import { readTlsIdentity, type TlsIdentity } from './access/tls-identity.ts';
import { firstValueFrom, forkJoin, map, Observable, of, race, Subject, Subscription, timer } from 'rxjs';
import { ApiServer } from './api/api-server.ts';
import { httpHandler } from './api/http-handler.ts';
import { ChannelRegistry } from './channel/channel-registry.ts';
import { Connection } from './connection/connection.ts';
import { ConnectionHandle } from './connection/connection-handle.ts';
import type { SignalingSocket } from './connection/signaling-socket.ts';
import type { ActionFault, FaultMatch, ShapingFault } from './faults/fault.ts';
import { FaultList, matchesFault, type LabFaults } from './faults/fault-list.ts';
import type { LabConnection } from './lab-connection.ts';
import type { LabOptions, LabSettings } from './lab-options.ts';
import { LabLog } from './log/lab-log.ts';
import type { LabLogEntry } from './log/log-entry.ts';
import { LabNode, type HttpHandler } from './node/lab-node.ts';
import { observe } from './observe.ts';
import { ConnectHandler, type AcceptedConnect } from './node/connect-handler.ts';
import { settingsFrom } from './settings.ts';

/** A running lab. */
export interface Lab {
  /** Signaling URL of the first node, such as `ws://127.0.0.1:40123/signaling`. */
  readonly url: string;
  /** Signaling URLs of all nodes. */
  readonly urls: readonly string[];
  /** Base URL of the HTTP API (`POST /` with `x-sora-target`) and of the control under `/lab`: the API's own port where it has one. */
  readonly httpUrl: string;
  /** Connections that are alive now, in order of their `connect`. */
  readonly connections: readonly LabConnection[];
  /**
   * Connections that are alive, then each new one as soon as its `connect` is accepted and before its offer is sent, so that faults injected by a
   * subscriber apply from the start. Completes when the lab is closed.
   */
  readonly connections$: Observable<LabConnection>;
  /** Every message and event: those that the log still holds, then each as it happens. Completes when the lab is closed. */
  readonly log$: Observable<LabLogEntry>;
  /** Injected faults, for connections that are alive and for those to come. */
  readonly faults: LabFaults;
  /** Ends every connection and closes every port and timer. Resolves when nothing is left; a second call waits for the first. */
  close(): Promise<void>;
}

/** How long Close frames may take to leave before the sockets are destroyed. */
const CLOSING_MS = 150;

/** A lab with the members that its own parts use. */
export class LabServer implements Lab {
  readonly settings: LabSettings;
  readonly log: LabLog;
  readonly channels: ChannelRegistry;
  readonly faults: FaultList;
  readonly access: AccessPolicy;
  readonly #tls: TlsIdentity | undefined;
  readonly #connectionSubject = new Subject<LabConnection>();
  readonly #alive = new Map<string, { readonly connection: Connection; readonly handle: LabConnection }>();
  /** Connections that hold a socket, a peer or a timer. */
  readonly #unreleased = new Set<Connection>();
  readonly #sockets = new Set<SignalingSocket>();
  readonly #nodes: LabNode[] = [];
  readonly #watching = new Subscription();
  #api: ApiServer | undefined;
  #socketCount = 0;
  #closing: Promise<void> | undefined;

  readonly connections$: Observable<LabConnection> = new Observable((subscriber) => {
    const known = this.connections;
    const subscription = this.#connectionSubject.subscribe(subscriber);
    for (const connection of known) subscriber.next(connection);
    return subscription;
  });

  constructor(settings: LabSettings, tls: TlsIdentity | undefined) {
    const { hostNames, allowedOrigins } = settings;
    this.settings = settings;
    this.#tls = tls;
    this.access = new AccessPolicy({ hostNames, allowedOrigins, secure: tls !== undefined });
    this.log = new LabLog({ capacity: settings.logCapacity, capacityBytes: settings.logCapacityBytes });
    this.channels = new ChannelRegistry({ notifyMetadata: settings.notifyMetadata, now: () => performance.timeOrigin + performance.now() });
    this.faults = new FaultList((fault, match) => this.#inject(fault, match));
    for (const rule of settings.faults ?? []) this.faults.add(rule);
  }

  get url(): string {
    return this.#nodes[0]?.url ?? '';
  }

  get urls(): readonly string[] {
    return this.#nodes.map((node) => node.url);
  }

  get httpUrl(): string {
    return this.#api?.url ?? this.#nodes[0]?.httpUrl ?? '';
  }

  get nodes(): readonly LabNode[] {
    return this.#nodes;
  }

  get connections(): readonly LabConnection[] {
    return [...this.#alive.values()].map(({ handle }) => handle);
  }

  get log$(): Observable<LabLogEntry> {
    return this.log.entries$;
  }

  /** The connections of a channel, or all. */
  connectionsOf(channelId?: string): readonly Connection[] {
    const all = [...this.#alive.values()].map(({ connection }) => connection);
    return channelId === undefined ? all : all.filter((connection) => connection.agreement.channelId === channelId);
  }

  /** Opens the nodes one after the other. If one cannot be opened, closes those before it again. */
  async open(http: HttpHandler): Promise<void> {
    const { host, port, cluster, apiPort } = this.settings;
    try {
      for (let index = 0; index < cluster; index += 1) {
        this.#nodes.push(
          await LabNode.start({
            name: `node${index + 1}`,
            port: port === 0 ? 0 : port + index,
            settings: this.settings,
            tls: this.#tls,
            access: this.access,
            log: this.log,
            faults: this.faults,
            http,
            nextSocketId: () => (this.#sockets.size < this.settings.maxConnections ? ++this.#socketCount : undefined),
            receive: (socket, node) => this.#receive(socket, node),
          }),
        );
      }
      if (apiPort !== undefined) {
        this.#api = await ApiServer.start({
          http,
          settings: this.settings,
          port: apiPort,
          tls: this.#tls,
          failed: ({ message }) => this.log.add({ kind: 'event', node: 'api', type: 'server-error', detail: { message } }),
        });
      }
      if (!isLoopbackName(host)) this.#warnOfExposure(host);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    for (const connection of [...this.#unreleased]) connection.end({ cause: 'stopped' });
    const { code, reason } = this.settings.closeCodes.stopped;
    for (const socket of this.#sockets) socket.close(code, code === 1000 && !this.settings.normalCloseReason ? '' : reason);
    const closes = [...this.#sockets].map((socket) => socket.close$);
    await firstValueFrom(race(closes.length === 0 ? of(0) : forkJoin(closes), timer(CLOSING_MS)).pipe(map(() => undefined)));
    for (const connection of [...this.#unreleased]) connection.dispose();
    await Promise.all(this.#nodes.map((node) => node.close()));
    await this.#api?.close();
    this.#watching.unsubscribe();
    this.#connectionSubject.complete();
    this.faults.close();
    this.log.close();
    // The system frees its handles in the turn after their `close` events.
    await new Promise(setImmediate);
  }

  #receive(socket: SignalingSocket, node: LabNode): void {
    this.#sockets.add(socket);
    this.#watching.add(observe(socket.close$, () => this.#sockets.delete(socket)));
    const handler = new ConnectHandler(
      {
        node: node.name,
        nodes: () => this.#nodes,
        settings: this.settings,
        log: this.log,
        faults: this.faults,
        channels: this.channels,
      },
      socket,
    );
    this.#watching.add(observe(handler.accepted$, (accepted) => this.#onAccepted(accepted, node)));
    handler.start();
  }

  #onAccepted({ agreement, connect, socket, shaping }: AcceptedConnect, node: LabNode): void {
    const channel = this.channels.findOrCreate(agreement.channelId);
    channel.expect(agreement);
    const { connectionId } = agreement;
    const connection = new Connection({
      agreement,
      connect,
      socket,
      shaping,
      channel,
      endpoint: node.endpoint,
      settings: this.settings,
      log: this.log,
      faults: this.faults,
      node: node.name,
    });
    this.#watching.add(
      observe(connection.ended$, () => {
        this.#alive.delete(connectionId);
        this.channels.release(channel);
      }),
    );
    this.#watching.add(observe(connection.released$, () => this.#unreleased.delete(connection)));
    const handle = new ConnectionHandle(connection);
    this.#alive.set(connectionId, { connection, handle });
    this.#unreleased.add(connection);
    this.#connectionSubject.next(handle);
    if (connection.state !== 'ended') connection.start();
  }

  #inject(fault: ActionFault | ShapingFault, match: FaultMatch): number {
    const affected = this.connectionsOf().filter(({ parts, agreement }) => matchesFault(match, { node: parts.node, ...agreement }));
    for (const connection of affected) connection.inject(fault);
    return affected.length;
  }

  #warnOfExposure(host: string): void {
    this.log.add({ kind: 'event', node: 'lab', type: 'exposed', detail: { host, hostNames: this.settings.hostNames } });
    process.emitWarning(`The lab listens on ${host}: other machines can connect, break connections and read its log, which holds tokens.`, {
      type: 'LabWarning',
      code: 'LAB_EXPOSED',
    });
  }
}

/**
 * Starts a lab. Nothing is opened before the options are checked.
 *
 * @throws LabOptionsError (as a rejection) naming a wrong option; LabPortError (`code: 'EADDRINUSE'` and so on) when a port cannot be opened.
 */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const settings = settingsFrom(options);
  const lab = new LabServer(settings, readTlsIdentity(settings));
  await lab.open(httpHandler(lab));
  return lab;
}
