import type { RtcDataChannelOptions } from '../data-channel.ts';

/** Payload protocol identifiers of WebRTC (RFC 8831 section 8). */
export const payload = { dcep: 50, string: 51, binary: 53, emptyString: 56, emptyBinary: 57 } as const;

/** Message types of the DataChannel Establishment Protocol (RFC 8832). */
export const dcepMessage = { acknowledge: 2, open: 3 } as const;

const unordered = 0x80;

/** A DATA_CHANNEL_OPEN message. */
export const serializeOpen = (label: string, options: RtcDataChannelOptions): Buffer => {
  const labelBytes = Buffer.from(label, 'utf8');
  const protocolBytes = Buffer.from(options.protocol ?? '', 'utf8');
  const reliability = options.maxRetransmits !== undefined ? 1 : options.maxPacketLifeTime !== undefined ? 2 : 0;
  const fixed = Buffer.alloc(12);
  fixed.writeUInt8(dcepMessage.open, 0);
  fixed.writeUInt8(reliability | (options.ordered === false ? unordered : 0), 1);
  fixed.writeUInt32BE(options.maxRetransmits ?? options.maxPacketLifeTime ?? 0, 4);
  fixed.writeUInt16BE(labelBytes.length, 8);
  fixed.writeUInt16BE(protocolBytes.length, 10);
  return Buffer.concat([fixed, labelBytes, protocolBytes]);
};

/** The identifier and bytes that carry a message; SCTP has no empty messages, so one byte stands for none. */
export const encodeMessage = (data: string | Uint8Array): { readonly protocolId: number; readonly data: Buffer } => {
  if (data.length === 0) return { protocolId: typeof data === 'string' ? payload.emptyString : payload.emptyBinary, data: Buffer.alloc(1) };
  return typeof data === 'string'
    ? { protocolId: payload.string, data: Buffer.from(data, 'utf8') }
    : // A copy: the caller may use its array again before the last retransmission.
      { protocolId: payload.binary, data: Buffer.from(data) };
};

/** Undefined for identifiers that are no message. */
export const decodeMessage = (protocolId: number, data: Buffer): string | Uint8Array | undefined => {
  switch (protocolId) {
    case payload.string:
      return data.toString('utf8');
    case payload.binary:
      return new Uint8Array(data);
    case payload.emptyString:
      return '';
    case payload.emptyBinary:
      return new Uint8Array(0);
    default:
      return undefined;
  }
};
