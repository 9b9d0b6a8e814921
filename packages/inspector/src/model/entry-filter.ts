import type { TimelineEntry } from 'rx-sora';
import type { EntryLog } from './entry-log.ts';

/**
 * The numbers of those entries of a log that match, in order. It looks at a log piece by piece, so that a long one can be filtered without holding up
 * the page.
 */
export class EntryFilter {
  readonly #log: EntryLog;
  readonly #matches: (entry: TimelineEntry) => boolean;
  #numbers: number[] = [];
  #next = 0;

  constructor(log: EntryLog, matches: (entry: TimelineEntry) => boolean) {
    this.#log = log;
    this.#matches = matches;
  }

  /** How many matches have been found and are still kept. */
  get length(): number {
    return this.#numbers.length;
  }

  /** Whether every entry of the log has been looked at. */
  get isComplete(): boolean {
    return this.#next >= this.#log.end;
  }

  /** The number of a match. */
  numberAt(index: number): number | undefined {
    return this.#numbers[index];
  }

  /** Where an entry stands among the matches; -1 where it does not match. */
  indexOf(number: number): number {
    let low = 0;
    let high = this.#numbers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#numbers[middle] ?? 0) < number) low = middle + 1;
      else high = middle;
    }
    return this.#numbers[low] === number ? low : -1;
  }

  /** Looks at so many entries more, and forgets those that made room. */
  advance(count: number): void {
    const { first, end } = this.#log;
    const gone = this.#numbers.findIndex((number) => number >= first);
    if (gone !== 0) this.#numbers = gone < 0 ? [] : this.#numbers.slice(gone);
    this.#next = Math.max(this.#next, first);
    for (const until = Math.min(end, this.#next + count); this.#next < until; this.#next += 1) {
      const entry = this.#log.at(this.#next);
      if (entry !== undefined && this.#matches(entry)) this.#numbers.push(this.#next);
    }
  }
}
