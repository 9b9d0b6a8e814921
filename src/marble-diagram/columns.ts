import type { Mark } from './marks.ts';

/** What stands at one place of one lane: one mark, or the weightiest of several. */
export interface Cell {
  readonly mark: Mark;
  readonly count: number;
  readonly last: Mark;
  /** The state that holds from here on, where a mark began one. */
  readonly state: string | undefined;
}

/** What stands at one place of the axis, in all lanes. */
export interface Column {
  readonly at: number;
  readonly untilAt: number;
  /** Place of the first mark that does not stand here any more. */
  readonly end: number;
  readonly cells: ReadonlyMap<string, Cell>;
}

/** A range of marks that share a place. */
interface Range {
  readonly start: number;
  readonly end: number;
  readonly weight: number;
}

/**
 * The marks, which are in order, at no more than `capacity` places. What happened in the same millisecond in different lanes shares a place. Where there are
 * more places than room, neighbours are put together: first those between which little happened.
 */
export function columnsOf(marks: readonly Mark[], capacity: number): readonly Column[] {
  const ranges = momentsOf(marks);
  return merged(ranges, marks, Math.max(1, capacity)).map(({ start, end }) => ({
    at: marks[start]?.at ?? 0,
    untilAt: marks[end - 1]?.at ?? 0,
    end,
    cells: cellsOf(marks, start, end),
  }));
}

function momentsOf(marks: readonly Mark[]): readonly Range[] {
  const ranges: Range[] = [];
  const lanes = new Set<string>();
  let start = 0;
  let weight = 0;
  marks.forEach((mark, index) => {
    if (index > start && (mark.at !== marks[start]?.at || lanes.has(mark.lane))) {
      ranges.push({ start, end: index, weight });
      lanes.clear();
      start = index;
      weight = 0;
    }
    lanes.add(mark.lane);
    weight = Math.max(weight, mark.weight);
  });
  if (start < marks.length) ranges.push({ start, end: marks.length, weight });
  return ranges;
}

/** Keeps the borders that matter most: beside weighty moments, then across the longest pauses. */
function merged(ranges: readonly Range[], marks: readonly Mark[], capacity: number): readonly Range[] {
  if (ranges.length <= capacity) return ranges;
  const borders = ranges.slice(1).map((right, index) => {
    const left = ranges[index] as Range;
    const gapMs = (marks[right.start]?.at ?? 0) - (marks[left.end - 1]?.at ?? 0);
    return { index: index + 1, score: Math.max(left.weight, right.weight) * 100 + stretchOf(gapMs) };
  });
  const kept = borders
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .slice(0, capacity - 1)
    .map(({ index }) => index)
    .sort((a, b) => a - b);
  return [0, ...kept].map((first, place) => {
    const group = ranges.slice(first, kept[place] ?? ranges.length);
    return {
      start: group[0]?.start ?? 0,
      end: group.at(-1)?.end ?? 0,
      weight: group.reduce((most, { weight }) => Math.max(most, weight), 0),
    };
  });
}

function cellsOf(marks: readonly Mark[], start: number, end: number): ReadonlyMap<string, Cell> {
  const cells = new Map<string, Cell>();
  for (let index = start; index < end; index += 1) {
    const mark = marks[index] as Mark;
    const cell = cells.get(mark.lane);
    cells.set(
      mark.lane,
      cell === undefined
        ? { mark, count: 1, last: mark, state: mark.state }
        : {
            mark: mark.weight > cell.mark.weight ? mark : cell.mark,
            count: cell.count + 1,
            last: mark,
            state: mark.state ?? cell.state,
          },
    );
  }
  return cells;
}

/** How much further apart than neighbours two moments stand: a pause of ten times the length takes one step more, up to four. */
export const stretchOf = (gapMs: number): number => Math.min(4, Math.log10(1 + Math.max(0, gapMs) / 10));

/** Where each column stands between 0 and `length`; `least` is kept between neighbours where there is room, and no pair without a pause stands further apart than `most`. */
export function placesOf(columns: readonly Column[], length: number, least: number, most: number): readonly number[] {
  const steps = columns.slice(1).map(({ at }, index) => stretchOf(at - (columns[index]?.untilAt ?? 0)));
  const stretch = steps.reduce((sum, step) => sum + step, 0);
  const base = stretch > 0 ? Math.min(least, length / columns.length) : Math.min(most, length / columns.length);
  const scale = stretch > 0 ? (length - base * columns.length) / stretch : 0;
  let place = base / 2;
  return columns.map((_, index) => (place += index === 0 ? 0 : base + (steps[index - 1] ?? 0) * scale));
}
