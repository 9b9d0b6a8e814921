import { describe, expect, test } from 'vitest';
import { mtuBytes } from '../../../src/rtc/sctp/congestion.ts';
import { dataFlag, parseDataChunk } from '../../../src/rtc/sctp/data-chunk.ts';
import { Outbound } from '../../../src/rtc/sctp/outbound.ts';
import type { OutboundMessage } from '../../../src/rtc/sctp/outbound.ts';

const initialTsn = 0xfffffffe;
const roomBytes = mtuBytes - 12;
const fragmentBytes = 1160;
const none = 0x40000000;

const tsn = (step: number): number => (initialTsn + step) >>> 0;

const outbound = ({ windowBytes = 1_000_000, partialReliability = true } = {}) => {
  const sender = new Outbound(initialTsn, windowBytes, partialReliability);
  const left: string[] = [];
  const enqueue = (data: string, options: Partial<OutboundMessage> = {}): void =>
    sender.enqueue({
      streamId: 1,
      protocolId: 51,
      data: Buffer.from(data),
      ordered: true,
      onLeft: () => left.push(data.slice(0, 10)),
      ...options,
    });
  /** Steps of the chunks of the next packet. */
  const packet = (nowMs = 0): number[] =>
    sender.nextChunks(roomBytes, nowMs).map((chunk) => (parseDataChunk(chunk.readUInt8(1), chunk.subarray(4)).tsn - initialTsn) | 0);
  const packets = (nowMs = 0): number[][] => {
    const all: number[][] = [];
    for (let next = packet(nowMs); next.length > 0; next = packet(nowMs)) all.push(next);
    return all;
  };
  /** Acknowledges up to the chunk with this step, and the ranges of steps behind it. */
  const sack = (upTo: number, gaps: readonly (readonly [number, number])[] = [], nowMs = 1, window = windowBytes): boolean => {
    const value = Buffer.alloc(12 + 4 * gaps.length);
    value.writeUInt32BE(tsn(upTo), 0);
    value.writeUInt32BE(window, 4);
    value.writeUInt16BE(gaps.length, 8);
    for (const [index, [start, end]] of gaps.entries()) {
      value.writeUInt16BE(start - upTo, 12 + 4 * index);
      value.writeUInt16BE(end - upTo, 14 + 4 * index);
    }
    return sender.sack(value, nowMs);
  };
  return { sender, enqueue, packet, packets, sack, left };
};

const fragment = 'x'.repeat(fragmentBytes);

describe('fragments', () => {
  test('carry their place in the message, the number of the message in its stream, and count on over the wrap', () => {
    const { sender, enqueue } = outbound();
    enqueue('short');
    enqueue(`${fragment}${fragment}end`, { protocolId: 53 });
    enqueue('loose', { ordered: false });
    enqueue('other', { streamId: 3 });
    enqueue('last');
    const chunks = Array.from({ length: 4 }, () => sender.nextChunks(roomBytes, 0))
      .flat()
      .map((chunk) => parseDataChunk(chunk.readUInt8(1), chunk.subarray(4, chunk.readUInt16BE(2))))
      .map((chunk) => [chunk.tsn, chunk.flags, chunk.streamId, chunk.streamSequence, chunk.protocolId, chunk.data.length]);
    const { begin, end, unordered } = dataFlag;
    expect(chunks).toEqual([
      [tsn(0), begin | end, 1, 0, 51, 5],
      [tsn(1), begin, 1, 1, 53, fragmentBytes],
      [tsn(2), 0, 1, 1, 53, fragmentBytes],
      [tsn(3), end, 1, 1, 53, 3],
      [tsn(4), begin | end | unordered, 1, 0, 51, 5],
      [tsn(5), begin | end, 3, 0, 51, 5],
      [tsn(6), begin | end, 1, 2, 51, 4],
    ]);
    expect(sender.lastTsn).toBe(tsn(6));
  });

  test('fill a packet to its last byte and no further', () => {
    const { enqueue, packets } = outbound();
    enqueue(fragment);
    enqueue('a');
    // 16 bytes of header each, padded to four bytes: 20 + 1156 + 3 left.
    enqueue('y'.repeat(roomBytes - 20 - 16 - 3));
    enqueue('b');
    expect(packets()).toEqual([[0], [1, 2], [3]]);
  });

  test('the number of a message starts again after a reset of its stream', () => {
    const { sender, enqueue } = outbound();
    const sequence = (streamId: number): number => {
      enqueue('x', { streamId });
      return sender.nextChunks(roomBytes, 0)[0]!.readUInt16BE(10);
    };
    expect([1, 1, 3, 1].map(sequence)).toEqual([0, 1, 0, 2]);
    sender.forgetStream(1);
    expect([1, 3].map(sequence)).toEqual([0, 1]);
  });

  test('a message leaves with its last fragment, and its stream has nothing queued from then on', () => {
    const { sender, enqueue, packet, left } = outbound();
    enqueue(`${fragment}end`);
    expect(sender.hasQueued(1)).toBe(true);
    expect(sender.hasQueued(3)).toBe(false);
    packet();
    expect([left.length, sender.hasQueued(1)]).toEqual([0, true]);
    packet();
    expect([left.length, sender.hasQueued(1)]).toEqual([1, false]);
  });
});

describe('windows', () => {
  test('ten packets may be in flight at first, and each acknowledged one lets another out', () => {
    const { enqueue, packets, sack } = outbound();
    for (let index = 0; index < 40; index++) enqueue(fragment);
    expect(packets()).toHaveLength(10);
    expect(sack(0)).toBe(true);
    // One in place of the acknowledged one, and one because the window was used up.
    expect(packets()).toHaveLength(2);
  });

  test('the window does not grow while it is not used up', () => {
    const { sender, enqueue, packets, sack } = outbound();
    const before = sender.congestion.windowBytes;
    for (let index = 0; index < 9; index++) {
      enqueue(fragment);
      packets();
      sack(index);
    }
    expect(sender.congestion.windowBytes).toBe(before);
  });

  test("the other side's window is kept, but for one packet that asks whether it has opened", () => {
    const { enqueue, packets, sack } = outbound({ windowBytes: 3000 });
    for (let index = 0; index < 10; index++) enqueue(fragment);
    expect(packets()).toEqual([[0], [1]]);
    sack(1, [], 1, 0);
    expect(packets()).toEqual([[2]]);
    // Space for one and a half, of which one is on its way.
    sack(1, [], 1, 1740);
    expect(packets()).toEqual([]);
    sack(2, [], 1, 3000);
    expect(packets()).toEqual([[3], [4]]);
  });

  test('an acknowledgement that is older or of what was never sent changes nothing', () => {
    const { sender, enqueue, packets, sack } = outbound();
    for (let index = 0; index < 5; index++) enqueue(fragment);
    packets();
    expect(sack(2)).toBe(true);
    expect(sack(1)).toBe(false);
    expect(sack(2)).toBe(false);
    expect(sack(none)).toBe(false);
    expect(sender.outstanding).toBe(true);
    expect(sack(4)).toBe(true);
    expect(sender.outstanding).toBe(false);
    expect(packets()).toEqual([]);
  });
});

describe('bytes in flight', () => {
  const many = (enqueue: (data: string) => void, count: number): void => {
    for (let index = 0; index < count; index++) enqueue(fragment);
  };

  test('fill the window to its last byte', () => {
    for (const [bytes, count] of [
      [310, 11],
      [311, 10],
    ] as const) {
      const { sender, enqueue, packets } = outbound();
      expect(sender.congestion.windowBytes).toBe(10 * fragmentBytes + 310);
      many(enqueue, 10);
      enqueue('x'.repeat(bytes));
      expect(packets().flat(), `${bytes} bytes`).toHaveLength(count);
    }
  });

  test("fill the other side's window to its last byte", () => {
    for (const [windowBytes, count] of [
      [2 * fragmentBytes, 2],
      [2 * fragmentBytes - 1, 1],
    ] as const) {
      const { enqueue, packets } = outbound({ windowBytes });
      many(enqueue, 3);
      expect(packets(), `${windowBytes} bytes`).toHaveLength(count);
    }
  });

  test('use the window up when not one more packet goes into it', () => {
    for (const [bytes, grown] of [
      [310, fragmentBytes],
      [309, 0],
    ] as const) {
      const { sender, enqueue, packets, sack } = outbound();
      many(enqueue, 9);
      enqueue('x'.repeat(bytes));
      packets();
      const before = sender.congestion.windowBytes;
      sack(0);
      expect(sender.congestion.windowBytes - before, `${bytes} bytes`).toBe(grown);
    }
  });

  test('count once when they are acknowledged, first behind a gap and then by the number itself', () => {
    const { sender, enqueue, packets, sack } = outbound();
    many(enqueue, 40);
    expect(packets()).toHaveLength(10);
    const before = sender.congestion.windowBytes;
    sack(0, [[2, 3]]);
    expect(sender.congestion.windowBytes).toBe(before + 3 * fragmentBytes);
    sack(3);
    expect(sender.congestion.windowBytes).toBe(before + 3 * fragmentBytes);
    // Six are under way, and thirteen go into the window.
    expect(packets()).toHaveLength(7);
  });

  test('do not count from when they are lost', () => {
    const { sender, enqueue, packets, sack } = outbound();
    many(enqueue, 10);
    packets();
    for (let report = 0; report < 3; report++) sack(-1, [[1, 9]]);
    sack(9);
    expect(sender.congestion.windowBytes).toBe(5 * mtuBytes);
    many(enqueue, 20);
    expect(packets()).toHaveLength(5);
  });

  test('count once when they are lost twice', () => {
    const { enqueue, packets, sack, sender } = outbound();
    many(enqueue, 10);
    packets();
    for (let report = 0; report < 3; report++) sack(-1, [[1, 1]]);
    sender.timedOut(500);
    expect(packets(500)).toEqual([[0]]);
  });

  test('do not count from when their message is given up, what has arrived of it and other messages left aside', () => {
    const { sender, enqueue, packets, sack } = outbound();
    enqueue(`${fragment}${fragment}${fragment}`, { maxRetransmits: 0 });
    many(enqueue, 7);
    packets();
    for (let report = 0; report < 3; report++)
      sack(-1, [
        [1, 1],
        [3, 3],
      ]);
    expect(sender.congestion.windowBytes).toBe(5 * mtuBytes);
    many(enqueue, 20);
    // Six of the others are under way: more than the window.
    expect(packets()).toEqual([]);
    sack(-1, [
      [1, 1],
      [3, 9],
    ]);
    expect(packets()).toHaveLength(5);
  });

  test('do not count twice when their message is given up after they were lost', () => {
    const { sender, enqueue, packets, sack } = outbound();
    enqueue(`${fragment}${fragment}`, { expiresAtMs: 100 });
    many(enqueue, 8);
    packets(0);
    for (let report = 0; report < 3; report++) sack(-1, [[2, 9]], 50);
    sack(-1, [[2, 9]], 50);
    expect(sender.congestion.windowBytes).toBe(5 * mtuBytes);
    many(enqueue, 20);
    expect(packets(150)).toHaveLength(5);
    expect(sender.takeForwardTsn()?.readUInt32BE(0)).toBe(tsn(1));
    expect(packets(150)).toEqual([]);
  });

  test('a chunk goes where it just fits', () => {
    const { sender, enqueue } = outbound();
    enqueue('four');
    expect(sender.nextChunks(19, 0)).toEqual([]);
    expect(sender.nextChunks(20, 0)).toHaveLength(1);
  });
});

describe('losses', () => {
  test('are what lies between the gaps that are reported, each of them', () => {
    const { enqueue, packets, sack } = outbound();
    for (let index = 0; index < 6; index++) enqueue(fragment);
    packets();
    for (let report = 0; report < 3; report++)
      sack(-1, [
        [1, 1],
        [3, 4],
      ]);
    expect(packets()).toEqual([[0], [2]]);
  });

  test('what was acknowledged behind a gap is not lost when a later report leaves it out', () => {
    const { enqueue, packets, sack } = outbound();
    for (let index = 0; index < 6; index++) enqueue(fragment);
    packets();
    sack(0, [[2, 2]]);
    for (let report = 0; report < 3; report++) sack(0, [[4, 4]]);
    expect(packets()).toEqual([[1], [3]]);
  });

  test('that are found while others are made good halve the window no further, nor does it grow (RFC 9260 sections 7.2.1 and 7.2.4)', () => {
    const { sender, enqueue, packets, sack } = outbound();
    for (let index = 0; index < 10; index++) enqueue(fragment);
    packets();
    for (let report = 0; report < 3; report++) sack(-1, [[1, 1]]);
    expect(sender.congestion.windowBytes).toBe(5 * mtuBytes);
    for (let report = 0; report < 3; report++)
      sack(-1, [
        [1, 1],
        [3, 9],
      ]);
    expect(sender.congestion.windowBytes).toBe(5 * mtuBytes);
    for (let index = 0; index < 10; index++) enqueue(fragment);
    expect(packets()).toEqual([[0], [2], [10], [11], [12]]);
    // The window is used up and the acknowledgement moves on, but not to the end of what was under way.
    sack(1, [[3, 9]]);
    expect(sender.congestion.windowBytes).toBe(5 * mtuBytes);
    expect(packets()).toEqual([[13]]);
    sack(9);
    expect(sender.congestion.windowBytes).toBeGreaterThan(5 * mtuBytes);
  });

  test('the third report of a gap repeats what is missing, once', () => {
    const { enqueue, packets, sack } = outbound();
    for (let index = 0; index < 6; index++) enqueue(fragment);
    packets();
    sack(0, [[2, 2]]);
    sack(0, [[2, 3]]);
    expect(packets()).toEqual([]);
    sack(0, [[2, 4]]);
    expect(packets()).toEqual([[1]]);
    sack(0, [[2, 5]]);
    sack(0, [[2, 5]]);
    expect(packets()).toEqual([]);
    sack(0, [[2, 5]]);
    expect(packets()).toEqual([[1]]);
    sack(5);
    expect(packets()).toEqual([]);
  });

  test('a gap halves the window once, until what was under way has been acknowledged', () => {
    const { sender, enqueue, packets, sack } = outbound();
    for (let index = 0; index < 10; index++) enqueue(fragment);
    packets();
    const before = sender.congestion.windowBytes;
    for (let report = 0; report < 3; report++)
      sack(-1, [
        [1, 1],
        [3, 9],
      ]);
    expect(sender.congestion.windowBytes).toBe(before / 2);
    for (let report = 0; report < 6; report++)
      sack(-1, [
        [1, 1],
        [3, 9],
      ]);
    expect(sender.congestion.windowBytes).toBe(before / 2);
    packets();
    sack(9);
    for (let index = 0; index < 5; index++) enqueue(fragment);
    packets();
    for (let report = 0; report < 3; report++) sack(9, [[11, 14]]);
    expect(sender.congestion.windowBytes).toBe(Math.max(before / 4, 4 * mtuBytes));
  });

  test('a time-out repeats everything that was not acknowledged, one packet at first', () => {
    const { sender, enqueue, packets, sack } = outbound();
    for (let index = 0; index < 4; index++) enqueue(fragment);
    packets();
    sack(0, [[2, 2]]);
    sender.timedOut(500);
    expect(packets(500)).toEqual([[1]]);
    sack(2, [], 600);
    expect(packets(600)).toEqual([[3]]);
  });

  test('only what was sent once measures the round trip', () => {
    const { sender, enqueue, packets, sack } = outbound();
    enqueue(fragment);
    packets();
    sender.timedOut(500);
    packets(500);
    const doubled = sender.congestion.timeoutMs;
    sack(0, [], 2500);
    expect(sender.congestion.timeoutMs).toBe(doubled);
    enqueue(fragment);
    packets(3000);
    sack(1, [], 5000);
    // RFC 9260 section 6.3.1: 2000 + 4 * 1000.
    expect(sender.congestion.timeoutMs).toBe(6000);
  });
});

describe('giving up (RFC 3758)', () => {
  const reports = (sack: (upTo: number, gaps: readonly (readonly [number, number])[]) => boolean, ...gap: [number, number]): void => {
    for (let report = 0; report < 3; report++) sack(-1, [gap]);
  };

  test('a FORWARD TSN skips what was given up, with the last number of each ordered stream', () => {
    const { sender, enqueue, packets, sack } = outbound();
    enqueue('a'.repeat(1100), { maxRetransmits: 0 });
    enqueue('b'.repeat(1100), { maxRetransmits: 0 });
    enqueue('c'.repeat(1100), { maxRetransmits: 0, streamId: 3 });
    enqueue('d'.repeat(1100), { maxRetransmits: 0, streamId: 5, ordered: false });
    enqueue('e'.repeat(1100));
    packets();
    expect(sender.takeForwardTsn()).toBeUndefined();
    reports(sack, 4, 4);
    const expected = Buffer.alloc(12);
    expected.writeUInt32BE(tsn(3), 0);
    expected.writeUInt32BE(0x00010001, 4);
    expected.writeUInt32BE(0x00030000, 8);
    expect(sender.takeForwardTsn()?.toString('hex')).toBe(expected.toString('hex'));
    expect(sender.takeForwardTsn()).toBeUndefined();
    expect(sender.outstanding).toBe(true);
    sender.timedOut(1000);
    expect(sender.takeForwardTsn()?.toString('hex')).toBe(expected.toString('hex'));
    sack(4);
    expect(sender.outstanding).toBe(false);
    expect(packets()).toEqual([]);
  });

  test('does not skip a message of which only a part has arrived', () => {
    const { sender, enqueue, packets, sack } = outbound();
    enqueue(fragment, { maxRetransmits: 0 });
    enqueue(`${fragment}end`);
    enqueue(fragment);
    packets();
    sack(-1, [[1, 1]]);
    sack(-1, [[1, 1]]);
    sack(-1, [[1, 1]]);
    const skipped = sender.takeForwardTsn()!;
    expect(skipped.readUInt32BE(0)).toBe(tsn(0));
    expect(skipped.subarray(4).toString('hex')).toBe('00010000');
  });

  test('a message is given up whole, also the part that was not sent yet', () => {
    const { sender, enqueue, packet, packets, sack, left } = outbound();
    for (let index = 0; index < 8; index++) enqueue(fragment);
    enqueue(`big ${fragment.repeat(9)}`, { maxRetransmits: 0 });
    enqueue('after');
    packets();
    // Two pieces of the large message are under way, the first of which is lost.
    for (let report = 0; report < 3; report++) sack(7, [[9, 9]]);
    expect(left.slice(8)).toEqual([]);
    expect(packet()).toEqual([10]);
    expect(left.slice(8)).toEqual(['big xxxxxx', 'after']);
    expect(sender.takeForwardTsn()?.readUInt32BE(0)).toBe(tsn(9));
  });

  test('a life time ends a message that waits for its first transmission, and one that was lost', () => {
    const { sender, enqueue, packets, left } = outbound();
    enqueue('lost', { expiresAtMs: 100 });
    packets(0);
    enqueue('late', { expiresAtMs: 100, streamId: 3 });
    enqueue('in time', { expiresAtMs: 101, streamId: 5 });
    expect(packets(100)).toEqual([[1]]);
    expect(left).toEqual(['lost', 'late', 'in time']);
    sender.timedOut(100);
    expect(packets(100)).toEqual([[1]]);
    expect(sender.takeForwardTsn()?.readUInt32BE(0)).toBe(tsn(0));
  });

  test('what was lost is not repeated when its time is over by then', () => {
    const { sender, enqueue, packets, sack } = outbound();
    enqueue(fragment, { expiresAtMs: 100 });
    enqueue(fragment);
    packets(0);
    for (let report = 0; report < 3; report++) sack(-1, [[1, 1]], 50);
    expect(sender.takeForwardTsn()).toBeUndefined();
    expect(packets(150)).toEqual([]);
    expect(sender.takeForwardTsn()?.readUInt32BE(0)).toBe(tsn(0));
  });

  test('a time-out alone finds out what is to be skipped', () => {
    const { sender, enqueue, packets } = outbound();
    enqueue('a', { maxRetransmits: 0 });
    packets();
    sender.timedOut(500);
    expect(sender.takeForwardTsn()?.readUInt32BE(0)).toBe(tsn(0));
  });

  test('what is given up is no loss any more', () => {
    const { sender, enqueue, packets, sack } = outbound();
    enqueue(fragment, { maxRetransmits: 0 });
    for (let index = 0; index < 3; index++) enqueue(fragment);
    packets();
    sender.timedOut(500);
    for (let report = 0; report < 3; report++) sack(-1, [[1, 3]], 600);
    expect(sender.congestion.windowBytes).toBe(mtuBytes);
  });

  test('a message that nobody waits for is given up all the same', () => {
    const { sender, packets } = outbound();
    sender.enqueue({ streamId: 1, protocolId: 51, data: Buffer.from('late'), ordered: true, expiresAtMs: 1 });
    expect(packets(2)).toEqual([]);
    expect(sender.hasQueued(1)).toBe(false);
  });

  test('nothing is given up where the other side does not know of it', () => {
    const { sender, enqueue, packets } = outbound({ partialReliability: false });
    enqueue('lost', { maxRetransmits: 0 });
    enqueue('late', { expiresAtMs: 1 });
    expect(packets(50)).toEqual([[0, 1]]);
    sender.timedOut(500);
    expect(packets(500)).toEqual([[0, 1]]);
    expect(sender.takeForwardTsn()).toBeUndefined();
  });

  test('clear lets everything go that has not left', () => {
    const { sender, enqueue, packet, packets, left } = outbound();
    enqueue('sent');
    packet();
    enqueue('a');
    enqueue('b');
    sender.clear();
    expect(left).toEqual(['sent', 'a', 'b']);
    expect(sender.outstanding).toBe(false);
    expect(packets()).toEqual([]);
  });
});
