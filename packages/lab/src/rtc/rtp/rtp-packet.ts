/** An RTP packet (RFC 3550 section 5.1) with its header extensions by number (RFC 8285). */
export interface RtpPacket {
  readonly payloadType: number;
  readonly marker: boolean;
  readonly sequenceNumber: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly extensions: ReadonlyMap<number, Buffer>;
  readonly payload: Buffer;
}

const fixedBytes = 12;
const oneByteProfile = 0xbede;
const twoByteProfile = 0x1000;

/** Length of header, sources and extensions; undefined when the packet is too short for them or not RTP. */
export const rtpHeaderBytes = (packet: Buffer): number | undefined => {
  if (packet.length < fixedBytes) return undefined;
  const first = packet.readUInt8(0);
  if (first >> 6 !== 2) return undefined;
  let bytes = fixedBytes + 4 * (first & 0x0f);
  if (first & 0x10) {
    if (bytes + 4 > packet.length) return undefined;
    bytes += 4 + 4 * packet.readUInt16BE(bytes + 2);
  }
  return bytes > packet.length ? undefined : bytes;
};

const parseExtensions = (profile: number, data: Buffer): Map<number, Buffer> => {
  const extensions = new Map<number, Buffer>();
  const isOneByte = profile === oneByteProfile;
  if (!isOneByte && (profile & 0xfff0) !== twoByteProfile) return extensions;
  for (let at = 0; at < data.length;) {
    const first = data.readUInt8(at);
    if (first === 0) {
      at++;
      continue;
    }
    const id = isOneByte ? first >> 4 : first;
    if ((isOneByte && id === 15) || (!isOneByte && at + 1 >= data.length)) break;
    const length = isOneByte ? (first & 0x0f) + 1 : data.readUInt8(at + 1);
    const start = at + (isOneByte ? 1 : 2);
    if (start + length > data.length) break;
    extensions.set(id, data.subarray(start, start + length));
    at = start + length;
  }
  return extensions;
};

/** Undefined when lengths do not fit. */
export const parseRtp = (packet: Buffer): RtpPacket | undefined => {
  const headerBytes = rtpHeaderBytes(packet);
  if (headerBytes === undefined) return undefined;
  const first = packet.readUInt8(0);
  const padding = first & 0x20 ? packet.readUInt8(packet.length - 1) : 0;
  if (headerBytes + padding > packet.length) return undefined;
  const extensionAt = fixedBytes + 4 * (first & 0x0f);
  const extensions =
    first & 0x10
      ? parseExtensions(packet.readUInt16BE(extensionAt), packet.subarray(extensionAt + 4, headerBytes))
      : new Map<number, Buffer>();
  return {
    payloadType: packet.readUInt8(1) & 0x7f,
    marker: (packet.readUInt8(1) & 0x80) !== 0,
    sequenceNumber: packet.readUInt16BE(2),
    timestamp: packet.readUInt32BE(4),
    ssrc: packet.readUInt32BE(8),
    extensions,
    payload: packet.subarray(headerBytes, packet.length - padding),
  };
};

/** Header with one-byte extensions, each of 1 to 16 bytes under a number from 1 to 14. */
export const serializeRtpHeader = (packet: Omit<RtpPacket, 'payload'>): Buffer => {
  const elements = [...packet.extensions].flatMap(([id, value]) => [Buffer.from([(id << 4) | (value.length - 1)]), value]);
  const unpadded = elements.reduce((sum, { length }) => sum + length, 0);
  const extensionBytes = unpadded === 0 ? 0 : 4 + Math.ceil(unpadded / 4) * 4;
  const header = Buffer.alloc(fixedBytes + extensionBytes);
  header.writeUInt8(0x80 | (extensionBytes > 0 ? 0x10 : 0), 0);
  header.writeUInt8((packet.marker ? 0x80 : 0) | packet.payloadType, 1);
  header.writeUInt16BE(packet.sequenceNumber, 2);
  header.writeUInt32BE(packet.timestamp, 4);
  header.writeUInt32BE(packet.ssrc, 8);
  if (extensionBytes > 0) {
    header.writeUInt16BE(oneByteProfile, fixedBytes);
    header.writeUInt16BE(extensionBytes / 4 - 1, fixedBytes + 2);
    Buffer.concat(elements).copy(header, fixedBytes + 4);
  }
  return header;
};
