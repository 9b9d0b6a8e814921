/** RTCP packet types and feedback formats (RFC 3550, RFC 4585, RFC 5104). */
const rtcpType = { senderReport: 200, receiverReport: 201, transportFeedback: 205, payloadFeedback: 206 } as const;
const format = { nack: 1, transportWide: 15, pictureLoss: 1, fullIntraRequest: 4 } as const;

/** Seconds from 1900 to 1970. */
const ntpEpochSeconds = 2_208_988_800;

export interface ReportBlock {
  readonly ssrc: number;
  /** 0 to 255. */
  readonly fractionLost: number;
  readonly totalLost: number;
  readonly highestSequence: number;
  /** In units of the media clock. */
  readonly jitter: number;
  /** Middle 32 bits of the NTP time of the last sender report, 0 without one. */
  readonly lastReport: number;
  /** Since that report, in 1/65536 s. */
  readonly sinceLastReport: number;
}

/** What of a client's RTCP the lab acts upon. */
export type RtcpEvent =
  | { readonly kind: 'sender-report'; readonly ssrc: number; readonly compactNtp: number }
  | { readonly kind: 'key-frame-request'; readonly ssrc: number }
  | { readonly kind: 'nack'; readonly ssrc: number; readonly sequenceNumbers: readonly number[] };

const nackedNumbers = (body: Buffer): number[] => {
  const numbers: number[] = [];
  for (let at = 8; at + 4 <= body.length; at += 4) {
    const first = body.readUInt16BE(at);
    const mask = body.readUInt16BE(at + 2);
    numbers.push(first);
    for (let bit = 0; bit < 16; bit++) if (mask & (1 << bit)) numbers.push((first + bit + 1) & 0xffff);
  }
  return numbers;
};

const eventsOf = (type: number, count: number, body: Buffer): RtcpEvent[] => {
  if (type === rtcpType.senderReport && body.length >= 24) {
    return [{ kind: 'sender-report', ssrc: body.readUInt32BE(0), compactNtp: body.readUInt32BE(6) }];
  }
  if (body.length < 8) return [];
  if (type === rtcpType.transportFeedback && count === format.nack) {
    return [{ kind: 'nack', ssrc: body.readUInt32BE(4), sequenceNumbers: nackedNumbers(body) }];
  }
  if (type !== rtcpType.payloadFeedback) return [];
  if (count === format.pictureLoss) return [{ kind: 'key-frame-request', ssrc: body.readUInt32BE(4) }];
  if (count !== format.fullIntraRequest) return [];
  const events: RtcpEvent[] = [];
  for (let at = 8; at + 8 <= body.length; at += 8) events.push({ kind: 'key-frame-request', ssrc: body.readUInt32BE(at) });
  return events;
};

/** The events in a compound packet; undefined when it is malformed. */
export const parseRtcp = (packet: Buffer): RtcpEvent[] | undefined => {
  const events: RtcpEvent[] = [];
  for (let at = 0; at < packet.length;) {
    if (at + 4 > packet.length || packet.readUInt8(at) >> 6 !== 2) return undefined;
    const end = at + 4 + 4 * packet.readUInt16BE(at + 2);
    if (end > packet.length) return undefined;
    events.push(...eventsOf(packet.readUInt8(at + 1), packet.readUInt8(at) & 0x1f, packet.subarray(at + 4, end)));
    at = end;
  }
  return events;
};

const rtcpPacket = (type: number, count: number, body: Buffer): Buffer => {
  const padded = Math.ceil(body.length / 4) * 4;
  const packet = Buffer.alloc(4 + padded);
  packet.writeUInt8(0x80 | count, 0);
  packet.writeUInt8(type, 1);
  packet.writeUInt16BE(padded / 4, 2);
  body.copy(packet, 4);
  return packet;
};

const ssrcs = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, 4 * index);
  return bytes;
};

const reportBlock = (block: ReportBlock): Buffer =>
  ssrcs(
    block.ssrc,
    (block.fractionLost << 24) | (Math.max(-0x800000, Math.min(0x7fffff, block.totalLost)) & 0xffffff),
    block.highestSequence,
    block.jitter,
    block.lastReport,
    block.sinceLastReport,
  );

/** At most 31 blocks. */
export const receiverReport = (sender: number, blocks: readonly ReportBlock[]): Buffer =>
  rtcpPacket(rtcpType.receiverReport, blocks.length, Buffer.concat([ssrcs(sender), ...blocks.map(reportBlock)]));

export interface SenderReport {
  readonly ssrc: number;
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** The media clock at that moment. */
  readonly timestamp: number;
  readonly packets: number;
  readonly bytes: number;
}

export const senderReport = ({ ssrc, atMs, timestamp, packets, bytes }: SenderReport): Buffer => {
  const seconds = Math.floor(atMs / 1000);
  const fraction = Math.floor(((atMs / 1000) % 1) * 2 ** 32);
  return rtcpPacket(rtcpType.senderReport, 0, ssrcs(ssrc, seconds + ntpEpochSeconds, fraction, timestamp, packets, bytes));
};

export const pictureLossIndication = (sender: number, ssrc: number): Buffer =>
  rtcpPacket(rtcpType.payloadFeedback, format.pictureLoss, ssrcs(sender, ssrc));

/** Numbers in ascending order. */
export const genericNack = (sender: number, ssrc: number, sequenceNumbers: readonly number[]): Buffer => {
  const items: { readonly first: number; mask: number }[] = [];
  for (const number of sequenceNumbers) {
    const last = items.at(-1);
    const offset = last === undefined ? 0 : (number - last.first) & 0xffff;
    if (last !== undefined && offset >= 1 && offset <= 16) last.mask |= 1 << (offset - 1);
    else items.push({ first: number, mask: 0 });
  }
  return rtcpPacket(
    rtcpType.transportFeedback,
    format.nack,
    Buffer.concat([ssrcs(sender, ssrc), ssrcs(...items.map(({ first, mask }) => first * 0x10000 + mask))]),
  );
};

/** `feedback` is what follows the two SSRCs. */
export const transportWideFeedback = (sender: number, ssrc: number, feedback: Buffer): Buffer =>
  rtcpPacket(rtcpType.transportFeedback, format.transportWide, Buffer.concat([ssrcs(sender, ssrc), feedback]));
