const polynomial = 0x82f63b78;
const slices = 4;

/** Slice n advances a byte that stands n places before the end of a block of four, so that a block costs four look-ups and no shifting. */
const table = new Uint32Array(slices * 256);
for (let byte = 0; byte < 256; byte++) {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
  table[byte] = value;
}
const at = (index: number): number => table[index] ?? 0;
for (let index = 256; index < table.length; index++) {
  const before = at(index - 256);
  table[index] = (before >>> 8) ^ at(before & 0xff);
}

/** The checksum of SCTP (RFC 9260 appendix A) over `data`, whose bytes `zeroFrom` to `zeroFrom + 4` count as zero. */
export const crc32c = (data: Uint8Array, zeroFrom: number): number => {
  let crc = ~0;
  let position = 0;
  const byte = (index: number): number => (index >= zeroFrom && index < zeroFrom + 4 ? 0 : (data[index] ?? 0));
  const single = (end: number): void => {
    for (; position < end; position++) crc = (crc >>> 8) ^ at((crc ^ byte(position)) & 0xff);
  };
  single(Math.min(data.length, zeroFrom + 4));
  for (; position + 4 <= data.length; position += 4) {
    crc ^= (data[position] ?? 0) | ((data[position + 1] ?? 0) << 8) | ((data[position + 2] ?? 0) << 16) | ((data[position + 3] ?? 0) << 24);
    crc = at(768 + (crc & 0xff)) ^ at(512 + ((crc >>> 8) & 0xff)) ^ at(256 + ((crc >>> 16) & 0xff)) ^ at(crc >>> 24);
  }
  single(data.length);
  return ~crc >>> 0;
};
