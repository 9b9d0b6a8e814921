import { expect, test } from 'vitest';
import { crc32c } from '../../../src/rtc/sctp/crc32c.ts';

const outside = 1000;

test.each([
  ['nine digits', Buffer.from('123456789'), 0xe3069283],
  ['32 bytes of zeros (RFC 3720 B.4)', Buffer.alloc(32), 0x8a9136aa],
  ['32 bytes of ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
  ['32 bytes in ascending order', Buffer.from(Array.from({ length: 32 }, (_, index) => index)), 0x46dd794e],
])('crc32c of %s', (_, data, expected) => {
  expect(crc32c(data, outside)).toBe(expected);
});

test('four bytes count as zero, wherever they lie', () => {
  for (const at of [0, 1, 8, 27]) {
    const data = Buffer.alloc(32);
    data.fill(0x5a, at, at + 4);
    expect(crc32c(data, at)).toBe(0x8a9136aa);
  }
});
