import { describe, expect, test } from 'vitest';
import { ArrivalClock } from '../../../src/rtc/rtp/arrival-clock.ts';

const absSendTime = (ms: number): number => Math.round(((ms % 64_000) * 2 ** 18) / 1000) & 0xffffff;

describe('ArrivalClock', () => {
  test('takes own delays out: packets sent every 10 ms have arrived every 10 ms', () => {
    const clock = new ArrivalClock();
    const delays = [0, 35, 25, 15, 5, 0, 90, 80, 0];
    const arrivals = delays.map((delayMs, index) => clock.arrival(absSendTime(500 + 10 * index), 7000 + 10 * index + delayMs));
    for (const [index, atMs] of arrivals.entries()) expect(atMs).toBeCloseTo(7000 + 10 * index, 0);
  });

  test('over the wrap of the 64 s that the extension counts', () => {
    const clock = new ArrivalClock();
    for (let sentMs = 60_000; sentMs < 70_000; sentMs += 500) {
      expect(
        Math.abs(clock.arrival(absSendTime(sentMs), 123_456 + sentMs + (sentMs % 1000 === 0 ? 0 : 20)) - 123_456 - sentMs),
      ).toBeLessThan(1);
    }
  });

  test('never says later than it was, and learns a shorter way at once', () => {
    const clock = new ArrivalClock();
    expect(clock.arrival(absSendTime(0), 100)).toBe(100);
    expect(clock.arrival(absSendTime(10), 105)).toBe(105);
    expect(clock.arrival(absSendTime(20), 120)).toBeCloseTo(115, 1);
  });
});
