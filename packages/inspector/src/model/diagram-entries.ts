import type { TimelineEntry } from 'rx-sora';

/** Entries that a diagram is drawn from, at most: drawing them all would hold up the page. */
const MOST = 1500;

/** What comes in crowds and explains little. */
const CROWD: ReadonlySet<string> = new Set([
  'message',
  'bufferedamountlow',
  'icecandidate',
  'notify',
  'push',
  'ping',
  'pong',
  'stats',
  'req-stats',
]);

/** Entries for a diagram, with their places among all. */
export interface DiagramEntries {
  readonly entries: readonly TimelineEntry[];
  readonly places: readonly number[];
}

/** The entries that a diagram shows: all of them where they are not too many, otherwise without most of the crowd. The latest are always among them. */
export function diagramEntries(all: readonly TimelineEntry[]): DiagramEntries {
  if (all.length <= MOST) return { entries: all, places: all.map((_, place) => place) };
  const tail = all.length - MOST / 3;
  const telling = all.flatMap(({ what }, place) => (place >= tail || !CROWD.has(what) ? [place] : []));
  // The beginning says how it was set up, the end why it is over.
  const places = telling.length <= MOST ? telling : [...telling.slice(0, MOST / 3), ...telling.slice(-(MOST / 3) * 2)];
  return { entries: places.flatMap((place) => all[place] ?? []), places };
}
