import { describe, expect, test } from 'vitest';
import type { Figure } from './figure.ts';
import { comparison, figureTable, ownTable, rounded } from './markdown-table.ts';

const figure = (better: Figure['better'], rxSora: readonly number[], official: readonly number[]): Figure => ({
  name: 'it',
  unit: 'ms',
  better,
  samples: { rxSora, official },
});

test('numbers have as many digits as mean something', () => {
  expect([0.1234, 9.876, 12.34, 123.4, 12_345.6, -0.5].map(rounded)).toEqual(['0.12', '9.88', '12.3', '123', '12,346', '-0.50']);
});

describe('a comparison', () => {
  test('is the ratio of the medians, and says whether it is for the better', () => {
    expect(comparison(figure('less', [50, 50], [100, 100]))).toBe('0.50, better');
    expect(comparison(figure('less', [150, 150], [100, 100]))).toBe('1.50, worse');
    expect(comparison(figure('more', [150, 150], [100, 100]))).toBe('1.50, better');
    expect(comparison(figure('more', [50, 50], [100, 100]))).toBe('0.50, worse');
  });

  test('calls a difference within the spread neither better nor worse', () => {
    expect(comparison(figure('less', [10, 20, 30], [15, 25, 35]))).toBe('0.80, within the spread');
  });

  test('of what has no spread, such as a size, is always made', () => {
    expect(comparison(figure('less', [24_000], [11_000]))).toBe('2.18, worse');
    expect(comparison(figure('less', [11_000], [11_000]))).toBe('1.00, the same');
  });

  test('with nothing has no ratio', () => {
    expect(comparison(figure('less', [5, 5], [0, 0]))).toBe('worse');
    expect(comparison(figure('less', [-5, -5], [-1, -1]))).toBe('better');
    expect(comparison(figure('less', [0], [0]))).toBe('the same');
  });
});

test('a table has medians, the middle half, and what was missed', () => {
  expect(figureTable([figure('less', [1, 2, 3], [10, 20, 30]), { ...figure('less', [24.1], [11]), unit: 'kB', atMost: 1.5 }])).toEqual([
    '| measure | rx-sora | sora-js-sdk | ratio | at most |',
    '| --- | --- | --- | --- | --- |',
    '| it | 2.00 ms (1.50-2.50) | 20.0 ms (15.0-25.0) | 0.10, better |  |',
    '| it | 24.1 kB | 11.0 kB | 2.19, worse | 1.50, **missed** |',
  ]);
});

test('a table of rx-sora alone has what was allowed with its unit', () => {
  expect(ownTable([{ name: 'it', unit: 'KiB', samples: [15], atMost: 16 }])).toEqual([
    '| measure | rx-sora | at most |',
    '| --- | --- | --- |',
    '| it | 15.0 KiB | 16.0 KiB |',
  ]);
});
