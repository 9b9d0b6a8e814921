import { Observable, Subject } from 'rxjs';
import { entryBytes } from './entry-size.ts';
import type { LabLogEntry, LabLogRecord } from './log-entry.ts';

export interface LabLogLimits {
  /** Entries that late readers still get. */
  readonly capacity: number;
  /** Bytes that these entries may take together. */
  readonly capacityBytes: number;
}

/** Emits every entry as it happens and keeps the latest ones, bounded in number and in bytes. */
export class LabLog {
  readonly #entrySubject = new Subject<LabLogEntry>();
  /** Entries that subscribers of an entry add wait here until that entry has reached everyone. */
  readonly #queue: LabLogEntry[] = [];
  readonly #limits: LabLogLimits;
  /** Sizes by entry, oldest first. */
  readonly #kept = new Map<LabLogEntry, number>();
  #keptBytes = 0;
  #sequence = 0;
  #emitting = false;

  /** Every new entry, in order. Hot, no replay; completes when the lab is closed. */
  readonly added$: Observable<LabLogEntry> = this.#entrySubject.asObservable();

  /** Hot, replays the entries kept, then every new entry; completes when the lab is closed. */
  readonly entries$: Observable<LabLogEntry> = new Observable((subscriber) => {
    const waiting: LabLogEntry[] = [...this.entries()];
    let replaying = true;
    const live = this.#entrySubject.subscribe({
      next: (entry) => (replaying ? waiting.push(entry) : subscriber.next(entry)),
      error: (error: unknown) => subscriber.error(error),
      complete: () => {
        if (!replaying) subscriber.complete();
      },
    });
    for (let entry = waiting.shift(); entry !== undefined && !subscriber.closed; entry = waiting.shift()) subscriber.next(entry);
    replaying = false;
    if (live.closed) subscriber.complete();
    return live;
  });

  constructor(limits: LabLogLimits) {
    this.#limits = limits;
  }

  /** Entries are emitted in order, even where a subscriber adds the next one. */
  add(record: LabLogRecord): void {
    this.#queue.push({ sequence: ++this.#sequence, at: performance.timeOrigin + performance.now(), ...record });
    if (this.#emitting) return;
    this.#emitting = true;
    for (let entry = this.#queue.shift(); entry !== undefined; entry = this.#queue.shift()) {
      this.#keep(entry);
      this.#entrySubject.next(entry);
    }
    this.#emitting = false;
  }

  /** The entries kept, oldest first. */
  entries(): readonly LabLogEntry[] {
    return [...this.#kept.keys()];
  }

  close(): void {
    this.#entrySubject.complete();
  }

  #keep(entry: LabLogEntry): void {
    const { capacity, capacityBytes } = this.#limits;
    if (capacity === 0) return;
    const bytes = entryBytes(entry);
    this.#kept.set(entry, bytes);
    this.#keptBytes += bytes;
    for (const [oldest, size] of this.#kept) {
      if (this.#kept.size <= capacity && this.#keptBytes <= capacityBytes) break;
      this.#kept.delete(oldest);
      this.#keptBytes -= size;
    }
  }
}
