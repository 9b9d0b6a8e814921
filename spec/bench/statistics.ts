/** The middle of samples, and between which two values the middle half of them lies. */
export interface Summary {
  readonly count: number;
  readonly median: number;
  readonly lower: number;
  readonly upper: number;
}

/** The value below which a share of the samples lies, interpolated between neighbours (type 7 of Hyndman and Fan, as in R and NumPy). */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((one, other) => one - other);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  if (below === undefined || above === undefined) throw new RangeError('a quantile needs at least one sample');
  return below + (above - below) * (place - Math.floor(place));
}

export const summary = (samples: readonly number[]): Summary => ({
  count: samples.length,
  median: quantile(samples, 0.5),
  lower: quantile(samples, 0.25),
  upper: quantile(samples, 0.75),
});

/** Whether the middle halves have anything in common: then the difference of the medians says little. */
export const overlap = (one: Summary, other: Summary): boolean => one.lower <= other.upper && other.lower <= one.upper;
