import type { RtcCodecName } from '../media/codec.ts';

/** RFC 7741: start of partition zero, and the inverse key frame flag of the frame header behind the descriptor. */
const isVp8KeyFrame = (payload: Buffer): boolean => {
  const first = payload.readUInt8(0);
  if ((first & 0x17) !== 0x10) return false;
  let at = 1;
  if (first & 0x80) {
    const flags = payload.readUInt8(at++);
    if (flags & 0x80) at += payload.readUInt8(at) & 0x80 ? 2 : 1;
    if (flags & 0x40) at++;
    if (flags & 0x30) at++;
  }
  return (payload.readUInt8(at) & 0x01) === 0;
};

/** RFC 9628: begin of a frame that is not predicted from another picture, in the lowest spatial layer. */
const isVp9KeyFrame = (payload: Buffer): boolean => {
  const first = payload.readUInt8(0);
  if ((first & 0x48) !== 0x08) return false;
  if (!(first & 0x20)) return true;
  const at = first & 0x80 ? (payload.readUInt8(1) & 0x80 ? 3 : 2) : 1;
  return (payload.readUInt8(at) & 0x0e) === 0;
};

/** AV1 RTP specification section 4.4: N marks the first packet of a coded video sequence. */
const isAv1KeyFrame = (payload: Buffer): boolean => (payload.readUInt8(0) & 0x88) === 0x08;

/** RFC 6184: a sequence parameter set or the first piece of an IDR picture. */
const isH264KeyFrame = (payload: Buffer): boolean => {
  const starts = (type: number): boolean => type === 7 || type === 5;
  const type = payload.readUInt8(0) & 0x1f;
  if (type === 28) return (payload.readUInt8(1) & 0x80) !== 0 && starts(payload.readUInt8(1) & 0x1f);
  if (type !== 24) return starts(type);
  for (let at = 1; at + 3 <= payload.length; at += 2 + payload.readUInt16BE(at)) {
    if (starts(payload.readUInt8(at + 2) & 0x1f)) return true;
  }
  return false;
};

/** RFC 7798: a parameter set or the first piece of a random access point. */
const isH265KeyFrame = (payload: Buffer): boolean => {
  const starts = (type: number): boolean => (type >= 16 && type <= 21) || (type >= 32 && type <= 34);
  const type = (payload.readUInt8(0) >> 1) & 0x3f;
  if (type === 49) return (payload.readUInt8(2) & 0x80) !== 0 && starts(payload.readUInt8(2) & 0x3f);
  if (type !== 48) return starts(type);
  for (let at = 2; at + 3 <= payload.length; at += 2 + payload.readUInt16BE(at)) {
    if (starts((payload.readUInt8(at + 2) >> 1) & 0x3f)) return true;
  }
  return false;
};

const detectors: Readonly<Record<RtcCodecName, (payload: Buffer) => boolean>> = {
  OPUS: () => true,
  VP8: isVp8KeyFrame,
  VP9: isVp9KeyFrame,
  AV1: isAv1KeyFrame,
  H264: isH264KeyFrame,
  H265: isH265KeyFrame,
};

/** Whether a decoder can start with this packet. False for what is too short to tell. */
export const startsKeyFrame = (codec: RtcCodecName, payload: Buffer): boolean => {
  try {
    return detectors[codec](payload);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
};
