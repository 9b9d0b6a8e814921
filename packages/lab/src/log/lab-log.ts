import { Observable, Subject } from 'rxjs';
import type { LabLogEntry, LabLogRecord } from './log-entry.ts';

/** Collects what happened in a bounded ring and hands it on as it happens. */
export class LabLog {
  readonly #entrySubject = new Subject<LabLogEntry>();
  readonly #mailbox: LabLogEntry[] = [];
  readonly #ring: LabLogEntry[] = [];
  readonly #capacity: number;
  #start = 0;
  #sequence = 0;
  #emitting = false;

  /** Every new entry, in order. Hot, no replay; completes when the lab is closed. */
  readonly added$: Observable<LabLogEntry> = this.#entrySubject.asObservable();

  /** Hot, replays the ring, then every new entry; completes when the lab is closed. */
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

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Entries are emitted in order, even when a subscriber causes the next one. */
  add(record: LabLogRecord): void {
    this.#mailbox.push({ sequence: ++this.#sequence, at: performance.timeOrigin + performance.now(), ...record });
    if (this.#emitting) return;
    this.#emitting = true;
    for (let entry = this.#mailbox.shift(); entry !== undefined; entry = this.#mailbox.shift()) {
      this.#keep(entry);
      this.#entrySubject.next(entry);
    }
    this.#emitting = false;
  }

  /** What the ring holds, oldest first. */
  entries(): readonly LabLogEntry[] {
    return [...this.#ring.slice(this.#start), ...this.#ring.slice(0, this.#start)];
  }

  close(): void {
    this.#entrySubject.complete();
  }

  #keep(entry: LabLogEntry): void {
    if (this.#capacity === 0) return;
    if (this.#ring.length < this.#capacity) {
      this.#ring.push(entry);
      return;
    }
    this.#ring[this.#start] = entry;
    this.#start = (this.#start + 1) % this.#capacity;
  }
}
