/** One line of a picture in text. */
export interface MarbleLane {
  readonly name: string;
  readonly marks: readonly MarbleMark[];
  /** When the stream completed; undefined for one that goes on. */
  readonly endsAt?: number | undefined;
  /** What stands at its end. Default: `|`. */
  readonly endsWith?: string | undefined;
}

/** Something on a line. */
export interface MarbleMark {
  readonly at: number;
  readonly text: string;
}

/** How a picture in text is drawn. */
export interface MarbleTextOptions {
  /** Name of the line of times. Default: `ms`. */
  readonly unit?: string;
  /** Whether lines without a mark are drawn. Default: true. */
  readonly showEmpty?: boolean;
}

/**
 * A marble diagram in text: one line per stream, one column per instant in which anything happened, in order. Times are written on top, as
 * columns are as wide as their words, not as their time.
 *
 * ```
 * ms            0           3000
 * application   disconnect─────────────▶
 * webSocket     ────────────close 1000─▶
 * termination$  ────────────(client-disconnect)|
 * ```
 *
 * @example
 * ```ts
 * console.log(marbleText([{ name: 'webSocket', marks: [{ at: 0, text: 'open' }, { at: 3000, text: 'close 1000' }] }]));
 * ```
 */
export function marbleText(lanes: readonly MarbleLane[], options: MarbleTextOptions = {}): string {
  const { unit = 'ms', showEmpty = true } = options;
  const drawn = showEmpty ? lanes : lanes.filter(({ marks, endsAt }) => marks.length > 0 || endsAt !== undefined);
  const times = [
    ...new Set(drawn.flatMap(({ marks, endsAt }) => [...marks.map(({ at }) => at), ...(endsAt === undefined ? [] : [endsAt])])),
  ];
  times.sort((a, b) => a - b);
  const rows = drawn.map((lane) => ({ ...lane, cells: times.map((at) => cell(lane, at)) }));
  const widths = times.map((at, column) => Math.max(String(at).length, ...rows.map(({ cells }) => width(cells[column] ?? ''))) + 1);
  const nameWidth = Math.max(unit.length, ...drawn.map(({ name }) => width(name))) + 2;
  const head = pad(unit, nameWidth, ' ') + times.map((at, column) => pad(String(at), widths[column] ?? 0, ' ')).join('');
  return [head.trimEnd(), ...rows.map(({ name, cells, endsAt }) => pad(name, nameWidth, ' ') + line(cells, widths, times, endsAt))].join(
    '\n',
  );
}

function cell({ marks, endsAt, endsWith = '|' }: MarbleLane, at: number): string {
  const texts = marks.filter((mark) => mark.at === at).map(({ text }) => text);
  const end = endsAt === at ? endsWith : '';
  return texts.length > 1 ? `(${texts.join(' · ')})${end}` : `${texts[0] ?? ''}${end}`;
}

function line(cells: readonly string[], widths: readonly number[], times: readonly number[], endsAt: number | undefined): string {
  const drawn = cells.map((text, column) => {
    const isOver = endsAt !== undefined && (times[column] ?? 0) >= endsAt;
    return pad(text, widths[column] ?? 0, isOver ? ' ' : '─');
  });
  return endsAt === undefined ? `${drawn.join('')}▶` : drawn.join('').trimEnd();
}

const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/g;

/** Columns that a text takes in a terminal: the characters of East Asian scripts take two. */
function width(text: string): number {
  return text.length + (text.match(wide)?.length ?? 0);
}

function pad(text: string, columns: number, filler: string): string {
  return text + filler.repeat(Math.max(0, columns - width(text)));
}
