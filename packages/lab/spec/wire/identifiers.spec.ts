import { expect, test } from 'vitest';
import { base32, newIdentifier } from '../../src/wire/identifiers.ts';

test('128 bits are 26 characters, most significant first, two zero bits at the end', () => {
  expect(base32(new Uint8Array(16))).toBe('0'.repeat(26));
  expect(base32(new Uint8Array(16).fill(0xff))).toBe(`${'Z'.repeat(25)}W`);
  expect(base32(Uint8Array.of(0x08, 0x42))).toBe('1110');
});

test('an identifier is a UUIDv4 in the alphabet without I, L, O and U, and ends in one of eight characters', () => {
  const all = Array.from({ length: 200 }, () => newIdentifier());
  expect(new Set(all).size).toBe(200);
  for (const identifier of all) expect(identifier).toMatch(/^[0-9A-HJKMNP-TV-Z]{25}[048CGMRW]$/);
});
