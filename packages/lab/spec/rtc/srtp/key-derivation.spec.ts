import { expect, test } from 'vitest';
import { deriveKey, label } from '../../../src/rtc/srtp/key-derivation.ts';

// RFC 3711 appendix B.3.
const masterKey = Buffer.from('E1F97A0D3E018BE0D64FA32C06DE4139', 'hex');
const masterSalt = Buffer.from('0EC675AD498AFEEBB6960B3AABE6', 'hex');

test.each([
  ['cipher key', label.rtpKey, 16, 'c61e7a93744f39ee10734afe3ff7a087'],
  ['cipher salt', label.rtpSalt, 14, '30cbbc08863d8c85d49db34a9ae1'],
  ['authentication key', label.rtpAuthentication, 20, 'cebe321f6ff7716b6fd4ab49af256a156d38baa4'],
])('the %s of RFC 3711 appendix B.3', (_, which, bytes, expected) => {
  expect(deriveKey(masterKey, masterSalt, which, bytes).toString('hex')).toBe(expected);
});
