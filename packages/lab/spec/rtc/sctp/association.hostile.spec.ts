import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { crc32c } from '../../../src/rtc/sctp/crc32c.ts';
import { chunkType, serializeChunk, serializePacket } from '../../../src/rtc/sctp/packet.ts';
import { pseudoRandom } from '../support/pseudo-random.ts';
import { sctpPair } from '../support/sctp-pair.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const blob = (length: number) => ({ streamId: 1, protocolId: 53, data: pseudoRandom(length).bytes(length), ordered: true });

test('20 000 hostile packets with right tag and checksum throw nothing and leave no timer behind', () => {
  const random = pseudoRandom(99);
  const fresh = () => {
    const pair = sctpPair();
    const known = { tag: 0, sample: Buffer.alloc(0) };
    pair.lose = (from, packet) => {
      if (from === 'b' && packet.readUInt32BE(4) !== 0) known.tag = packet.readUInt32BE(4);
      if (from === 'b' && packet.length > 500) known.sample = Buffer.from(packet);
      return false;
    };
    pair.a.association.start();
    pair.b.association.start();
    vi.advanceTimersByTime(20);
    pair.b.association.send(blob(500));
    vi.advanceTimersByTime(100);
    return { pair, known };
  };
  const types = [...Object.values(chunkType), 63, 127, 200, 255];
  let { pair, known } = fresh();
  let ended = 0;
  for (let round = 0; round < 20_000; round++) {
    let packet: Buffer;
    if (round % 2 === 0) {
      const chunk = serializeChunk({
        type: types[random.below(types.length)]!,
        flags: random.below(256),
        value: random.bytes(random.below(40)),
      });
      packet = serializePacket(5000, random.below(20) === 0 ? 0 : known.tag, [chunk]);
    } else {
      packet = Buffer.from(known.sample);
      for (let changes = 1 + random.below(4); changes > 0; changes--)
        packet.writeUInt8(random.below(256), 12 + random.below(packet.length - 12));
      packet.writeUInt32LE(crc32c(packet, 8), 8);
    }
    pair.a.association.receive(packet);
    // An ABORT or SHUTDOWN that happens to be well made ends the association; a fresh one takes its place.
    if (pair.a.events.length > 1) {
      ended++;
      pair.b.association.close();
      ({ pair, known } = fresh());
    }
  }
  expect(ended).toBeGreaterThan(40);
  pair.a.association.close();
  pair.b.association.close();
  vi.advanceTimersByTime(100);
  expect(vi.getTimerCount()).toBe(0);
}, 30_000);
