import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import { aesCounter, deriveKey, label } from './key-derivation.ts';
import { srtpKeyBytes, srtpProfile } from './srtp-profile.ts';

/** Which packet of a stream is meant. */
export interface PacketIndex {
  readonly ssrc: number;
  /** RTP: roll-over counter and sequence number. RTCP: zero and the 31-bit index. */
  readonly high: number;
  readonly low: number;
}

/** One direction of one kind of packet, RTP or RTCP, under one profile. */
export interface Protection {
  /** Bytes added after the payload. */
  readonly overheadBytes: number;
  /** `clear` stays readable; `trailer` is authenticated without being sent in this place. */
  seal(index: PacketIndex, clear: Buffer, payload: Buffer, trailer: Buffer): Buffer;
  /** Undefined when not authentic. */
  open(index: PacketIndex, clear: Buffer, protectedPayload: Buffer, trailer: Buffer): Buffer | undefined;
}

export interface MasterKey {
  readonly key: Buffer;
  readonly salt: Buffer;
}

const gcmTagBytes = 16;
const sha1TagBytes = 10;

const exclusiveOr = (bytes: Buffer, salt: Buffer): Buffer => {
  for (let at = 0; at < salt.length; at++) bytes.writeUInt8(bytes.readUInt8(at) ^ salt.readUInt8(at), at);
  return bytes;
};

/** RFC 7714: RTP has a 48-bit index, RTCP 31 bits in the same place. */
export const aeadAes128Gcm = (key: Buffer, salt: Buffer, isRtcp: boolean): Protection => {
  const nonce = ({ ssrc, high, low }: PacketIndex): Buffer => {
    const bytes = Buffer.alloc(12);
    bytes.writeUInt32BE(ssrc, 2);
    if (isRtcp) bytes.writeUInt32BE(low, 8);
    else {
      bytes.writeUInt32BE(high, 6);
      bytes.writeUInt16BE(low, 10);
    }
    return exclusiveOr(bytes, salt);
  };
  // Only RTCP authenticates its trailer (E flag and index) in this mode; for RTP the roll-over counter is in the nonce.
  const additional = (clear: Buffer, trailer: Buffer): Buffer => (isRtcp ? Buffer.concat([clear, trailer]) : clear);
  return {
    overheadBytes: gcmTagBytes,
    seal: (index, clear, payload, trailer) => {
      const cipher = createCipheriv('aes-128-gcm', key, nonce(index));
      cipher.setAAD(additional(clear, trailer));
      return Buffer.concat([cipher.update(payload), cipher.final(), cipher.getAuthTag()]);
    },
    open: (index, clear, protectedPayload, trailer) => {
      const end = protectedPayload.length - gcmTagBytes;
      if (end < 0) return undefined;
      const decipher = createDecipheriv('aes-128-gcm', key, nonce(index), { authTagLength: gcmTagBytes });
      decipher.setAAD(additional(clear, trailer));
      decipher.setAuthTag(protectedPayload.subarray(end));
      const head = decipher.update(protectedPayload.subarray(0, end));
      try {
        return Buffer.concat([head, decipher.final()]);
      } catch {
        return undefined;
      }
    },
  };
};

/** RFC 3711 with its default transforms. */
export const aes128CmSha1Tag80 = (key: Buffer, salt: Buffer, authenticationKey: Buffer, isRtcp: boolean): Protection => {
  const counter = ({ ssrc, high, low }: PacketIndex): Buffer => {
    const bytes = Buffer.alloc(16);
    bytes.writeUInt32BE(ssrc, 4);
    if (isRtcp) bytes.writeUInt32BE(low, 10);
    else {
      bytes.writeUInt32BE(high, 8);
      bytes.writeUInt16BE(low, 12);
    }
    return exclusiveOr(bytes, salt);
  };
  const tagOf = (clear: Buffer, encrypted: Buffer, trailer: Buffer): Buffer =>
    createHmac('sha1', authenticationKey).update(clear).update(encrypted).update(trailer).digest().subarray(0, sha1TagBytes);
  return {
    overheadBytes: sha1TagBytes,
    seal: (index, clear, payload, trailer) => {
      const encrypted = aesCounter(key, counter(index), payload);
      return Buffer.concat([encrypted, tagOf(clear, encrypted, trailer)]);
    },
    open: (index, clear, protectedPayload, trailer) => {
      const end = protectedPayload.length - sha1TagBytes;
      if (end < 0) return undefined;
      const encrypted = protectedPayload.subarray(0, end);
      if (!timingSafeEqual(protectedPayload.subarray(end), tagOf(clear, encrypted, trailer))) return undefined;
      return aesCounter(key, counter(index), encrypted);
    },
  };
};

/** Protection of RTP and of RTCP for one direction. */
export const createProtection = (profile: number, { key, salt }: MasterKey): { readonly rtp: Protection; readonly rtcp: Protection } => {
  const derive = (which: number, bytes: number): Buffer => deriveKey(key, salt, which, bytes);
  const [rtpKey, rtcpKey] = [derive(label.rtpKey, srtpKeyBytes), derive(label.rtcpKey, srtpKeyBytes)];
  if (profile === srtpProfile.aeadAes128Gcm) {
    return { rtp: aeadAes128Gcm(rtpKey, derive(label.rtpSalt, 12), false), rtcp: aeadAes128Gcm(rtcpKey, derive(label.rtcpSalt, 12), true) };
  }
  return {
    rtp: aes128CmSha1Tag80(rtpKey, derive(label.rtpSalt, 14), derive(label.rtpAuthentication, 20), false),
    rtcp: aes128CmSha1Tag80(rtcpKey, derive(label.rtcpSalt, 14), derive(label.rtcpAuthentication, 20), true),
  };
};
