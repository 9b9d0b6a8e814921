import { describe, expect, test } from 'vitest';
import { ReceiveStream } from '../../../src/rtc/media/receive-stream.ts';

const stream = (): ReceiveStream => new ReceiveStream(1, 90_000);

describe('ReceiveStream', () => {
  test('asks for what is missing, a few times, with pauses', () => {
    const received = stream();
    for (const sequence of [65534, 2]) received.received(sequence, 0, 0);
    expect(received.takeMissing(5)).toEqual([]);
    expect(received.takeMissing(10)).toEqual([65535, 0, 1]);
    expect(received.takeMissing(30)).toEqual([]);
    received.received(0, 0, 40);
    const asked = [70, 130, 190, 250, 310].map((atMs) => received.takeMissing(atMs));
    expect(asked).toEqual([[65535, 1], [65535, 1], [65535, 1], [], []]);
    expect(received.hasMissing).toBe(false);
  });

  test('takes late and repaired packets once, and nothing that came before', () => {
    const received = stream();
    for (const sequence of [1, 4]) expect(received.received(sequence, 0, 0)).toBe(true);
    expect(received.received(4, 0, 0)).toBe(false);
    expect(received.received(2, 0, 0)).toBe(true);
    expect(received.received(2, 0, 0)).toBe(false);
    expect(received.repaired(3)).toBe(true);
    expect(received.repaired(3)).toBe(false);
    expect(received.hasMissing).toBe(false);
  });

  test('takes a large jump for a new beginning, and never remembers much', () => {
    const received = stream();
    received.received(1, 0, 0);
    received.received(5000, 0, 0);
    expect(received.hasMissing).toBe(false);
    for (let sequence = 5090; sequence < 9000; sequence += 90) received.received(sequence, 0, 0);
    expect(received.takeMissing(1000).length).toBeLessThanOrEqual(200);
  });

  test('reports losses since the last report, and in all (RFC 3550 section 6.4.1)', () => {
    const received = stream();
    for (const sequence of [65533, 65534, 65535, 0]) received.received(sequence, 0, 0);
    received.senderReport(0xabcd, 1000);
    expect(received.reportBlock(2000)).toMatchObject({
      fractionLost: 0,
      totalLost: 0,
      highestSequence: 0x10000,
      lastReport: 0xabcd,
      sinceLastReport: 65536,
    });
    for (const sequence of [2, 4]) received.received(sequence, 0, 0);
    expect(received.reportBlock(3000)).toMatchObject({ fractionLost: 128, totalLost: 2, highestSequence: 0x10004 });
    expect(received.reportBlock(4000)).toMatchObject({ fractionLost: 0, totalLost: 2 });
  });

  test('measures jitter', () => {
    const steady = stream();
    for (let index = 0; index < 100; index++) steady.received(index, index * 3000, index * (1000 / 30));
    expect(steady.reportBlock(0).jitter).toBe(0);
    const nervous = stream();
    for (let index = 0; index < 100; index++) nervous.received(index, index * 3000, index * (1000 / 30) + (index % 2) * 10);
    expect(nervous.reportBlock(0).jitter).toBeGreaterThan(500);
  });
});
