import type { TimelineEntry } from '../timeline/timeline.ts';
import type { Termination } from '../termination/reason.ts';

/**
 * Gives a replay the times of its recording. A replay stands still between the lines of a recording, while the recorded session took its
 * milliseconds for everything it did there; so a time that was taken in between is the recorded one wherever the same thing happened.
 */
export function withRecordedTimes(timeline: readonly TimelineEntry[], recorded: readonly TimelineEntry[]): readonly TimelineEntry[] {
  return timeline.map((entry, index) => inTimeOf(entry, recorded[index]));
}

/**
 * The same for the end: when it came about, when it was told, and what came in between. Some runtimes fire events inside a `close()`; a
 * replay fires them after it, so of what came in one go the recorded order counts.
 */
export function terminationInRecordedTime(termination: Termination | null, recorded: Termination | null): Termination | null {
  if (termination?.kind !== recorded?.kind || !termination || !recorded) return termination;
  return {
    ...termination,
    startedAt: recorded.startedAt,
    causeAt: recorded.causeAt,
    connectedAt: termination.connectedAt === null ? null : recorded.connectedAt,
    endedAt: recorded.endedAt,
    trailing: sameEntries(termination.trailing, recorded.trailing)
      ? recorded.trailing
      : termination.trailing.map((entry, index) => inTimeOf(entry, recorded.trailing[index])),
    ...(termination.kind === 'ice-disconnected-timeout' && 'waitedMs' in recorded && { waitedMs: recorded.waitedMs }),
  };
}

function sameEntries(some: Termination['trailing'], others: Termination['trailing']): boolean {
  const written = (entries: Termination['trailing']): string =>
    entries
      .map(({ source, what, detail = '' }) => `${source} ${what} ${detail}`)
      .sort()
      .join();
  return written(some) === written(others);
}

interface Timed {
  readonly at: number;
  readonly source: string;
  readonly what: string;
}

function inTimeOf<Entry extends Timed>(entry: Entry, recorded: Timed | undefined): Entry {
  return entry.source === recorded?.source && entry.what === recorded.what ? { ...entry, at: recorded.at } : entry;
}
