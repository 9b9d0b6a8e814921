import { type Change, type StatsEntry, changeOf, textOf } from './stats-change.ts';

/** The statistics of one moment beside those of the moment before. */
export interface ReportPair {
  readonly now: ReadonlyMap<string, StatsEntry>;
  /** Empty at the first sample and after a gap. */
  readonly before: ReadonlyMap<string, StatsEntry>;
}

/** A flat list of entries by id; entries without one cannot be followed. */
export function byId(entries: readonly unknown[]): ReadonlyMap<string, StatsEntry> {
  const found = new Map<string, StatsEntry>();
  for (const entry of entries) {
    if (typeof entry !== 'object' || entry === null) continue;
    const id = textOf(entry as StatsEntry, 'id');
    if (id !== undefined) found.set(id, entry as StatsEntry);
  }
  return found;
}

/** The entries of one type, each with its change. */
export function changesOf({ now, before }: ReportPair, type: string): readonly Change[] {
  return [...now].filter(([, entry]) => entry['type'] === type).map(([id, entry]) => changeOf(entry, before.get(id)));
}

/** The entry that a member of another one names, with its change. */
export function linked({ now, before }: ReportPair, entry: StatsEntry, member: string): Change {
  const id = textOf(entry, member);
  const found = id === undefined ? undefined : now.get(id);
  return found === undefined || id === undefined ? NOTHING : changeOf(found, before.get(id));
}

/** An entry that is not there: whatever is asked of it is not told. */
export const NOTHING: Change = { now: {}, before: null, seconds: 0 };
