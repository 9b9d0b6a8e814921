import { rtpHeaderBytes } from '../rtp/rtp-packet.ts';
import type { SrtpKeyMaterial } from './key-material.ts';
import { createProtection } from './protection.ts';

const rtcpClearBytes = 8;
const encryptedFlag = 0x80000000;
/** Streams a client may open before it looks like noise made with the right key. */
const maxStreams = 256;

interface StreamIndex {
  rollOver: number;
  highest: number;
}

/** The roll-over counter a sequence number belongs to (RFC 3711 appendix A). */
const guessRollOver = ({ rollOver, highest }: StreamIndex, sequence: number): number => {
  if (highest < 0x8000) return sequence - highest > 0x8000 ? Math.max(0, rollOver - 1) : rollOver;
  return highest - 0x8000 > sequence ? (rollOver + 1) >>> 0 : rollOver;
};

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
};

/** SRTP and SRTCP of one peer, both directions, seen from the DTLS server. */
export class SrtpSession {
  readonly #incoming: ReturnType<typeof createProtection>;
  readonly #outgoing: ReturnType<typeof createProtection>;
  readonly #received = new Map<number, StreamIndex>();
  readonly #sent = new Map<number, StreamIndex>();
  #nextRtcpIndex = 0;

  constructor({ profile, client, server }: SrtpKeyMaterial) {
    this.#incoming = createProtection(profile, client);
    this.#outgoing = createProtection(profile, server);
  }

  /** The plain packet; undefined when it is not authentic. */
  openRtp(packet: Buffer): Buffer | undefined {
    const headerBytes = rtpHeaderBytes(packet);
    if (headerBytes === undefined) return undefined;
    const ssrc = packet.readUInt32BE(8);
    const sequence = packet.readUInt16BE(2);
    const known = this.#received.get(ssrc);
    if (known === undefined && this.#received.size >= maxStreams) return undefined;
    const stream = known ?? { rollOver: 0, highest: sequence };
    const rollOver = guessRollOver(stream, sequence);
    const header = packet.subarray(0, headerBytes);
    const payload = this.#incoming.rtp.open(
      { ssrc, high: rollOver, low: sequence },
      header,
      packet.subarray(headerBytes),
      uint32(rollOver),
    );
    if (payload === undefined) return undefined;
    if (rollOver > stream.rollOver || (rollOver === stream.rollOver && sequence > stream.highest)) {
      stream.rollOver = rollOver;
      stream.highest = sequence;
    }
    this.#received.set(ssrc, stream);
    return Buffer.concat([header, payload]);
  }

  /** Packets of one SSRC must come in order of their numbers, give or take half the number space. */
  sealRtp(header: Buffer, payload: Buffer): Buffer {
    const ssrc = header.readUInt32BE(8);
    const sequence = header.readUInt16BE(2);
    const stream = this.#sent.get(ssrc) ?? { rollOver: 0, highest: sequence };
    const rollOver = guessRollOver(stream, sequence);
    if (rollOver > stream.rollOver || (rollOver === stream.rollOver && sequence > stream.highest)) {
      stream.rollOver = rollOver;
      stream.highest = sequence;
    }
    this.#sent.set(ssrc, stream);
    return Buffer.concat([header, this.#outgoing.rtp.seal({ ssrc, high: rollOver, low: sequence }, header, payload, uint32(rollOver))]);
  }

  openRtcp(packet: Buffer): Buffer | undefined {
    const { overheadBytes } = this.#incoming.rtcp;
    // The profiles differ in the order of tag and index: with GCM the index comes last, else the tag.
    const indexAt = packet.length - 4 - (overheadBytes === 16 ? 0 : overheadBytes);
    if (indexAt < rtcpClearBytes) return undefined;
    const trailer = packet.subarray(indexAt, indexAt + 4);
    const index = { ssrc: packet.readUInt32BE(4), high: 0, low: trailer.readUInt32BE(0) & ~encryptedFlag };
    const clear = packet.subarray(0, rtcpClearBytes);
    const body = Buffer.concat([packet.subarray(rtcpClearBytes, indexAt), packet.subarray(indexAt + 4)]);
    const payload = this.#incoming.rtcp.open(index, clear, body, trailer);
    return payload === undefined ? undefined : Buffer.concat([clear, payload]);
  }

  sealRtcp(packet: Buffer): Buffer {
    const low = this.#nextRtcpIndex;
    this.#nextRtcpIndex = (low + 1) & 0x7fffffff;
    const trailer = uint32(low | encryptedFlag);
    const clear = packet.subarray(0, rtcpClearBytes);
    const { overheadBytes } = this.#outgoing.rtcp;
    const body = this.#outgoing.rtcp.seal({ ssrc: packet.readUInt32BE(4), high: 0, low }, clear, packet.subarray(rtcpClearBytes), trailer);
    if (overheadBytes === 16) return Buffer.concat([clear, body, trailer]);
    const tagAt = body.length - overheadBytes;
    return Buffer.concat([clear, body.subarray(0, tagAt), trailer, body.subarray(tagAt)]);
  }

  /** The stream will not be used again. */
  forgetSent(ssrc: number): void {
    this.#sent.delete(ssrc);
  }
}
