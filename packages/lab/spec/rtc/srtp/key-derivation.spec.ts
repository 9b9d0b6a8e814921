import { expect, test } from 'vitest';
import { aesCounter, deriveKey, label } from '../../../src/rtc/srtp/key-derivation.ts';

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

test('the key stream of RFC 3711 appendix B.2, across its first and its last blocks', () => {
  const key = Buffer.from('2B7E151628AED2A6ABF7158809CF4F3C', 'hex');
  const counter = Buffer.from('F0F1F2F3F4F5F6F7F8F9FAFBFCFD0000', 'hex');
  const blocks = aesCounter(key, counter, Buffer.alloc(0xff02 * 16)).toString('hex');
  const block = (index: number): string => blocks.slice(32 * index, 32 * (index + 1));
  expect([0, 1, 2, 0xfeff, 0xff00, 0xff01].map(block)).toEqual([
    'e03ead0935c95e80e166b16dd92b4eb4',
    'd23513162b02d0f72a43a2fe4a5f97ab',
    '41e95b3bb0a2e8dd477901e4fca894c0',
    'ec8cdf7398607cb0f2d21675ea9ea1e4',
    '362b7c3c6773516318a077d7fc5073ae',
    '6a2cc3787889374fbeb4c81b17ba6c44',
  ]);
});
