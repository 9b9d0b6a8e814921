import type { Measure } from 'rx-sora';

/** A measure in words; a dash where the runtime does not tell, or where there was nothing to measure. */
export function measure(value: Measure, unit = '', { factor = 1, digits = 0 } = {}): string {
  if (typeof value !== 'number' || !Number.isFinite(value)) return '–';
  return `${(value * factor).toFixed(digits)}${unit === '' ? '' : ` ${unit}`}`;
}

export const kilobits = (bitsPerSecond: Measure): string => measure(bitsPerSecond, 'kbit/s', { factor: 0.001 });
export const percent = (ratio: Measure): string => measure(ratio, '%', { factor: 100, digits: 1 });
export const milliseconds = (value: Measure): string => measure(value, 'ms', { digits: 1 });
