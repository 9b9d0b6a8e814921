import { filter, type Observable } from 'rxjs';
import type { ActionFault, ShapingFault } from '../faults/fault.ts';
import type { LabConnection, LabConnectionEnd, LabConnectionState } from '../lab-connection.ts';
import type { CloseCode } from '../lab-options.ts';
import type { LabLogEntry } from '../log/log-entry.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Mode, Role } from '../wire/words.ts';
import type { Connection } from './connection.ts';

/** A connection, as users of the lab see it. */
export class ConnectionHandle implements LabConnection {
  readonly connectionId: string;
  readonly clientId: string;
  readonly bundleId: string;
  readonly channelId: string;
  readonly sessionId: string;
  readonly role: Role;
  readonly mode: Mode;
  readonly node: string;
  readonly connect: JsonObject;
  readonly state$: Observable<LabConnectionState>;
  readonly ended$: Observable<LabConnectionEnd>;
  readonly log$: Observable<LabLogEntry>;
  readonly received$: Observable<LabLogEntry>;
  readonly #connection: Connection;

  constructor(connection: Connection) {
    const { agreement, parts } = connection;
    this.#connection = connection;
    this.connectionId = agreement.connectionId;
    this.clientId = agreement.clientId;
    this.bundleId = agreement.bundleId;
    this.channelId = agreement.channelId;
    this.sessionId = parts.channel.sessionId;
    this.role = agreement.role;
    this.mode = agreement.mode;
    this.node = parts.node;
    this.connect = parts.connect;
    this.state$ = connection.state$;
    this.ended$ = connection.ended$;
    this.log$ = parts.log.entries$.pipe(filter((entry) => entry.connectionId === agreement.connectionId));
    this.received$ = connection.received$;
  }

  get state(): LabConnectionState {
    return this.#connection.state;
  }

  disconnect(close: Partial<CloseCode> = {}): void {
    this.#connection.end({ cause: 'api', ...close });
  }

  push(data: JsonObject): void {
    this.#connection.push(data);
  }

  send(message: JsonObject): void {
    this.#connection.send(message);
  }

  sendMessage(label: string, payload: Uint8Array, from: string = this.connectionId): boolean {
    return this.#connection.deliver(label, payload, from);
  }

  inject(fault: ActionFault | ShapingFault): void {
    this.#connection.inject(fault);
  }

  closeWebSocket(code?: number, reason = ''): void {
    this.inject({ kind: 'websocket-close', ...(code === undefined ? {} : { code, reason }) });
  }

  cutWebSocket(): void {
    this.inject({ kind: 'websocket-cut' });
  }

  resetWebSocket(): void {
    this.inject({ kind: 'websocket-reset' });
  }

  closeChannels(...labels: readonly string[]): void {
    this.inject({ kind: 'channel-close', ...(labels.length === 0 ? {} : { labels }) });
  }

  abortChannels(): void {
    this.inject({ kind: 'sctp-abort' });
  }

  sendClose(code: number, reason: string): void {
    this.inject({ kind: 'close-message', code, reason });
  }

  fallSilent(): void {
    this.inject({ kind: 'silent' });
  }

  resume(): void {
    this.inject({ kind: 'resume' });
  }
}
