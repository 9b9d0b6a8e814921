import { describe, expect, test } from 'vitest';
import { Congestion, mtuBytes } from '../../../src/rtc/sctp/congestion.ts';

describe('the retransmission time-out (RFC 9260 section 6.3.1)', () => {
  test('is half a second before anything was measured', () => {
    expect(new Congestion().timeoutMs).toBe(500);
  });

  test('follows the round trip and how much it varies', () => {
    const congestion = new Congestion();
    congestion.measured(1000);
    expect(congestion.timeoutMs).toBe(1000 + 4 * 500);
    congestion.measured(2000);
    // Variance 0.75 * 500 + 0.25 * 1000, smoothed 0.875 * 1000 + 0.125 * 2000.
    expect(congestion.timeoutMs).toBe(1125 + 4 * 625);
    congestion.measured(1125);
    expect(congestion.timeoutMs).toBe(1125 + 4 * 468.75);
  });

  test('is never below 400 ms, nor above a minute', () => {
    const congestion = new Congestion();
    congestion.measured(1);
    expect(congestion.timeoutMs).toBe(400);
    congestion.measured(100_000);
    expect(congestion.timeoutMs).toBe(60_000);
  });

  test('doubles with each loss, up to a minute', () => {
    const congestion = new Congestion();
    const timeouts = Array.from({ length: 9 }, () => {
      congestion.timedOut();
      return congestion.timeoutMs;
    });
    expect(timeouts).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  });
});

describe('the window (RFC 9260 section 7.2)', () => {
  test('begins with ten packets and grows by what was acknowledged, at most four packets at once', () => {
    const congestion = new Congestion();
    expect(congestion.windowBytes).toBe(10 * mtuBytes);
    congestion.acknowledged(1000);
    expect(congestion.windowBytes).toBe(10 * mtuBytes + 1000);
    congestion.acknowledged(100_000);
    expect(congestion.windowBytes).toBe(14 * mtuBytes + 1000);
  });

  test('has a limit', () => {
    const congestion = new Congestion();
    for (let round = 0; round < 100; round++) congestion.acknowledged(100_000);
    expect(congestion.windowBytes).toBe(128 * 1024);
    // From where it only avoids congestion, too.
    congestion.lost();
    for (let round = 0; round < 1000; round++) congestion.acknowledged(100_000);
    expect(congestion.windowBytes).toBe(128 * 1024);
  });

  test('is halved by a loss, down to four packets, and then grows by one packet for each window acknowledged', () => {
    const congestion = new Congestion();
    congestion.lost();
    expect(congestion.windowBytes).toBe(5 * mtuBytes);
    congestion.acknowledged(1);
    // Up to the threshold it grows fast.
    expect(congestion.windowBytes).toBe(5 * mtuBytes + 1);
    congestion.acknowledged(5 * mtuBytes);
    expect(congestion.windowBytes).toBe(5 * mtuBytes + 1);
    congestion.acknowledged(1);
    expect(congestion.windowBytes).toBe(6 * mtuBytes + 1);
    congestion.acknowledged(6 * mtuBytes);
    expect(congestion.windowBytes).toBe(6 * mtuBytes + 1);
    congestion.acknowledged(1);
    expect(congestion.windowBytes).toBe(7 * mtuBytes + 1);
    congestion.lost();
    expect(congestion.windowBytes).toBe(4 * mtuBytes);
  });

  test.each([
    ['a loss', (congestion: Congestion) => congestion.lost()],
    ['a time-out', (congestion: Congestion) => congestion.timedOut()],
  ])('%s forgets what was acknowledged of the window before', (_, happen) => {
    const congestion = new Congestion();
    congestion.lost();
    congestion.acknowledged(1);
    congestion.acknowledged(4 * mtuBytes);
    happen(congestion);
    while (congestion.windowBytes <= 4 * mtuBytes) congestion.acknowledged(mtuBytes);
    const before = congestion.windowBytes;
    congestion.acknowledged(before - 1);
    expect(congestion.windowBytes).toBe(before);
    congestion.acknowledged(1);
    expect(congestion.windowBytes).toBe(before + mtuBytes);
  });

  test('is one packet after a time-out, and grows fast up to half of what it was', () => {
    const congestion = new Congestion();
    congestion.timedOut();
    expect(congestion.windowBytes).toBe(mtuBytes);
    for (const expected of [2, 3, 4, 5, 6, 6]) {
      congestion.acknowledged(mtuBytes);
      expect(congestion.windowBytes).toBe(expected * mtuBytes);
    }
    congestion.timedOut();
    for (const expected of [2, 3, 4, 5, 5]) {
      congestion.acknowledged(mtuBytes);
      expect(congestion.windowBytes).toBe(expected * mtuBytes);
    }
  });
});
