import type { TimelineItem } from '../timeline/timeline-item.ts';

/** What `timeline()` replays. */
const MOST_ITEMS = 1000;
/** UTF-16 code units of their messages, as those may be large. */
const MOST_TEXT = 4 * 1024 * 1024;

/** The latest of what happened in a session, raw: whoever reads it words and redacts it. */
export interface History {
  /** @param size length of the text of a message */
  readonly push: (item: TimelineItem, size: number) => void;
  readonly latest: () => readonly TimelineItem[];
}

export function createHistory(first: TimelineItem): History {
  const items = [first];
  const sizes = [0];
  let total = 0;
  return {
    push(item, size) {
      items.push(item);
      sizes.push(size);
      total += size;
      // Twice as much is kept, so that the rest is moved rarely.
      if (items.length < 2 * MOST_ITEMS && total < 2 * MOST_TEXT) return;
      let kept = 1;
      total = size;
      for (let next = sizes.at(-2); next !== undefined && kept < MOST_ITEMS && total + next <= MOST_TEXT; next = sizes.at(-1 - kept)) {
        kept += 1;
        total += next;
      }
      items.splice(0, items.length - kept);
      sizes.splice(0, sizes.length - kept);
    },
    latest: () => items.slice(-MOST_ITEMS),
  };
}
