import { describe, expect, test } from 'vitest';
import { genericNack, parseRtcp, pictureLossIndication, receiverReport, senderReport } from '../../../src/rtc/rtp/rtcp.ts';
import { pseudoRandom } from '../support/pseudo-random.ts';

describe('RTCP', () => {
  test('a compound packet gives its events in order', () => {
    const report = senderReport({ ssrc: 7, atMs: 0, timestamp: 1, packets: 2, bytes: 3 });
    const fullIntraRequest = Buffer.from([0x84, 206, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9, 1, 0, 0, 0]);
    const packet = Buffer.concat([report, receiverReport(1, []), pictureLossIndication(1, 8), fullIntraRequest, genericNack(1, 10, [5])]);
    expect(parseRtcp(packet)).toEqual([
      { kind: 'sender-report', ssrc: 7, compactNtp: (2_208_988_800 & 0xffff) * 0x10000 },
      { kind: 'key-frame-request', ssrc: 8 },
      { kind: 'key-frame-request', ssrc: 9 },
      { kind: 'nack', ssrc: 10, sequenceNumbers: [5] },
    ]);
  });

  test('a NACK names what it was given, across the wrap', () => {
    const numbers = [65530, 65531, 65535, 0, 10, 11, 28, 100];
    expect(parseRtcp(genericNack(1, 2, numbers))).toEqual([{ kind: 'nack', ssrc: 2, sequenceNumbers: numbers }]);
  });

  test('a sender report carries NTP time', () => {
    const packet = senderReport({ ssrc: 1, atMs: 1500, timestamp: 90_000, packets: 10, bytes: 1000 });
    expect(packet.readUInt32BE(8)).toBe(2_208_988_801);
    expect(packet.readUInt32BE(12)).toBe(0x80000000);
    expect(packet.readUInt32BE(16)).toBe(90_000);
  });

  test('negative losses fit into 24 bits', () => {
    const block = { ssrc: 2, fractionLost: 255, totalLost: -1, highestSequence: 5, jitter: 6, lastReport: 7, sinceLastReport: 8 };
    expect(receiverReport(1, [block]).readUInt32BE(12)).toBe(0xffffffff);
  });

  test('what is cut off is refused; noise never throws', () => {
    const packet = pictureLossIndication(1, 8);
    for (let length = 1; length < packet.length; length++) expect(parseRtcp(packet.subarray(0, length))).toBeUndefined();
    const random = pseudoRandom(2);
    for (let round = 0; round < 20_000; round++) {
      const noise = random.bytes(4 * random.below(12));
      if (noise.length > 0) {
        noise.writeUInt8(0x80 | (noise.readUInt8(0) & 0x1f), 0);
        noise.writeUInt8(200 + random.below(8), 1);
        noise.writeUInt16BE(random.below(8), 2);
      }
      parseRtcp(noise);
    }
  });
});
