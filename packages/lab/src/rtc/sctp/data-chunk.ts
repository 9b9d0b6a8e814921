import { chunkType, serializeChunk } from './packet.ts';

/** Flags of a DATA chunk (RFC 9260 section 3.3.1). */
export const dataFlag = { end: 1, begin: 2, unordered: 4, immediate: 8 } as const;

export interface DataChunk {
  readonly flags: number;
  readonly tsn: number;
  readonly streamId: number;
  readonly streamSequence: number;
  readonly protocolId: number;
  readonly data: Buffer;
}

/** Chunk header and fixed fields. */
export const dataChunkOverheadBytes = 16;

/** @throws RangeError when it is cut off. */
export const parseDataChunk = (flags: number, value: Buffer): DataChunk => ({
  flags,
  tsn: value.readUInt32BE(0),
  streamId: value.readUInt16BE(4),
  streamSequence: value.readUInt16BE(6),
  protocolId: value.readUInt32BE(8),
  data: value.subarray(12),
});

export const serializeDataChunk = ({ flags, tsn, streamId, streamSequence, protocolId, data }: DataChunk): Buffer => {
  const fixed = Buffer.alloc(12);
  fixed.writeUInt32BE(tsn, 0);
  fixed.writeUInt16BE(streamId, 4);
  fixed.writeUInt16BE(streamSequence, 6);
  fixed.writeUInt32BE(protocolId, 8);
  return serializeChunk({ type: chunkType.data, flags, value: Buffer.concat([fixed, data]) });
};
