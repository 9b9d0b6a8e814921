import { Congestion, mtuBytes } from './congestion.ts';
import { dataChunkOverheadBytes, dataFlag, serializeDataChunk } from './data-chunk.ts';
import type { DataChunk } from './data-chunk.ts';
import { padded } from './packet.ts';
import { tsnAfter, tsnPlus } from './serial.ts';

export interface OutboundMessage {
  readonly streamId: number;
  readonly protocolId: number;
  readonly data: Buffer;
  readonly ordered: boolean;
  /** Retransmissions allowed; undefined for any number. */
  readonly maxRetransmits?: number | undefined;
  /** On the clock of `performance.now()`; undefined for never. */
  readonly expiresAtMs?: number | undefined;
  /** The last byte has been given to the network for the first time, or the message has been given up. */
  readonly onLeft?: () => void;
}

interface Queued {
  readonly message: OutboundMessage;
  /** Bytes already sent. */
  offset: number;
  streamSequence: number;
  abandoned: boolean;
}

interface Sent extends DataChunk {
  readonly queued: Queued;
  times: number;
  sentAtMs: number;
  missing: number;
  acked: boolean;
  retransmit: boolean;
}

const commonHeaderBytes = 12;
const maxChunkDataBytes = (mtuBytes - commonHeaderBytes - dataChunkOverheadBytes) & ~3;
/** Reports of a gap after which a chunk counts as lost (RFC 9260 section 7.2.4). */
const fastRetransmitAfter = 3;

/** The sending half of an association: fragments, windows, retransmission, and giving up (RFC 3758). Knows no timer and no socket. */
export class Outbound {
  readonly congestion: Congestion = new Congestion();
  readonly #partialReliability: boolean;
  #queue: Queued[] = [];
  #sent: Sent[] = [];
  #nextTsn: number;
  #cumulativeTsn: number;
  /** Advanced.Peer.Ack.Point: everything up to here is acknowledged or given up. */
  #forwardTsn: number;
  #announcedForwardTsn: number | undefined;
  #flightBytes = 0;
  #peerWindowBytes: number;
  #recoverUntil: number | undefined;
  readonly #streamSequences = new Map<number, number>();

  constructor(initialTsn: number, peerWindowBytes: number, partialReliability: boolean) {
    this.#nextTsn = initialTsn;
    this.#cumulativeTsn = tsnPlus(initialTsn, -1);
    this.#forwardTsn = this.#cumulativeTsn;
    this.#peerWindowBytes = peerWindowBytes;
    this.#partialReliability = partialReliability;
  }

  /** Whether an acknowledgement is due from the other side. */
  get outstanding(): boolean {
    return this.#sent.length > 0 || tsnAfter(this.#forwardTsn, this.#cumulativeTsn);
  }

  get lastTsn(): number {
    return tsnPlus(this.#nextTsn, -1);
  }

  enqueue(message: OutboundMessage): void {
    this.#queue.push({ message, offset: 0, streamSequence: 0, abandoned: false });
  }

  hasQueued(streamId: number): boolean {
    return this.#queue.some(({ message }) => message.streamId === streamId);
  }

  /** The stream starts again at zero after a reset. */
  forgetStream(streamId: number): void {
    this.#streamSequences.delete(streamId);
  }

  /** The chunks of the next packet, as many as the windows and `roomBytes` allow; empty when there is nothing to send now. */
  nextChunks(roomBytes: number, nowMs: number): Buffer[] {
    const chunks: Buffer[] = [];
    let left = roomBytes;
    const take = (sent: Sent): void => {
      sent.times++;
      sent.sentAtMs = nowMs;
      sent.retransmit = false;
      sent.missing = 0;
      this.#flightBytes += sent.data.length;
      const bytes = serializeDataChunk(sent);
      left -= bytes.length;
      chunks.push(bytes);
    };
    const fits = (dataBytes: number): boolean => padded(dataChunkOverheadBytes + dataBytes) <= left;
    for (const sent of this.#sent) {
      if (!sent.retransmit) continue;
      if (this.#givenUp(sent.queued, sent.times, nowMs)) continue;
      if (!fits(sent.data.length) || !this.#windowOpen(sent.data.length)) break;
      take(sent);
    }
    for (let queued = this.#firstSendable(nowMs); queued !== undefined; queued = this.#firstSendable(nowMs)) {
      const bytes = Math.min(queued.message.data.length - queued.offset, maxChunkDataBytes);
      if (!fits(bytes) || !this.#windowOpen(bytes)) break;
      take(this.#nextFragment(queued, bytes));
    }
    this.#advanceForward();
    return chunks;
  }

  /** The value of a FORWARD TSN chunk when the other side has to skip something it has not been told of. */
  takeForwardTsn(): Buffer | undefined {
    if (!tsnAfter(this.#forwardTsn, this.#cumulativeTsn) || this.#announcedForwardTsn === this.#forwardTsn) return undefined;
    this.#announcedForwardTsn = this.#forwardTsn;
    const streams = new Map<number, number>();
    for (const { tsn, flags, streamId, streamSequence } of this.#sent) {
      if (!tsnAfter(tsn, this.#forwardTsn) && !(flags & dataFlag.unordered)) streams.set(streamId, streamSequence);
    }
    const value = Buffer.alloc(4 + 4 * streams.size);
    value.writeUInt32BE(this.#forwardTsn, 0);
    for (const [index, [streamId, streamSequence]] of [...streams].entries()) {
      value.writeUInt16BE(streamId, 4 + 4 * index);
      value.writeUInt16BE(streamSequence, 6 + 4 * index);
    }
    return value;
  }

  /**
   * Takes the value of a SACK chunk. True when the cumulative acknowledgement moved on.
   *
   * @throws RangeError when it is cut off.
   */
  sack(value: Buffer, nowMs: number): boolean {
    const cumulative = value.readUInt32BE(0);
    const windowBytes = value.readUInt32BE(4);
    const gapCount = value.readUInt16BE(8);
    if (tsnAfter(this.#cumulativeTsn, cumulative) || tsnAfter(cumulative, this.lastTsn)) return false;
    const gaps = Array.from({ length: gapCount }, (_, index) => ({
      start: tsnPlus(cumulative, value.readUInt16BE(12 + 4 * index)),
      end: tsnPlus(cumulative, value.readUInt16BE(14 + 4 * index)),
    }));
    const full = this.#flightBytes + maxChunkDataBytes >= this.congestion.windowBytes;
    const advanced = tsnAfter(cumulative, this.#cumulativeTsn);
    let acked = 0;
    for (const sent of this.#sent) {
      if (tsnAfter(sent.tsn, cumulative)) break;
      acked += this.#acknowledge(sent, nowMs);
    }
    this.#sent = this.#sent.filter(({ tsn }) => tsnAfter(tsn, cumulative));
    this.#cumulativeTsn = cumulative;
    if (tsnAfter(cumulative, this.#forwardTsn)) this.#forwardTsn = cumulative;
    acked += this.#acknowledgeGaps(gaps, nowMs);
    if (this.#recoverUntil !== undefined && !tsnAfter(this.#recoverUntil, cumulative)) this.#recoverUntil = undefined;
    if (advanced && full && this.#recoverUntil === undefined) this.congestion.acknowledged(acked);
    this.#peerWindowBytes = Math.max(0, windowBytes - this.#flightBytes);
    this.#advanceForward();
    return advanced;
  }

  /** Nothing was acknowledged in time: everything in flight counts as lost. */
  timedOut(nowMs: number): void {
    this.congestion.timedOut();
    this.#recoverUntil = undefined;
    this.#announcedForwardTsn = undefined;
    for (const sent of this.#sent) {
      if (sent.acked || sent.queued.abandoned || this.#givenUp(sent.queued, sent.times, nowMs)) continue;
      this.#markLost(sent);
    }
    this.#advanceForward();
  }

  /** Gives up everything; the messages leave. */
  clear(): void {
    const queue = this.#queue;
    this.#queue = [];
    this.#sent = [];
    for (const { message } of queue) message.onLeft?.();
  }

  #windowOpen(bytes: number): boolean {
    if (this.#flightBytes === 0) return true;
    return this.#flightBytes + bytes <= this.congestion.windowBytes && bytes <= this.#peerWindowBytes;
  }

  #firstSendable(nowMs: number): Queued | undefined {
    for (;;) {
      const first = this.#queue[0];
      if (first === undefined) return undefined;
      if (!first.abandoned && !this.#givenUp(first, 0, nowMs)) return first;
      this.#queue.shift();
      first.message.onLeft?.();
    }
  }

  #nextFragment(queued: Queued, bytes: number): Sent {
    const { streamId, protocolId, data, ordered, onLeft } = queued.message;
    const begin = queued.offset === 0;
    if (begin && ordered) {
      queued.streamSequence = this.#streamSequences.get(streamId) ?? 0;
      this.#streamSequences.set(streamId, (queued.streamSequence + 1) & 0xffff);
    }
    const end = queued.offset + bytes === data.length;
    const sent: Sent = {
      flags: (begin ? dataFlag.begin : 0) | (end ? dataFlag.end : 0) | (ordered ? 0 : dataFlag.unordered),
      tsn: this.#nextTsn,
      streamId,
      streamSequence: queued.streamSequence,
      protocolId,
      data: data.subarray(queued.offset, queued.offset + bytes),
      queued,
      times: 0,
      sentAtMs: 0,
      missing: 0,
      acked: false,
      retransmit: false,
    };
    this.#nextTsn = tsnPlus(this.#nextTsn, 1);
    queued.offset += bytes;
    this.#peerWindowBytes -= bytes;
    this.#sent.push(sent);
    if (end) {
      this.#queue.shift();
      onLeft?.();
    }
    return sent;
  }

  #acknowledge(sent: Sent, nowMs: number): number {
    if (sent.acked) return 0;
    sent.acked = true;
    if (sent.times === 1 && !sent.queued.abandoned) this.congestion.measured(nowMs - sent.sentAtMs);
    if (!sent.retransmit && !sent.queued.abandoned) this.#flightBytes -= sent.data.length;
    sent.retransmit = false;
    return sent.data.length;
  }

  #acknowledgeGaps(gaps: readonly { readonly start: number; readonly end: number }[], nowMs: number): number {
    const highest = gaps.at(-1)?.end;
    if (highest === undefined) return 0;
    let acked = 0;
    for (const sent of this.#sent) {
      if (tsnAfter(sent.tsn, highest)) break;
      if (gaps.some(({ start, end }) => !tsnAfter(start, sent.tsn) && !tsnAfter(sent.tsn, end))) acked += this.#acknowledge(sent, nowMs);
      else this.#missing(sent, nowMs);
    }
    return acked;
  }

  #missing(sent: Sent, nowMs: number): void {
    if (sent.acked || sent.retransmit || sent.queued.abandoned || ++sent.missing < fastRetransmitAfter) return;
    if (this.#recoverUntil === undefined) {
      this.congestion.lost();
      this.#recoverUntil = this.lastTsn;
    }
    if (!this.#givenUp(sent.queued, sent.times, nowMs)) this.#markLost(sent);
  }

  #markLost(sent: Sent): void {
    if (sent.retransmit) return;
    sent.retransmit = true;
    this.#flightBytes -= sent.data.length;
  }

  /** Whether the message, which was not given up before, has used up its retransmissions or its time; gives it up if so. */
  #givenUp(queued: Queued, times: number, nowMs: number): boolean {
    const { maxRetransmits, expiresAtMs } = queued.message;
    if (!this.#partialReliability) return false;
    if (!((maxRetransmits !== undefined && times > maxRetransmits) || (expiresAtMs !== undefined && nowMs >= expiresAtMs))) return false;
    queued.abandoned = true;
    for (const sent of this.#sent) {
      if (sent.queued !== queued || sent.acked) continue;
      if (!sent.retransmit) this.#flightBytes -= sent.data.length;
      sent.retransmit = false;
    }
    return true;
  }

  /**
   * Moves on over what was given up, and no further (RFC 3758 section 3.5): a message behind it that has arrived in part must not be skipped. Where it
   * has arrived whole, the other side's next acknowledgement moves on by itself.
   */
  #advanceForward(): void {
    for (const { tsn, queued } of this.#sent) {
      if (!tsnAfter(tsn, this.#forwardTsn)) continue;
      if (!queued.abandoned) break;
      this.#forwardTsn = tsn;
    }
  }
}
