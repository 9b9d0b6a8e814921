import { describe, expect, test } from 'vitest';
import { parseRtp, rtpHeaderBytes, serializeRtpHeader } from '../../../src/rtc/rtp/rtp-packet.ts';
import { pseudoRandom } from '../support/pseudo-random.ts';

const base = { payloadType: 96, marker: true, sequenceNumber: 65535, timestamp: 0xffffffff, ssrc: 0xfedcba98 };

describe('RTP packets', () => {
  test('come back as they were written', () => {
    const extensions = new Map([
      [1, Buffer.from([0x85])],
      [4, Buffer.from('video_k3')],
      [14, Buffer.alloc(16, 3)],
    ]);
    const packet = parseRtp(Buffer.concat([serializeRtpHeader({ ...base, extensions }), Buffer.from('payload')]));
    expect(packet).toMatchObject(base);
    expect([...(packet?.extensions ?? [])]).toEqual([...extensions]);
    expect(packet?.payload.toString()).toBe('payload');
  });

  test('without extensions have the twelve bytes only', () => {
    expect(serializeRtpHeader({ ...base, extensions: new Map() })).toHaveLength(12);
  });

  test('with sources, two-byte extensions and padding are read', () => {
    const fixed = serializeRtpHeader({ ...base, extensions: new Map() });
    fixed.writeUInt8(0x80 | 0x20 | 0x10 | 2, 0);
    const extensions = Buffer.from([0x10, 0x00, 0, 2, 20, 3, 7, 8, 9, 0, 21, 0]);
    const packet = parseRtp(Buffer.concat([fixed, Buffer.alloc(8), extensions, Buffer.from('abc'), Buffer.from([0, 0, 3])]));
    expect(packet?.extensions.get(20)?.equals(Buffer.from([7, 8, 9]))).toBe(true);
    expect(packet?.extensions.get(21)).toHaveLength(0);
    expect(packet?.payload.toString()).toBe('abc');
  });

  test.each([
    ['too short', Buffer.alloc(11, 0x80)],
    ['of another version', Buffer.alloc(20, 0x40)],
    ['with more sources than bytes', Buffer.concat([Buffer.from([0x8f]), Buffer.alloc(20)])],
    ['with more extension than bytes', Buffer.concat([Buffer.from([0x90]), Buffer.alloc(11), Buffer.from([0xbe, 0xde, 0xff, 0xff])])],
    ['with more padding than bytes', Buffer.concat([Buffer.from([0xa0]), Buffer.alloc(11), Buffer.from([200])])],
  ])('%s are refused', (_, packet) => {
    expect(parseRtp(packet)).toBeUndefined();
  });

  test('made of noise never throw', () => {
    const random = pseudoRandom(1);
    for (let round = 0; round < 20_000; round++) {
      const noise = random.bytes(random.below(60));
      if (noise.length > 0) noise.writeUInt8(0x80 | (noise.readUInt8(0) & 0x3f), 0);
      if ((rtpHeaderBytes(noise) ?? 0) + (parseRtp(noise)?.payload.length ?? 0) > noise.length) throw new Error('longer than its packet');
    }
  });
});
