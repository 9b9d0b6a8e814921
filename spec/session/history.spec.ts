import { describe, expect, test } from 'vitest';
import { type History, createHistory } from '../../src/session/history.ts';
import type { TimelineItem } from '../../src/timeline/timeline-item.ts';

const MEBI = 1024 * 1024;

const item = (at: number): TimelineItem => ({ source: 'session', kind: 'state', at, state: 'idle' });
const times = (history: History): readonly number[] => history.latest().map(({ at }) => at);

/** A history of items with a number each, and the sizes of their messages. */
function historyOf(sizes: readonly number[]): History {
  const history = createHistory(item(0));
  sizes.forEach((size, index) => history.push(item(index + 1), size));
  return history;
}

describe('what is kept', () => {
  test('is everything, while it is little', () => {
    expect(times(historyOf([5, 0, 7]))).toEqual([0, 1, 2, 3]);
  });

  test.each([999, 1000, 1998, 1999, 5678])('of %i items without messages: the latest 1000', (count) => {
    const kept = times(historyOf(Array.from({ length: count }, () => 0)));
    expect(kept).toHaveLength(1000);
    expect(kept.at(-1)).toBe(count);
    expect(kept[0]).toBe(count - 999);
  });

  test('of large messages: about the latest 4 Mi characters at least, and never more than 8', () => {
    for (let count = 1; count < 40; count += 1) {
      const kept = times(historyOf(Array.from({ length: count }, () => MEBI / 2)));
      expect(kept.at(-1)).toBe(count);
      expect(kept.length).toBeGreaterThanOrEqual(Math.min(count, 7));
      expect(kept.length).toBeLessThanOrEqual(16);
    }
  });

  test('of one that is larger than all: itself, until the next large one', () => {
    expect(times(historyOf([1, 16 * MEBI]))).toEqual([2]);
    expect(times(historyOf([16 * MEBI, 1]))).toEqual([2]);
    expect(times(historyOf([4095, 4095, 16 * MEBI, 4095, 4095]))).toEqual([4, 5]);
    expect(times(historyOf([16 * MEBI, 16 * MEBI]))).toEqual([2]);
  });
});
