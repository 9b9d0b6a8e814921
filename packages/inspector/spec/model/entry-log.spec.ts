import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { EntryFilter } from '../../src/model/entry-filter.ts';
import { EntryLog } from '../../src/model/entry-log.ts';
import { message, state } from '../support/entries.ts';

const filled = (capacity: number, count: number): EntryLog => {
  const log = new EntryLog(capacity);
  for (let at = 0; at < count; at += 1) log.add(message(at));
  return log;
};

describe('the log', () => {
  test.prop([fc.integer({ min: 8, max: 100 }), fc.integer({ min: 0, max: 500 })])(
    'keeps the latest entries, at least its capacity and at most an eighth more, each under its number',
    (capacity, count) => {
      const log = filled(capacity, count);
      expect(log.end).toBe(count);
      expect(log.entries.length).toBeGreaterThanOrEqual(Math.min(capacity, count));
      expect(log.entries.length).toBeLessThanOrEqual(capacity + capacity / 8);
      for (let number = log.first; number < log.end; number += 1) expect(log.at(number)?.at).toBe(number);
      expect(log.at(log.first - 1)).toBeUndefined();
      expect(log.at(log.end)).toBeUndefined();
    },
  );
});

describe('the filter', () => {
  test.prop([
    fc.integer({ min: 8, max: 40 }),
    fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 20 }),
    fc.integer({ min: 1, max: 7 }),
  ])('gives the matches of what the log keeps, in order, however log and filter take turns', (capacity, rounds, step) => {
    const log = new EntryLog(capacity);
    const filter = new EntryFilter(log, ({ at }) => at % 3 === 0);
    let at = 0;
    for (const round of rounds) {
      for (let count = 0; count < round; count += 1) log.add(message(at++));
      filter.advance(step);
    }
    while (!filter.isComplete) filter.advance(step);
    filter.advance(0);
    const expected = log.entries.filter((entry) => entry.at % 3 === 0).map((entry) => entry.at);
    const found = Array.from({ length: filter.length }, (_, index) => filter.numberAt(index));
    expect(found).toEqual(expected);
    expect(found.map((number) => filter.indexOf(number!))).toEqual(found.map((_, index) => index));
    expect(filter.indexOf(1)).toBe(-1);
  });

  test('looks at no more entries than it was asked to', () => {
    const log = filled(100, 100);
    let looked = 0;
    const filter = new EntryFilter(log, () => (looked += 1) > 0);
    filter.advance(30);
    expect([looked, filter.length, filter.isComplete]).toEqual([30, 30, false]);
  });

  test('takes up what comes later', () => {
    const log = new EntryLog(10);
    const filter = new EntryFilter(log, ({ source }) => source === 'session');
    filter.advance(10);
    expect(filter.isComplete).toBe(true);
    log.add(state(1, 'opening'));
    expect(filter.isComplete).toBe(false);
    filter.advance(10);
    expect(filter.length).toBe(1);
  });
});
