import { expect, test } from 'vitest';
import { crc32c } from '../../../src/rtc/sctp/crc32c.ts';

const outside = 1000;

test.each([
  ['nine digits', Buffer.from('123456789'), 0xe3069283],
  ['32 bytes of zeros (RFC 3720 B.4)', Buffer.alloc(32), 0x8a9136aa],
  ['32 bytes of ones (RFC 3720 B.4)', Buffer.alloc(32, 0xff), 0x62a8ab43],
  ['32 bytes in ascending order (RFC 3720 B.4)', Buffer.from(Array.from({ length: 32 }, (_, index) => index)), 0x46dd794e],
  ['32 bytes in descending order (RFC 3720 B.4)', Buffer.from(Array.from({ length: 32 }, (_, index) => 31 - index)), 0x113fdb5c],
  [
    'an iSCSI read command (RFC 3720 B.4)',
    Buffer.from('01c00000000000000000000000000000140000000000040000000014000000182800000000000000' + '0200000000000000', 'hex'),
    0xd9963a56,
  ],
])('crc32c of %s', (_, data, expected) => {
  expect(crc32c(data, outside)).toBe(expected);
});

test('four bytes count as zero in data of every length, and no others', () => {
  const data = Buffer.from(Array.from({ length: 30 }, (_, index) => 0x81 + 7 * index));
  for (let length = 4; length <= data.length; length++) {
    for (let at = 0; at + 4 <= length; at++) {
      const zeroed = Buffer.from(data.subarray(0, length)).fill(0, at, at + 4);
      expect(crc32c(data.subarray(0, length), at), `${length} bytes, from ${at}`).toBe(crc32c(zeroed, outside));
    }
  }
});

test('four bytes count as zero, wherever they lie', () => {
  for (const at of [0, 1, 8, 27]) {
    const data = Buffer.alloc(32);
    data.fill(0x5a, at, at + 4);
    expect(crc32c(data, at)).toBe(0x8a9136aa);
  }
});
