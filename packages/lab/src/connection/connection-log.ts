import { AsyncSubject, filter, takeUntil, type Observable } from 'rxjs';
import type { Agreement } from '../agreement.ts';
import type { LabLog } from '../log/lab-log.ts';
import type { LabLogEntry, LabLogRecord } from '../log/log-entry.ts';

/** An entry without the members that name the connection: {@link ConnectionLog} adds those. */
export type LogRecord = Pick<LabLogRecord, 'kind' | 'type'> & Partial<LabLogRecord>;

export interface ConnectionLogParts {
  readonly log: LabLog;
  readonly node: string;
  readonly socketId: number;
  readonly agreement: Pick<Agreement, 'connectionId' | 'clientId' | 'channelId'>;
}

/** Writes to the lab's log in the name of one connection. */
export class ConnectionLog {
  readonly #log: LabLog;
  readonly #names: Omit<LabLogRecord, 'kind' | 'type'>;
  readonly #closedSubject = new AsyncSubject<void>();

  /** What its client sends, in the order of the log. Hot, no replay; completes with {@link close}. */
  readonly received$: Observable<LabLogEntry>;

  constructor({ log, node, socketId, agreement }: ConnectionLogParts) {
    const { connectionId, clientId, channelId } = agreement;
    this.#log = log;
    this.#names = { node, socket: socketId, connectionId, clientId, channelId };
    this.received$ = log.added$.pipe(
      filter((entry) => entry.connectionId === connectionId && entry.direction === 'received'),
      takeUntil(this.#closedSubject),
    );
  }

  add(record: LogRecord): void {
    this.#log.add({ ...this.#names, ...record });
  }

  close(): void {
    this.#closedSubject.next();
    this.#closedSubject.complete();
  }
}
