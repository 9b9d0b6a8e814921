import { dataFlag } from './data-chunk.ts';
import type { DataChunk } from './data-chunk.ts';
import { tsnAfter, tsnDistance, tsnPlus } from './serial.ts';

export interface InboundMessage {
  readonly streamId: number;
  readonly protocolId: number;
  readonly data: Buffer;
}

/** Receiver window: what may lie here out of order. */
export const windowBytes: number = 1024 * 1024;
/** Gap blocks are 16 bits wide. */
const maxAhead = 0x7fff;
const maxReported = 16;

const whole = dataFlag.begin | dataFlag.end;

/**
 * Puts DATA chunks in order of their TSN and fragments back together. Messages come out in TSN order, which keeps the order within every stream;
 * only an unordered message of one fragment is handed out before a gap is filled.
 */
export class Inbound {
  readonly #deliver: (message: InboundMessage) => void;
  readonly #maxMessageBytes: number;
  readonly #waiting = new Map<number, DataChunk | 'delivered'>();
  #waitingBytes = 0;
  #cumulativeTsn: number;
  #partial: DataChunk[] = [];
  #partialBytes = 0;
  #duplicates: number[] = [];
  #urgent = false;

  constructor(initialTsn: number, maxMessageBytes: number, deliver: (message: InboundMessage) => void) {
    this.#cumulativeTsn = tsnPlus(initialTsn, -1);
    this.#maxMessageBytes = maxMessageBytes;
    this.#deliver = deliver;
  }

  get cumulativeTsn(): number {
    return this.#cumulativeTsn;
  }

  /** Whether the other side should hear at once of what came: a gap, the end of a gap, something twice (RFC 9260 section 6.7). */
  get urgent(): boolean {
    return this.#urgent;
  }

  /** False when the chunk cannot be kept. One that was there already changes nothing, and is reported with the next SACK. */
  data(chunk: DataChunk): boolean {
    const ahead = tsnDistance(chunk.tsn, this.#cumulativeTsn);
    if (ahead !== 1 || this.#waiting.size > 0) this.#urgent = true;
    if (ahead <= 0 || this.#waiting.has(chunk.tsn)) {
      if (this.#duplicates.length < maxReported) this.#duplicates.push(chunk.tsn);
      return true;
    }
    if (ahead === 1) {
      this.#cumulativeTsn = chunk.tsn;
      this.#assemble(chunk);
      this.#advance();
      return true;
    }
    if (ahead > maxAhead || this.#waitingBytes + chunk.data.length > windowBytes) return false;
    if ((chunk.flags & (whole | dataFlag.unordered)) === (whole | dataFlag.unordered)) {
      this.#waiting.set(chunk.tsn, 'delivered');
      this.#deliver(chunk);
    } else {
      this.#waiting.set(chunk.tsn, chunk);
      this.#waitingBytes += chunk.data.length;
    }
    return true;
  }

  /** The sender gives up everything up to this TSN (RFC 3758). */
  forward(tsn: number): void {
    const skipped = [...this.#waiting.keys()].filter((waiting) => !tsnAfter(waiting, tsn)).sort(tsnDistance);
    for (const waiting of skipped) {
      if (waiting !== tsnPlus(this.#cumulativeTsn, 1)) this.#dropPartial();
      this.#cumulativeTsn = waiting;
      this.#take(waiting);
    }
    if (tsnAfter(tsn, this.#cumulativeTsn)) {
      this.#dropPartial();
      this.#cumulativeTsn = tsn;
    }
    this.#advance();
  }

  /** The value of a SACK chunk (RFC 9260 section 3.3.4). Duplicates are reported once. */
  sack(): Buffer {
    const gaps: [number, number][] = [];
    for (const offset of [...this.#waiting.keys()].map((tsn) => tsnDistance(tsn, this.#cumulativeTsn)).sort((a, b) => a - b)) {
      const last = gaps.at(-1);
      if (last?.[1] === offset - 1) last[1] = offset;
      else gaps.push([offset, offset]);
    }
    const reported = gaps.slice(0, maxReported);
    const value = Buffer.alloc(12 + 4 * (reported.length + this.#duplicates.length));
    value.writeUInt32BE(this.#cumulativeTsn, 0);
    value.writeUInt32BE(windowBytes - this.#waitingBytes, 4);
    value.writeUInt16BE(reported.length, 8);
    value.writeUInt16BE(this.#duplicates.length, 10);
    let at = 12;
    for (const [start, end] of reported) {
      value.writeUInt16BE(start, at);
      value.writeUInt16BE(end, at + 2);
      at += 4;
    }
    for (const tsn of this.#duplicates) {
      value.writeUInt32BE(tsn, at);
      at += 4;
    }
    this.#duplicates = [];
    this.#urgent = false;
    return value;
  }

  #advance(): void {
    for (let next = tsnPlus(this.#cumulativeTsn, 1); this.#waiting.has(next); next = tsnPlus(next, 1)) {
      this.#cumulativeTsn = next;
      this.#take(next);
    }
  }

  #take(tsn: number): void {
    const chunk = this.#waiting.get(tsn);
    this.#waiting.delete(tsn);
    if (chunk === undefined || chunk === 'delivered') return;
    this.#waitingBytes -= chunk.data.length;
    this.#assemble(chunk);
  }

  /** Chunks come here in TSN order, and the fragments of a message have successive TSNs: one message at a time is open. */
  #assemble(chunk: DataChunk): void {
    if (chunk.flags & dataFlag.begin) this.#dropPartial();
    else if (this.#partial[0]?.streamId !== chunk.streamId) return;
    this.#partial.push(chunk);
    this.#partialBytes += chunk.data.length;
    if (this.#partialBytes > this.#maxMessageBytes) this.#dropPartial();
    else if (chunk.flags & dataFlag.end) {
      const [first] = this.#partial;
      const data = this.#partial.length === 1 ? chunk.data : Buffer.concat(this.#partial.map((part) => part.data));
      this.#dropPartial();
      this.#deliver({ streamId: chunk.streamId, protocolId: first?.protocolId ?? chunk.protocolId, data });
    }
  }

  #dropPartial(): void {
    this.#partial = [];
    this.#partialBytes = 0;
  }
}
