import { describe, expect, test } from 'vitest';
import { dataFlag } from '../../../src/rtc/sctp/data-chunk.ts';
import { Inbound } from '../../../src/rtc/sctp/inbound.ts';

const first = 0xfffffffe;
const both = dataFlag.begin | dataFlag.end;

const inbound = () => {
  const delivered: string[] = [];
  const receiver = new Inbound(first, 1000, ({ data }) => delivered.push(data.toString()));
  const chunk = (step: number, flags: number, data: string, streamId = 1) =>
    receiver.data({ flags, tsn: (first + step) >>> 0, streamId, streamSequence: 0, protocolId: 51, data: Buffer.from(data) });
  return { receiver, delivered, chunk };
};

const gaps = (sack: Buffer): number[][] =>
  Array.from({ length: sack.readUInt16BE(8) }, (_, index) => [sack.readUInt16BE(12 + 4 * index), sack.readUInt16BE(14 + 4 * index)]);

describe('Inbound', () => {
  test('numbers wrap around', () => {
    const { receiver, delivered, chunk } = inbound();
    for (const step of [0, 1, 2, 3]) chunk(step, both, String(step));
    expect(delivered).toEqual(['0', '1', '2', '3']);
    expect(receiver.cumulativeTsn).toBe(1);
  });

  test('reports gaps and duplicates, once', () => {
    const { receiver, chunk } = inbound();
    chunk(0, both, 'a');
    chunk(0, both, 'a');
    for (const step of [2, 3, 5]) chunk(step, both, 'x');
    const sack = receiver.sack();
    expect(sack.readUInt32BE(0)).toBe(first);
    expect(gaps(sack)).toEqual([
      [2, 3],
      [5, 5],
    ]);
    expect(sack.readUInt16BE(10)).toBe(1);
    expect(receiver.sack().readUInt16BE(10)).toBe(0);
  });

  test('is in a hurry for gaps, their ends, and duplicates only', () => {
    const { receiver, chunk } = inbound();
    const urgent = (): boolean => {
      const value = receiver.urgent;
      receiver.sack();
      return value;
    };
    chunk(0, both, 'a');
    expect(urgent()).toBe(false);
    chunk(2, both, 'c');
    expect(urgent()).toBe(true);
    chunk(1, both, 'b');
    expect(urgent()).toBe(true);
    chunk(3, both, 'd');
    expect(urgent()).toBe(false);
    chunk(3, both, 'd');
    expect(urgent()).toBe(true);
  });

  test('puts fragments together that came in any order', () => {
    const { delivered, chunk } = inbound();
    chunk(2, dataFlag.end, 'c');
    chunk(1, 0, 'b');
    chunk(0, dataFlag.begin, 'a');
    expect(delivered).toEqual(['abc']);
  });

  test('drops pieces without a beginning, of another stream, or of a message that never ends', () => {
    const { delivered, chunk } = inbound();
    chunk(0, 0, 'stray');
    chunk(1, dataFlag.end, 'stray');
    chunk(2, dataFlag.begin, 'open');
    chunk(3, dataFlag.end, 'other stream', 3);
    chunk(4, dataFlag.begin, 'new');
    chunk(5, dataFlag.end, ' message');
    expect(delivered).toEqual(['new message']);
  });

  test('skips what was given up, and delivers what is whole behind it', () => {
    const { receiver, delivered, chunk } = inbound();
    chunk(0, dataFlag.begin, 'half of');
    chunk(3, both, 'whole');
    chunk(5, both, 'behind');
    receiver.forward((first + 4) >>> 0);
    expect(delivered).toEqual(['whole', 'behind']);
    expect(receiver.cumulativeTsn).toBe((first + 5) >>> 0);
  });

  test('keeps no more than its window', () => {
    const { receiver, chunk } = inbound();
    const large = 'x'.repeat(60_000);
    let kept = 0;
    for (let step = 1; step < 100; step++) if (chunk(step, dataFlag.begin, large)) kept++;
    expect(kept * 60_000).toBeLessThanOrEqual(1024 * 1024);
    expect(chunk(40_000, both, 'far')).toBe(false);
    expect(receiver.sack().readUInt32BE(4)).toBeLessThan(60_000);
  });
});
