import type { TimelineItem } from '../timeline/timeline-item.ts';

/** How many items are kept. A message counts once more for every 4096 characters of its text. */
const MOST = 1000;
const CHARACTERS = 4096;

/** The latest of what happened in a session, raw: whoever reads it words and redacts it. */
export interface History {
  /** @param size length of the text of a message */
  readonly push: (item: TimelineItem, size: number) => void;
  readonly latest: () => readonly TimelineItem[];
}

export function createHistory(first: TimelineItem): History {
  const items = [first];
  const counts = [1];
  let total = 1;
  return {
    push(item, size) {
      const count = 1 + Math.floor(size / CHARACTERS);
      items.push(item);
      counts.push(count);
      total += count;
      // Twice as much is kept, so that the rest is moved rarely.
      if (total < 2 * MOST) return;
      let dropped = 0;
      while (total > MOST && dropped < items.length - 1) total -= counts[dropped++] as number;
      items.splice(0, dropped);
      counts.splice(0, dropped);
    },
    latest: () => items.slice(-MOST),
  };
}
