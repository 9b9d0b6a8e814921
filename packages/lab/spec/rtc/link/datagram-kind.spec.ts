import { expect, test } from 'vitest';
import { datagramKind } from '../../../src/rtc/link/datagram-kind.ts';

test.each([
  [[0, 1], 'stun'],
  [[3, 1], 'stun'],
  [[4, 1], 'unknown'],
  [[20, 254], 'dtls'],
  [[63, 254], 'dtls'],
  [[64, 0], 'unknown'],
  [[0x80, 96], 'rtp'],
  [[0x80, 0x80 | 96], 'rtp'],
  [[0x80, 200], 'rtcp'],
  [[0xbf, 206], 'rtcp'],
  [[0xc0, 96], 'unknown'],
  [[], 'unknown'],
])('first bytes %o are %s (RFC 7983)', (bytes, kind) => {
  expect(datagramKind(Buffer.from(bytes))).toBe(kind);
});
