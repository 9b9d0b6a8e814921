const BLOCK_BYTES = 0xffff;

/**
 * A zlib stream that stores its content as it is: what the fake compression makes of a message. Valid for every inflater.
 *
 * @source RFC 1950 2.2; RFC 1951 3.2.4
 */
export function storeZlib(content: Uint8Array): Uint8Array<ArrayBuffer> {
  const stream = [0x78, 0x01];
  let offset = 0;
  do {
    const block = content.slice(offset, offset + BLOCK_BYTES);
    offset += BLOCK_BYTES;
    const length = [block.length & 0xff, block.length >> 8];
    stream.push(offset >= content.length ? 1 : 0, ...length, ...length.map((byte) => byte ^ 0xff));
    for (const byte of block) stream.push(byte);
  } while (offset < content.length);
  const sum = checksum(content);
  return new Uint8Array([...stream, sum >>> 24, (sum >>> 16) & 0xff, (sum >>> 8) & 0xff, sum & 0xff]);
}

/**
 * The content of such a stream.
 *
 * @throws TypeError as a DecompressionStream does, for a stream that is broken, cut off, or really compressed
 */
export function unstoreZlib(stream: Uint8Array): Uint8Array<ArrayBuffer> {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  const content: number[] = [];
  try {
    if (view.getUint8(0) !== 0x78) throw invalid();
    let at = 2;
    for (let isLast = false; !isLast;) {
      const header = view.getUint8(at);
      if (header > 1) throw invalid();
      isLast = header === 1;
      const length = view.getUint16(at + 1, true);
      if ((view.getUint16(at + 3, true) ^ 0xffff) !== length) throw invalid();
      at += 5;
      if (at + length > stream.length) throw invalid();
      for (const byte of stream.subarray(at, at + length)) content.push(byte);
      at += length;
    }
    const bytes = new Uint8Array(content);
    if (view.getUint32(at) !== checksum(bytes) || at + 4 !== stream.length) throw invalid();
    return bytes;
  } catch {
    throw invalid();
  }
}

function invalid(): TypeError {
  return new TypeError('The compressed data was not valid');
}

/** Adler-32. @source RFC 1950 8.2 */
function checksum(content: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (const byte of content) {
    a = (a + byte) % 65_521;
    b = (b + a) % 65_521;
  }
  return ((b << 16) | a) >>> 0;
}
