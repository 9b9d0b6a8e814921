import { Subject, type Observable } from 'rxjs';
import type { LabLogEntry, LabLogRecord } from '../log/log-entry.ts';
import type { ConnectionParts } from './connection-parts.ts';
import type { Logged } from './outbox.ts';

/** Writes to the lab's log in the name of one connection. */
export class ConnectionLog {
  readonly #log: ConnectionParts['log'];
  readonly #who: Omit<LabLogRecord, 'kind' | 'type'>;
  readonly #receivedSubject = new Subject<LabLogEntry>();

  /** What its client sends. Hot; completes with {@link close}. */
  readonly received$: Observable<LabLogEntry> = this.#receivedSubject.asObservable();

  constructor({ log, node, socket, agreement }: Pick<ConnectionParts, 'log' | 'node' | 'socket' | 'agreement'>) {
    const { connectionId, clientId, channelId } = agreement;
    this.#log = log;
    this.#who = { node, socket: socket.id, connectionId, clientId, channelId };
  }

  add(entry: Logged): void {
    const logged = this.#log.add({ ...this.#who, ...entry });
    if (entry.direction === 'received') this.#receivedSubject.next(logged);
  }

  close(): void {
    this.#receivedSubject.complete();
  }
}
