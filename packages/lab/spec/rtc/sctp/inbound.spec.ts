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

  test('keeps its window full to the last byte, and tells how much of it is left', () => {
    const { receiver, chunk } = inbound();
    const room = (): number => receiver.sack().readUInt32BE(4);
    expect(room()).toBe(1024 * 1024);
    for (let step = 1; step <= 16; step++) expect(chunk(step, 0, 'x'.repeat(65_536))).toBe(true);
    expect(room()).toBe(0);
    expect(chunk(17, 0, 'x')).toBe(false);
    expect(chunk(0, both, 'a')).toBe(true);
    expect(room()).toBe(1024 * 1024);
  });

  test('keeps what a gap block can say, 32767 ahead, and no more', () => {
    const { receiver, chunk } = inbound();
    expect(chunk(0x7fff, both, 'far')).toBe(false);
    expect(chunk(0x7ffe, both, 'near enough')).toBe(true);
    expect(gaps(receiver.sack())).toEqual([[0x7fff, 0x7fff]]);
  });

  test('reports sixteen gaps and sixteen duplicates, the nearest gaps and the first duplicates (RFC 9260 section 3.3.4)', () => {
    const { receiver, chunk } = inbound();
    for (let step = 40; step > 0; step -= 2) chunk(step, both, 'x');
    for (let step = 2; step <= 40; step += 2) expect(chunk(step, both, 'x')).toBe(true);
    const sack = receiver.sack();
    expect(sack).toHaveLength(12 + 4 * 32);
    expect(gaps(sack)).toEqual(Array.from({ length: 16 }, (_, index) => [3 + 2 * index, 3 + 2 * index]));
    expect(sack.readUInt16BE(10)).toBe(16);
    expect(Array.from({ length: 16 }, (_, index) => sack.readUInt32BE(76 + 4 * index))).toEqual(
      Array.from({ length: 16 }, (_, index) => (first + 2 + 2 * index) >>> 0),
    );
  });

  test('an unordered message of one piece does not wait for a gap, takes no room, and comes once', () => {
    const { receiver, delivered, chunk } = inbound();
    const loose = dataFlag.unordered | both;
    expect(chunk(2, loose, 'loose')).toBe(true);
    expect(delivered).toEqual(['loose']);
    expect(receiver.sack().readUInt32BE(4)).toBe(1024 * 1024);
    expect(chunk(2, loose, 'loose')).toBe(true);
    chunk(1, dataFlag.unordered | dataFlag.begin, 'in ');
    chunk(3, both, 'last');
    expect(delivered).toEqual(['loose']);
    chunk(0, both, 'first');
    expect(delivered).toEqual(['loose', 'first', 'last']);
    expect(receiver.cumulativeTsn).toBe((first + 3) >>> 0);
  });

  test('a message may be as long as the limit, and one that is longer takes nothing with it', () => {
    const { delivered, chunk } = inbound();
    chunk(0, dataFlag.begin, 'x'.repeat(999));
    chunk(1, dataFlag.end, 'y');
    expect(delivered.map(({ length }) => length)).toEqual([1000]);
    chunk(2, dataFlag.begin, 'x'.repeat(1000));
    chunk(3, 0, 'y');
    chunk(4, dataFlag.end, 'z');
    chunk(5, both, 'next');
    expect(delivered.slice(1)).toEqual(['next']);
  });

  test('a piece behind the end of a message is none of it', () => {
    const { delivered, chunk } = inbound();
    chunk(0, both, 'whole');
    chunk(1, dataFlag.end, 'stray');
    expect(delivered).toEqual(['whole']);
  });

  test('a message has the stream and the protocol of its first piece', () => {
    const delivered: unknown[] = [];
    const receiver = new Inbound(0, 1000, ({ streamId, protocolId, data }) => delivered.push([streamId, protocolId, data.toString()]));
    const piece = { tsn: 0, streamId: 7, streamSequence: 0, protocolId: 51, flags: dataFlag.begin, data: Buffer.from('a') };
    receiver.data(piece);
    receiver.data({ ...piece, tsn: 1, protocolId: 53, flags: dataFlag.end });
    receiver.data({ ...piece, tsn: 2, streamId: 8, protocolId: 54, flags: both });
    expect(delivered).toEqual([
      [7, 51, 'aa'],
      [8, 54, 'a'],
    ]);
  });

  describe('FORWARD TSN (RFC 3758 section 3.6)', () => {
    test('delivers what lies whole in what is skipped, in order, and nothing of what lies there in part', () => {
      const { receiver, delivered, chunk } = inbound();
      chunk(0, dataFlag.begin, 'lost ');
      chunk(7, both, 'third');
      chunk(4, dataFlag.end, 'whole');
      chunk(3, dataFlag.begin, 'second ');
      chunk(2, both, 'first');
      chunk(6, dataFlag.end, 'of nothing');
      receiver.forward((first + 7) >>> 0);
      expect(delivered).toEqual(['first', 'second whole', 'third']);
      expect(receiver.sack().readUInt32BE(4)).toBe(1024 * 1024);
    });

    test('glues no pieces together between which something was skipped', () => {
      const { receiver, delivered, chunk } = inbound();
      chunk(0, dataFlag.begin, 'a');
      chunk(2, dataFlag.end, 'c');
      receiver.forward((first + 2) >>> 0);
      chunk(3, both, 'd');
      expect(delivered).toEqual(['d']);
    });

    test('that says nothing new changes nothing', () => {
      const { receiver, delivered, chunk } = inbound();
      chunk(0, both, 'a');
      chunk(1, dataFlag.begin, 'b');
      receiver.forward(first);
      receiver.forward((first + 1) >>> 0);
      expect(receiver.cumulativeTsn).toBe((first + 1) >>> 0);
      chunk(2, dataFlag.end, 'c');
      expect(delivered).toEqual(['a', 'bc']);
    });

    test('the pieces that come behind it belong to no message', () => {
      const { receiver, delivered, chunk } = inbound();
      chunk(0, dataFlag.begin, 'a');
      receiver.forward((first + 1) >>> 0);
      chunk(2, dataFlag.end, 'c');
      chunk(3, both, 'd');
      expect(delivered).toEqual(['d']);
    });

    test('leaves alone what lies behind it', () => {
      const { receiver, delivered, chunk } = inbound();
      chunk(5, both, 'behind a gap');
      chunk(3, both, 'next');
      receiver.forward((first + 2) >>> 0);
      expect(delivered).toEqual(['next']);
      expect(gaps(receiver.sack())).toEqual([[2, 2]]);
      chunk(4, both, 'between');
      expect(delivered).toEqual(['next', 'between', 'behind a gap']);
    });
  });
});
