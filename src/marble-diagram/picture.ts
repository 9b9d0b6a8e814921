import type { Termination } from '../termination/reason.ts';
import type { TimelineEntry } from '../timeline/timeline.ts';
import { type Column, columnsOf } from './columns.ts';
import { type Mark, laneKeys, markOf } from './marks.ts';
import { type Winner, winnerOf } from './winner.ts';

/** One line of the diagram. */
export interface Lane {
  readonly key: string;
  /** States hold from one mark to the next; events stand for themselves; the end is one mark. */
  readonly holds: 'states' | 'events' | 'end';
  /** Columns between which there is something to hear from; `until` is null while there still is. */
  readonly from: number;
  readonly until: number | null;
}

/** What is drawn, before it is known with what. Columns are named by their index. */
export interface Picture {
  readonly lanes: readonly Lane[];
  readonly columns: readonly Column[];
  readonly winner: Winner | null;
  /** Where the cause stands, and in which lane; the commands where a timer was the cause. Null while the session lives. */
  readonly cause: { readonly column: number; readonly lane: string; readonly isTimer: boolean } | null;
  /** Where `termination$` emitted, null before. */
  readonly end: number | null;
}

/** A stretch of a lane in which a state holds. */
export interface Stretch {
  readonly state: string;
  readonly from: number;
  readonly until: number | null;
}

export function pictureOf(entries: readonly TimelineEntry[], capacity: number, termination?: Termination): Picture {
  const winner = winnerOf(entries, termination);
  const marks = entries.map((entry, index): Mark => {
    const mark = markOf(entry, index);
    return index === winner?.index ? { ...mark, weight: 4 } : mark;
  });
  const columns = columnsOf(marks, capacity);
  const columnOf = (index: number): number => columns.findIndex(({ end }) => index < end);
  const endedIndex = entries.findIndex(({ source, what }) => source === 'session' && what === 'ended');
  const end = endedIndex < 0 ? null : columnOf(endedIndex);
  return { lanes: lanesOf(marks, columns, end), columns, winner, cause: causeOf(winner, marks, columnOf), end };
}

function causeOf(winner: Winner | null, marks: readonly Mark[], columnOf: (index: number) => number): Picture['cause'] {
  if (winner === null) return null;
  const mark = marks[winner.index];
  if (mark === undefined) return { column: columnOf(winner.endingIndex), lane: 'commands', isTimer: true };
  return { column: columnOf(winner.index), lane: mark.lane, isTimer: false };
}

function lanesOf(marks: readonly Mark[], columns: readonly Column[], end: number | null): readonly Lane[] {
  const channels = new Set(marks.map(({ lane }) => lane).filter((lane) => lane.startsWith('channel ')));
  const [session, webSocket, ...others] = laneKeys;
  return [session, webSocket, ...channels, ...others].map((key): Lane => {
    if (key === 'termination') return { key, holds: 'end', from: 0, until: end };
    if (key === 'commands') return { key, holds: 'events', from: 0, until: end };
    const holds = key === 'session' || key === 'peer-connection' || key === 'ice' ? 'states' : 'events';
    const from = columns.findIndex(({ cells }) => cells.has(key));
    const until = columns.findLastIndex(({ cells }) => cells.has(key));
    // A diagram may begin in the middle: then what is there has been open before.
    const isHeardFirst = columns[from]?.cells.get(key)?.mark.shape === 'open' || holds === 'states' || key === 'websocket';
    const isClosed = holds === 'events' && columns[until]?.cells.get(key)?.last.shape === 'close';
    return { key, holds, from: isHeardFirst ? from : 0, until: isClosed ? until : end };
  });
}

/** The states of a lane, in order. */
export function stretchesOf({ key, until }: Lane, columns: readonly Column[]): readonly Stretch[] {
  const starts = columns.flatMap(({ cells }, column) => {
    const state = cells.get(key)?.state;
    return state === undefined ? [] : [{ state, column }];
  });
  return starts.map(({ state, column }, index) => ({ state, from: column, until: starts[index + 1]?.column ?? until }));
}
