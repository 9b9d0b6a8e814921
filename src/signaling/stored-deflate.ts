/** @source RFC 1951, 3.2.4: the length of a stored block has 16 bits */
const longestBlockBytes = 65_535;

/**
 * A message as a zlib stream of stored blocks: made synchronously, valid everywhere, 11 bytes longer for a short message. It is what lets a
 * goodbye leave on a compressed channel when nothing may be awaited any more (Q26).
 *
 * @source RFC 1950, 2.2; RFC 1951, 3.2.4
 */
export function storedDeflate(bytes: Uint8Array): Uint8Array {
  const blocks = Math.max(1, Math.ceil(bytes.byteLength / longestBlockBytes));
  const stream = new Uint8Array(2 + blocks * 5 + bytes.byteLength + 4);
  const view = new DataView(stream.buffer);
  // Deflate with a window of 32 KiB, no dictionary, fastest level: a multiple of 31 as the header check wants it.
  view.setUint16(0, 0x7801);
  let at = 2;
  for (let block = 0; block < blocks; block += 1) {
    const content = bytes.subarray(block * longestBlockBytes, (block + 1) * longestBlockBytes);
    view.setUint8(at, block === blocks - 1 ? 1 : 0);
    view.setUint16(at + 1, content.byteLength, true);
    view.setUint16(at + 3, ~content.byteLength & 0xffff, true);
    stream.set(content, at + 5);
    at += 5 + content.byteLength;
  }
  view.setUint32(at, adler32(bytes));
  return stream;
}

/** @source RFC 1950, 8.2 */
function adler32(bytes: Uint8Array): number {
  let low = 1;
  let high = 0;
  for (const byte of bytes) {
    low = (low + byte) % 65_521;
    high = (high + low) % 65_521;
  }
  return ((high << 16) | low) >>> 0;
}
