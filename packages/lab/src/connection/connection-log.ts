import { AsyncSubject, filter, takeUntil, type Observable } from 'rxjs';
import type { LabLogEntry, LabLogRecord } from '../log/log-entry.ts';
import type { ConnectionParts } from './connection-parts.ts';
import type { Logged } from './outbox.ts';

/** Writes to the lab's log in the name of one connection. */
export class ConnectionLog {
  readonly #log: ConnectionParts['log'];
  readonly #who: Omit<LabLogRecord, 'kind' | 'type'>;
  readonly #closedSubject = new AsyncSubject<void>();

  /** What its client sends, in the order of the log. Hot, no replay; completes with {@link close}. */
  readonly received$: Observable<LabLogEntry>;

  constructor({ log, node, socket, agreement }: Pick<ConnectionParts, 'log' | 'node' | 'socket' | 'agreement'>) {
    const { connectionId, clientId, channelId } = agreement;
    this.#log = log;
    this.#who = { node, socket: socket.id, connectionId, clientId, channelId };
    this.received$ = log.added$.pipe(
      filter((entry) => entry.connectionId === connectionId && entry.direction === 'received'),
      takeUntil(this.#closedSubject),
    );
  }

  add(entry: Logged): void {
    this.#log.add({ ...this.#who, ...entry });
  }

  close(): void {
    this.#closedSubject.next();
    this.#closedSubject.complete();
  }
}
