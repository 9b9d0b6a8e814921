import { firstValueFrom, forkJoin, map, Observable, of, race, Subject, Subscription, timer } from 'rxjs';
import { ApiServer } from './api/api-server.ts';
import { httpHandler } from './api/http-handler.ts';
import { ChannelRegistry } from './channel/channel-registry.ts';
import { Connection } from './connection/connection.ts';
import { ConnectionHandle } from './connection/handle.ts';
import type { SignalingSocket } from './connection/signaling-socket.ts';
import type { ActionFault, FaultMatch, ShapingFault } from './faults/fault.ts';
import { FaultList, matchesFault, type LabFaults } from './faults/fault-list.ts';
import type { LabConnection } from './lab-connection.ts';
import type { LabOptions, LabSettings } from './lab-options.ts';
import { LabLog } from './log/lab-log.ts';
import type { LabLogEntry } from './log/log-entry.ts';
import { LabNode, type HttpHandler } from './node/lab-node.ts';
import { observe } from './observe.ts';
import { Reception, type Admission } from './node/reception.ts';
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
   * Connections that are alive, then each new one as soon as its `connect` is accepted, before its offer is sent: what a subscriber injects
   * then already counts. Completes when the lab is closed.
   */
  readonly connections$: Observable<LabConnection>;
  /** Every message and event: those the log still holds, then each as it happens. Completes when the lab is closed. */
  readonly log$: Observable<LabLogEntry>;
  /** What is broken on purpose, now and for connections to come. */
  readonly faults: LabFaults;
  /** Ends every connection, closes every port and timer. Resolves when nothing is left; a second call waits for the first. */
  close(): Promise<void>;
}

/** How long Close frames may take to leave before sockets go without ceremony. */
const GOODBYE_MS = 150;

/** The parts of a lab and what holds them together. */
export class LabServer implements Lab {
  readonly settings: LabSettings;
  readonly log: LabLog;
  readonly channels: ChannelRegistry;
  readonly faults: FaultList;
  readonly #connectionSubject = new Subject<LabConnection>();
  readonly #alive = new Map<string, { readonly connection: Connection; readonly handle: LabConnection }>();
  /** Until nothing of them is left. */
  readonly #present = new Set<Connection>();
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

  constructor(settings: LabSettings) {
    this.settings = settings;
    this.log = new LabLog(settings.logCapacity);
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

  /** Connections of a channel, as the API acts on them; all where no channel is named. */
  residents(channelId?: string): readonly Connection[] {
    const all = [...this.#alive.values()].map(({ connection }) => connection);
    return channelId === undefined ? all : all.filter((connection) => connection.agreement.channelId === channelId);
  }

  /** Opens the nodes one after the other; where one cannot be opened, those before it are closed again. */
  async open(http: HttpHandler): Promise<void> {
    const { host, port, cluster, apiPort } = this.settings;
    try {
      for (let index = 0; index < cluster; index += 1) {
        this.#nodes.push(
          await LabNode.start({
            name: `node${index + 1}`,
            port: port === 0 ? 0 : port + index,
            settings: this.settings,
            log: this.log,
            faults: this.faults,
            http,
            nextSocketId: () => (this.#sockets.size < this.settings.maxConnections ? ++this.#socketCount : undefined),
            receive: (socket, node) => this.#receive(socket, node),
          }),
        );
      }
      if (apiPort !== undefined) {
        this.#api = await ApiServer.start(http, host, apiPort, ({ message }) =>
          this.log.add({ kind: 'event', node: 'api', type: 'server-error', detail: { message } }),
        );
      }
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
    for (const connection of [...this.#present]) connection.end({ cause: 'stopped' });
    const { code, reason } = this.settings.closeCodes.stopped;
    for (const socket of this.#sockets) socket.close(code, code === 1000 && !this.settings.normalCloseReason ? '' : reason);
    const farewells = [...this.#sockets].map((socket) => socket.close$);
    await firstValueFrom(race(farewells.length === 0 ? of(0) : forkJoin(farewells), timer(GOODBYE_MS)).pipe(map(() => undefined)));
    for (const connection of [...this.#present]) connection.dispose();
    await Promise.all(this.#nodes.map((node) => node.close()));
    await this.#api?.close();
    this.#watching.unsubscribe();
    this.#connectionSubject.complete();
    this.faults.close();
    this.log.close();
    // The system's handles go in the turn after their `close` events.
    await new Promise(setImmediate);
  }

  #receive(socket: SignalingSocket, node: LabNode): void {
    this.#sockets.add(socket);
    this.#watching.add(observe(socket.close$, () => this.#sockets.delete(socket)));
    new Reception(
      {
        node: node.name,
        nodes: () => this.#nodes,
        settings: this.settings,
        log: this.log,
        faults: this.faults,
        channels: this.channels,
        admit: (admission) => this.#admit(admission, node),
      },
      socket,
    ).start();
  }

  #admit({ agreement, connect, socket, shape }: Admission, node: LabNode): void {
    const channel = this.channels.enter(agreement.channelId);
    channel.expect(agreement);
    const { connectionId } = agreement;
    const connection: Connection = new Connection({
      agreement,
      connect,
      socket,
      shape,
      channel,
      endpoint: node.endpoint,
      settings: this.settings,
      log: this.log,
      faults: this.faults,
      node: node.name,
      ended: () => {
        this.#alive.delete(connectionId);
        this.channels.release(channel);
      },
      gone: () => this.#present.delete(connection),
    });
    const handle = new ConnectionHandle(connection);
    this.#alive.set(connectionId, { connection, handle });
    this.#present.add(connection);
    this.#connectionSubject.next(handle);
    if (connection.state !== 'ended') connection.start();
  }

  #inject(fault: ActionFault | ShapingFault, match: FaultMatch): number {
    const befallen = this.residents().filter(({ parts, agreement }) => matchesFault(match, { node: parts.node, ...agreement }));
    for (const connection of befallen) connection.inject(fault);
    return befallen.length;
  }
}

/**
 * Starts a lab. Nothing is opened before the options are checked.
 *
 * @throws LabOptionsError (as a rejection) naming a wrong option; LabPortError (`code: 'EADDRINUSE'` and so on) when a port cannot be opened.
 */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const lab = new LabServer(settingsFrom(options));
  await lab.open(httpHandler(lab));
  return lab;
}
