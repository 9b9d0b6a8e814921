import { describe, expect, test } from 'vitest';
import { Timeline } from '../../../src/rtc/media/timeline.ts';

const packet = (ssrc: number, sequenceNumber: number, timestamp: number, receivedAtMs: number) => ({
  ssrc,
  sequenceNumber,
  timestamp,
  receivedAtMs,
});

describe('Timeline', () => {
  test('keeps the distances of one source, whatever its numbers', () => {
    const timeline = new Timeline(90_000, 100);
    const placed = [
      packet(1, 65534, 0xfffffff0, 0),
      packet(1, 65535, 0xfffffff0, 1),
      packet(1, 0, 0x00000b00, 33),
      packet(1, 3, 0x1700, 66),
    ].map((p) => timeline.place(p));
    expect(placed.map(({ sequenceNumber }) => sequenceNumber)).toEqual([100, 101, 102, 105]);
    expect(placed[2]!.timestamp - placed[0]!.timestamp + 2 ** 32).toBe(0x0b00 + 16);
  });

  test('goes on without a gap when the source changes, the clock by the time that passed', () => {
    const timeline = new Timeline(90_000, 100);
    const before = timeline.place(packet(1, 7, 1000, 500));
    const after = timeline.place(packet(2, 60_000, 99, 600));
    expect(after).toEqual({ sequenceNumber: 101, timestamp: before.timestamp + 9000 });
    expect(timeline.place(packet(2, 60_001, 99 + 3000, 633))).toEqual({ sequenceNumber: 102, timestamp: before.timestamp + 12_000 });
  });

  test('goes on without a gap after an interruption of the same source', () => {
    const timeline = new Timeline(90_000, 100);
    timeline.place(packet(1, 7, 1000, 500));
    timeline.interrupt();
    expect(timeline.changes(1)).toBe(true);
    expect(timeline.place(packet(1, 500, 80_000, 1500)).sequenceNumber).toBe(101);
  });

  test('never stands still, and a packet that was overtaken does not turn it back', () => {
    const timeline = new Timeline(1000, 100);
    const first = timeline.place(packet(1, 10, 1000, 500));
    expect(timeline.place(packet(1, 8, 998, 501)).sequenceNumber).toBe(98);
    const other = timeline.place(packet(2, 5, 5, 500));
    expect(other.sequenceNumber).toBe(101);
    expect(other.timestamp).toBeGreaterThan(first.timestamp);
  });
});
