import { randomBytes } from 'node:crypto';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Length of a `connection_id` or `session_id`, and so of the sender prefix of a message with `header`. */
export const IDENTIFIER_LENGTH = 26;

/** 128 bits, most significant first, two zero bits appended: 26 characters of Crockford's Base32. */
export function base32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let pending = 0;
  for (const byte of bytes) {
    pending = (pending << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += CROCKFORD.charAt((pending >> bits) & 31);
    }
  }
  return bits > 0 ? text + CROCKFORD.charAt((pending << (5 - bits)) & 31) : text;
}

/** A fresh `connection_id` or `session_id`: a UUIDv4 in Base32. */
export function newIdentifier(): string {
  const bytes = randomBytes(16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return base32(bytes);
}
