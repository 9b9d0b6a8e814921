import type { Figure, FigureGroup, OwnFigure } from './figure.ts';
import { sdkNames } from './sdk.ts';
import { overlap, summary, type Summary } from './statistics.ts';

/** Three digits that mean something, and thousands apart. */
export function rounded(value: number): string {
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

const cell = ({ count, median, lower, upper }: Summary, unit: string): string =>
  count === 1 ? `${rounded(median)} ${unit}` : `${rounded(median)} ${unit} (${rounded(lower)}-${rounded(upper)})`;

/** The ratio of rx-sora's median to the other's, and whether it is for the better. */
export function comparison({ better, samples }: Figure): string {
  const [ours, theirs] = [summary(samples.rxSora), summary(samples.official)];
  const word =
    ours.count > 1 && overlap(ours, theirs)
      ? 'within the spread'
      : ours.median === theirs.median
        ? 'the same'
        : ours.median < theirs.median === (better === 'less')
          ? 'better'
          : 'worse';
  return theirs.median > 0 ? `${rounded(ours.median / theirs.median)}, ${word}` : word;
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** What a figure was allowed, and whether it kept to it. */
function allowed(atMost: number | undefined, found: number, unit: string): string {
  if (atMost === undefined) return '';
  return `${rounded(atMost)}${unit}${found > atMost ? ', **missed**' : ''}`;
}

const ratioOf = ({ samples }: Figure): number => summary(samples.rxSora).median / summary(samples.official).median;

/** Figures as a table: medians, with the middle half in brackets. */
export const figureTable = (figures: readonly Figure[]): readonly string[] => [
  row(['measure', sdkNames.rxSora, sdkNames.official, 'ratio', 'at most']),
  row(['---', '---', '---', '---', '---']),
  ...figures.map((figure) =>
    row([
      figure.name,
      cell(summary(figure.samples.rxSora), figure.unit),
      cell(summary(figure.samples.official), figure.unit),
      comparison(figure),
      allowed(figure.atMost, ratioOf(figure), ''),
    ]),
  ),
];

/** Figures of rx-sora alone as a table. */
export const ownTable = (figures: readonly OwnFigure[]): readonly string[] => [
  row(['measure', sdkNames.rxSora, 'at most']),
  row(['---', '---', '---']),
  ...figures.map(({ name, unit, samples, atMost }) =>
    row([name, cell(summary(samples), unit), allowed(atMost, summary(samples).median, ` ${unit}`)]),
  ),
];

/** The tables of a group, with an empty line between them. */
export const groupTables = ({ figures = [], own = [] }: FigureGroup): readonly string[] => [
  ...(figures.length > 0 ? figureTable(figures) : []),
  ...(figures.length > 0 && own.length > 0 ? [''] : []),
  ...(own.length > 0 ? ownTable(own) : []),
];
