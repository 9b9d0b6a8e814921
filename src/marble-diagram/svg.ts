import { isNormal } from '../termination/derived.ts';
import type { Termination } from '../termination/reason.ts';
import type { TimelineEntry } from '../timeline/timeline.ts';
import { type Cell, placesOf } from './columns.ts';
import { type Shape, wordsOf } from './marks.ts';
import { type Lane, type Picture, stretchesOf } from './picture.ts';
import { DRAWN, STYLE, toneOf } from './style.ts';
import type { DiagramWords } from './words.ts';
import { element, escaped, fitted, shortTime, text, widthOf, wrapped } from './write-svg.ts';

/** Sizes in pixels of the drawing. */
export const size = {
  gutter: 118,
  right: 26,
  lane: 30,
  header: 34,
  axis: 24,
  line: 17,
  font: 12,
  label: 11,
  mark: 15,
  mostApart: 44,
} as const;

/** How many columns stand side by side in a drawing. */
export const columnsIn = (widthPx: number): number => Math.floor((widthPx - size.gutter - size.right) / size.mark);

export interface Drawing {
  readonly entries: readonly TimelineEntry[];
  readonly picture: Picture;
  readonly widthPx: number;
  readonly id: string;
  readonly words: DiagramWords;
  readonly title: string;
  readonly sentence: string;
  readonly description: string;
  readonly names: ReadonlyMap<string, string>;
  readonly termination: Termination | undefined;
}

/** The picture as a whole SVG document. */
export function svgOf(drawing: Drawing): string {
  const { picture, widthPx, id, title, description, sentence, words } = drawing;
  const { lanes, columns } = picture;
  const length = widthPx - size.gutter - size.right;
  const places = placesOf(columns, length, size.mark, size.mostApart).map((place) => size.gutter + place);
  const rows = new Map(lanes.map(({ key }, index) => [key, size.header / 2 + index * size.lane + 4]));
  const bottom = size.header + (lanes.length - 1) * size.lane + 4;
  const footer = wrapped(sentence, size.font, widthPx - 16).slice(0, 3);
  const height = bottom + size.axis + (footer.length + 1) * size.line + 10;
  const sketch: Sketch = { ...drawing, places, rows, bottom, rightEdge: widthPx - 12 };
  const parts = [
    element('title', { id: `${id}-title` }, escaped(title)),
    element('desc', { id: `${id}-desc` }, escaped(description)),
    element('style', {}, STYLE),
    element('rect', { class: 'paper', width: widthPx, height, rx: 6 }),
    axisOf(sketch),
    causeLine(sketch),
    ...lanes.map((lane) => laneOf(lane, sketch)),
    ...footer.map((line, index) => text(8, bottom + size.axis + (index + 1) * size.line, line, { class: 'sentence' })),
    legendOf(words, bottom + size.axis + (footer.length + 1) * size.line, widthPx),
  ];
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    class: 'rx-sora-marbles',
    role: 'img',
    'aria-labelledby': `${id}-title ${id}-desc`,
    viewBox: `0 0 ${widthPx} ${Math.ceil(height)}`,
    width: widthPx,
    height: Math.ceil(height),
  };
  return element('svg', attributes, lines(parts));
}

const lines = (parts: readonly string[]): string => parts.filter((part) => part !== '').join('\n');

interface Sketch extends Drawing {
  /** Pixels from the left, by column. */
  readonly places: readonly number[];
  /** Pixels from the top, by lane. */
  readonly rows: ReadonlyMap<string, number>;
  readonly bottom: number;
  readonly rightEdge: number;
}

const placeOf = ({ places, rightEdge }: Sketch, column: number | null): number =>
  column === null ? rightEdge : (places[column] ?? rightEdge);

/** Times under the lanes, as many as have room: the first, the cause, the end, then from left to right. */
function axisOf(sketch: Sketch): string {
  const { picture, places, bottom } = sketch;
  const { columns, cause, end } = picture;
  const wanted = [0, end, cause?.column, ...columns.keys()].filter((column) => column !== null && column !== undefined);
  const drawn: { readonly column: number; readonly from: number; readonly until: number; readonly label: string }[] = [];
  for (const column of new Set(wanted)) {
    const at = columns[column]?.at;
    if (at === undefined) continue;
    const label = shortTime(at);
    const half = widthOf(label, size.label) / 2 + 5;
    const center = places[column] ?? 0;
    const [from, until] = [center - half, center + half];
    if (until > sketch.widthPx + 4) continue;
    if (drawn.every((other) => until <= other.from || from >= other.until)) drawn.push({ column, from, until, label });
  }
  return drawn
    .sort((a, b) => a.column - b.column)
    .map(({ column, label }) => {
      const x = places[column] ?? 0;
      return `${element('path', { class: 'tick', d: path('M', x, 6, 'V', bottom + 4) })}${text(x, bottom + 16, label, { class: 'time', 'text-anchor': 'middle' })}`;
    })
    .join('\n');
}

/** From the cause down to `termination$`. */
function causeLine(sketch: Sketch): string {
  const { cause } = sketch.picture;
  if (cause === null) return '';
  const x = placeOf(sketch, cause.column);
  return element('path', { class: 'cause', d: path('M', x, sketch.rows.get(cause.lane) ?? 0, 'V', sketch.rows.get('termination') ?? 0) });
}

function laneOf(lane: Lane, sketch: Sketch): string {
  const y = sketch.rows.get(lane.key) ?? 0;
  const name = sketch.names.get(lane.key) ?? lane.key;
  const drawnName = element('title', {}, escaped(name)) + escaped(fitted(name, size.font, size.gutter - 12));
  const parts = [element('text', { x: 8, y: y + 4, class: 'lane' }, drawnName)];
  if (lane.from >= 0) parts.push(lane.holds === 'states' ? statesOf(lane, sketch, y) : lineOf(lane, sketch, y));
  parts.push(...marksOf(lane, sketch, y));
  if (lane.holds === 'end') parts.push(endOf(sketch, y));
  return element('g', { class: lane.holds === 'end' ? 'termination' : 'events' }, lines(parts));
}

function lineOf(lane: Lane, sketch: Sketch, y: number): string {
  const from = lane.from === 0 ? size.gutter : placeOf(sketch, lane.from);
  const until = placeOf(sketch, lane.until);
  const arrow =
    lane.until === null ? element('path', { class: 'arrow', d: `M${until - 5} ${y - 4}L${until} ${y}L${until - 5} ${y + 4}` }) : '';
  return element('path', { class: 'line', d: path('M', from, y, 'H', until) }) + arrow;
}

function statesOf(lane: Lane, sketch: Sketch, y: number): string {
  return stretchesOf(lane, sketch.picture.columns)
    .map(({ state, from, until }) => {
      const [x, right] = [placeOf(sketch, from), placeOf(sketch, until)];
      const width = Math.max(3, right - x - 1);
      const label = widthOf(state, size.label) + 8 <= width ? text(x + 4, y + 4, state, { class: 'label' }) : '';
      const content = `${element('title', {}, escaped(state))}${element('rect', { x, y: y - 8, width, height: 16, rx: 3 })}${label}`;
      return element('g', { class: `state ${toneOf(state)}` }, content);
    })
    .join('\n');
}

/** The marks of a lane, each with its words where there is room before the next. */
function marksOf(lane: Lane, sketch: Sketch, y: number): readonly string[] {
  const { picture, entries, words } = sketch;
  const { columns, cause } = picture;
  const isCause = (column: number): boolean => cause?.lane === lane.key && cause.column === column;
  const cells = columns.flatMap(({ cells: all }, column) => {
    const cell = all.get(lane.key);
    return cell === undefined ? [] : [{ cell, column }];
  });
  const drawn = cells.map(({ cell, column }, index) => {
    const x = placeOf(sketch, column);
    const isState = lane.holds === 'states';
    if (isState && cell.mark.shape === 'state' && !isCause(column)) return '';
    const left = placeOf(sketch, cells[index - 1]?.column ?? 0);
    const right = placeOf(sketch, cells[index + 1]?.column ?? lane.until);
    const label = isState ? '' : labelOf(cell, entries, { x, y, before: x - left, after: right - x });
    const shape = isState && cell.mark.shape === 'state' ? '' : glyph(cell.mark.shape, x, isState ? y + 12 : y);
    const hint = element('title', {}, escaped(hintOf(cell, entries)));
    const ring = isCause(column) ? element('circle', { class: 'ring', cx: x, cy: y, r: 9 }) : '';
    return element('g', { class: `mark ${cell.mark.shape}`, 'data-entry': cell.mark.index }, `${hint}${ring}${shape}${label}`);
  });
  if (cause?.isTimer !== true || cause.lane !== lane.key) return drawn;
  const x = placeOf(sketch, cause.column);
  const ring = element('circle', { class: 'ring', cx: x, cy: y, r: 9 });
  return [...drawn, element('g', { class: 'mark timer' }, element('title', {}, escaped(words.timer)) + ring + glyph('timer', x, y))];
}

/** What `termination$` emitted, with its rules; and its completion. */
function endOf(sketch: Sketch, y: number): string {
  const { picture, termination } = sketch;
  const { end, cause, winner } = picture;
  if (cause === null || winner === null) return '';
  const from = placeOf(sketch, cause.column);
  const x = placeOf(sketch, end);
  const wait = element('path', { class: 'wait', d: path('M', from, y, 'H', x) });
  if (end === null) return wait;
  const isGood = termination === undefined ? winner.kind === 'client-disconnect' : isNormal(termination);
  const content = [winner.kind, winner.rules].filter((word) => word !== null && word !== '').join(' · ');
  const width = widthOf(content, size.font) + 24;
  // Before the cause there is nothing on this lane; a session that ended early has room behind its end.
  const isLeft = x - width > size.gutter || sketch.rightEdge - x < width;
  const leftOf = from - width > size.gutter ? from - 8 : x - 14;
  const label = text(isLeft ? leftOf : x + 18, y - 6, content, { class: 'kind', 'text-anchor': isLeft ? 'end' : 'start' });
  const marble = element('circle', { class: isGood ? 'good' : 'bad', cx: x, cy: y, r: 7 });
  return `${wait}${marble}${element('path', { class: 'complete', d: path('M', x + 11, y - 8, 'V', y + 8) })}${label}`;
}

/** The signs with their names. */
function legendOf({ signs, axis }: DiagramWords, y: number, widthPx: number): string {
  let x = 14;
  const parts = Object.entries(signs).flatMap(([shape, name]) => {
    if (x + 9 + widthOf(name, size.label) > widthPx) return []; // rather none than half of it
    const part = element('g', { class: `mark ${shape}` }, glyph(shape as Shape, x, y - 4) + text(x + 9, y, name, { class: 'label' }));
    x += 26 + widthOf(name, size.label);
    return part;
  });
  const room = widthPx - x;
  if (widthOf(axis, size.label) <= room) parts.push(text(widthPx - 10, y, axis, { class: 'time', 'text-anchor': 'end' }));
  return element('g', { class: 'legend' }, parts.join(''));
}

const glyph = (shape: Shape, x: number, y: number): string =>
  element('path', { class: 'glyph', d: DRAWN[shape], transform: `translate(${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10})` });

/** Pixels from a mark to its neighbours. */
interface Room {
  readonly x: number;
  readonly y: number;
  readonly before: number;
  readonly after: number;
}

/** What stands beside a mark: its words, or how many marks it stands for, where there is room. */
function labelOf({ mark, count }: Cell, entries: readonly TimelineEntry[], { x, y, before, after }: Room): string {
  const entry = entries[mark.index];
  if (entry === undefined) return '';
  const content = count > 1 ? `${entry.what} … ×${count}` : shortWords(entry);
  if (widthOf(content, size.label) <= after - 14) return text(x + 8, y - 5, content, { class: 'label' });
  const half = widthOf(`×${count}`, size.label) / 2 + 4;
  return count > 1 && half <= before && half <= after ? text(x, y - 9, `×${count}`, { class: 'label', 'text-anchor': 'middle' }) : '';
}

/** The direction is in the sign. */
const shortWords = (entry: TimelineEntry): string => wordsOf(entry).replace(/ (sent|received)\b/, '');

function hintOf({ mark, count, last }: Cell, entries: readonly TimelineEntry[]): string {
  const entry = entries[mark.index];
  if (entry === undefined) return '';
  const one = `${shortTime(mark.at)}: ${wordsOf(entry)}`;
  return count > 1 ? `${one}, and ${count - 1} more until ${shortTime(last.at)}` : one;
}

const path = (move: string, x: number, y: number, line: string, to: number): string =>
  `${move}${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}${line}${Math.round(to * 10) / 10}`;
