import type { TimelineEntry } from 'rx-sora';

/** How far beyond its capacity a log grows before the oldest entries make room, as a share: moving them one by one would cost more. */
const SLACK = 8;

/**
 * The latest entries of a timeline, in order. An entry keeps its number, from 0 for the first that was added, when older ones have made room.
 */
export class EntryLog {
  readonly #capacity: number;
  #entries: TimelineEntry[] = [];
  #first = 0;

  /** @param capacity entries that are kept at least; at most an eighth more */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** The number of the oldest entry that is kept. */
  get first(): number {
    return this.#first;
  }

  /** The number that the next entry will get. */
  get end(): number {
    return this.#first + this.#entries.length;
  }

  get entries(): readonly TimelineEntry[] {
    return this.#entries;
  }

  add(entry: TimelineEntry): void {
    this.#entries.push(entry);
    const surplus = this.#entries.length - this.#capacity;
    if (surplus < this.#capacity / SLACK) return;
    this.#entries = this.#entries.slice(surplus);
    this.#first += surplus;
  }

  /** The entry with this number; undefined where it has made room or has not come yet. */
  at(number: number): TimelineEntry | undefined {
    return this.#entries[number - this.#first];
  }
}
