import type { Figure } from './figure.ts';
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

/** How rx-sora stands beside the other: by how much of the other's median it is off, and whether that is for the better. */
export function comparison({ better, samples }: Figure): string {
  const [ours, theirs] = [summary(samples.rxSora), summary(samples.official)];
  if (ours.count > 1 && overlap(ours, theirs)) return 'no difference beyond the spread';
  if (theirs.median <= 0)
    return ours.median === theirs.median ? 'the same' : ours.median < theirs.median === (better === 'less') ? 'better' : 'worse';
  const percent = Math.round((ours.median / theirs.median - 1) * 100);
  if (percent === 0) return 'the same';
  const word = percent < 0 === (better === 'less') ? 'better' : 'worse';
  if (percent > 200) return `${rounded(ours.median / theirs.median)} times, ${word}`;
  return `${percent > 0 ? '+' : '−'}${Math.abs(percent)} %, ${word}`;
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** Figures as a table: medians, with the middle half in brackets. */
export const figureTable = (figures: readonly Figure[]): readonly string[] => [
  row(['', sdkNames.rxSora, sdkNames.official, `${sdkNames.rxSora} is`]),
  row(['---', '---', '---', '---']),
  ...figures.map((figure) =>
    row([
      figure.name,
      cell(summary(figure.samples.rxSora), figure.unit),
      cell(summary(figure.samples.official), figure.unit),
      comparison(figure),
    ]),
  ),
];
