import { crc32c } from './crc32c.ts';

/** Chunk types of RFC 9260, RFC 3758 and RFC 6525. */
export const chunkType = {
  data: 0,
  init: 1,
  initAck: 2,
  sack: 3,
  heartbeat: 4,
  heartbeatAck: 5,
  abort: 6,
  shutdown: 7,
  shutdownAck: 8,
  error: 9,
  cookieEcho: 10,
  cookieAck: 11,
  shutdownComplete: 14,
  reConfig: 130,
  forwardTsn: 192,
} as const;

const headerBytes = 12;
const checksumAt = 8;

export interface SctpChunk {
  readonly type: number;
  readonly flags: number;
  readonly value: Buffer;
}

export interface SctpPacket {
  readonly tag: number;
  readonly chunks: readonly SctpChunk[];
}

export const padded = (bytes: number): number => (bytes + 3) & ~3;

/** Undefined when checksum or lengths are wrong. */
export const parsePacket = (data: Buffer): SctpPacket | undefined => {
  if (data.length < headerBytes || data.readUInt32LE(checksumAt) !== crc32c(data, checksumAt)) return undefined;
  const chunks: SctpChunk[] = [];
  for (let at = headerBytes; at + 4 <= data.length;) {
    const length = data.readUInt16BE(at + 2);
    if (length < 4 || at + length > data.length) return undefined;
    chunks.push({ type: data.readUInt8(at), flags: data.readUInt8(at + 1), value: data.subarray(at + 4, at + length) });
    at += padded(length);
  }
  return { tag: data.readUInt32BE(4), chunks };
};

/** One chunk with header and padding. */
export const serializeChunk = ({ type, flags, value }: SctpChunk): Buffer => {
  const chunk = Buffer.alloc(padded(4 + value.length));
  chunk.writeUInt8(type, 0);
  chunk.writeUInt8(flags, 1);
  chunk.writeUInt16BE(4 + value.length, 2);
  value.copy(chunk, 4);
  return chunk;
};

export const serializePacket = (port: number, tag: number, chunks: readonly Buffer[]): Buffer => {
  const header = Buffer.alloc(headerBytes);
  header.writeUInt16BE(port, 0);
  header.writeUInt16BE(port, 2);
  header.writeUInt32BE(tag, 4);
  const packet = Buffer.concat([header, ...chunks]);
  packet.writeUInt32LE(crc32c(packet, checksumAt), checksumAt);
  return packet;
};
