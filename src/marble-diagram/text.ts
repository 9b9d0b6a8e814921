import type { Shape } from './marks.ts';
import { type Lane, type Picture, stretchesOf } from './picture.ts';
import { toneOf } from './style.ts';
import { shortTime } from './write-svg.ts';
import type { DiagramWords } from './words.ts';

const GUTTER = 18;

/** How many columns stand side by side in a text; each takes two characters. */
export const columnsInText = (characters: number): number => Math.floor((characters - GUTTER) / 2);

const SIGNS: Readonly<Record<Shape, string>> = {
  open: '(',
  close: '|',
  error: 'x',
  sent: '>',
  received: '<',
  command: 'D',
  state: '',
  note: '.',
  timer: 'T',
};

/** How a state is filled, by its tone. */
const FILLS: Readonly<Record<string, string>> = { good: '=', busy: '~', warn: '?', bad: '#', idle: '-' };

/** The picture in characters, for a terminal, a log or a bug report. */
export function textOf(picture: Picture, names: ReadonlyMap<string, string>, words: DiagramWords, sentence: string): string {
  const lines = picture.lanes.map((lane) => `${padded(printable(names.get(lane.key) ?? lane.key))}${laneText(lane, picture)}`);
  return [...lines, `${' '.repeat(GUTTER)}${axisText(picture)}`, printable(sentence), words.legend]
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

/** A label of the server may hold anything; a line stays a line. */
const printable = (label: string): string => label.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '\ufffd');

/** Characters of full width take two places of a terminal. */
const placesOf = (character: string): number => ((character.codePointAt(0) ?? 0) > 0x2e7f ? 2 : 1);

function padded(name: string): string {
  let [kept, places] = ['', 0];
  for (const character of name) {
    places += placesOf(character);
    if (places > GUTTER - 3) {
      places -= placesOf(character) - 1;
      kept += '…';
      break;
    }
    kept += character;
  }
  return kept + ' '.repeat(GUTTER - places);
}

function laneText(lane: Lane, picture: Picture): string {
  const { columns, cause, end, winner } = picture;
  const last = lane.until ?? columns.length - 1;
  const cells = columns.map((column, index) => {
    const isAlive = lane.from >= 0 && index >= lane.from && index <= last;
    const shape = column.cells.get(lane.key)?.mark.shape;
    if (shape === undefined || SIGNS[shape] === '') return isAlive ? '--' : '  ';
    return `${SIGNS[shape]}${isAlive && index < last ? '-' : ' '}`;
  });
  if (lane.holds === 'states') {
    for (const { state, from, until } of stretchesOf(lane, columns)) {
      const fill = FILLS[toneOf(state)] ?? '-';
      for (let index = from; index < (until ?? columns.length); index += 1) cells[index] = fill + fill;
    }
    if (lane.until !== null) cells[lane.until] = '  ';
  }
  if (lane.holds === 'end') {
    for (let index = cause?.column ?? columns.length; index < (end ?? columns.length); index += 1) cells[index] = '==';
    if (end !== null) cells[end] = 'o|';
  }
  if (cause?.lane === lane.key) {
    cells[cause.column - 1] = `${(cells[cause.column - 1] ?? ' ').slice(0, 1)}[`;
    cells[cause.column] = cause.isTimer ? 'T]' : `${(cells[cause.column] ?? ' ').slice(0, 1)}]`;
  }
  const text = cells.join('');
  if (lane.holds !== 'end' || end === null || winner === null) return text;
  return `${text.trimEnd()} ${[winner.kind, winner.rules].filter((word) => word !== null && word !== '').join(' ')}`;
}

/** Times under their columns, where they have room. */
function axisText({ columns }: Picture): string {
  let text = '';
  columns.forEach(({ at }, index) => {
    const place = index * 2;
    if (place === 0 || place > text.length + 1) text = `${text.padEnd(place)}${shortTime(at)}`;
  });
  return text;
}
