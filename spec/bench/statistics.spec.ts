import { describe, expect, test } from 'vitest';
import { overlap, quantile, summary } from './statistics.ts';

describe('quantile', () => {
  test('of an odd number of samples is one of them, whatever their order', () => {
    expect(quantile([9, 1, 5], 0.5)).toBe(5);
    expect(quantile([50, 10, 40, 20, 30], 0.25)).toBe(20);
    expect(quantile([50, 10, 40, 20, 30], 0.75)).toBe(40);
  });

  test('lies between the neighbours of an even number', () => {
    expect(quantile([1, 2, 3, 10], 0.5)).toBe(2.5);
    expect(quantile([1, 2, 3, 10], 0.25)).toBe(1.75);
    expect(quantile([1, 2, 3, 10], 0.75)).toBe(4.75);
  });

  test('sorts numbers as numbers and leaves the samples as they are', () => {
    const samples = [10, 9, 100];
    expect(quantile(samples, 0.5)).toBe(10);
    expect(samples).toEqual([10, 9, 100]);
  });

  test('of one sample is that sample, of none an error', () => {
    expect(quantile([7], 0.25)).toBe(7);
    expect(() => quantile([], 0.5)).toThrow(RangeError);
  });
});

test('a summary is not moved by one outlier', () => {
  expect(summary([1, 2, 3, 4, 1000])).toEqual({ count: 5, median: 3, lower: 2, upper: 4 });
});

describe('overlap', () => {
  const range = (lower: number, upper: number) => ({ count: 5, median: (lower + upper) / 2, lower, upper });

  test('of ranges that touch or hold one another', () => {
    expect(overlap(range(1, 3), range(3, 5))).toBe(true);
    expect(overlap(range(4, 5), range(1, 9))).toBe(true);
  });

  test('not of ranges apart, in either order', () => {
    expect(overlap(range(1, 3), range(3.1, 5))).toBe(false);
    expect(overlap(range(3.1, 5), range(1, 3))).toBe(false);
  });
});
