import type { ReportBlock } from '../rtp/rtcp.ts';
import { sequenceDistance, sequencePlus } from '../rtp/sequence.ts';

/** A gap larger than this is no loss but a new beginning. */
const maxGap = 100;
/** What nobody asks for, as with audio, is forgotten in the end. */
const maxMissing = 200;
const maxRequests = 4;
/** Packets that overtake each other are not lost yet. */
const firstRequestMs = 10;
const nextRequestMs = 60;

interface Missing {
  requests: number;
  dueMs: number;
}

/** Counts what arrives on one SSRC (RFC 3550 appendix A) and remembers what is missing. */
export class ReceiveStream {
  readonly ssrc: number;
  readonly #clockRate: number;
  readonly #missing = new Map<number, Missing>();
  #first = 0;
  #highest: number | undefined;
  #cycles = 0;
  #received = 0;
  #before = { expected: 0, received: 0 };
  #jitter = 0;
  #transit: number | undefined;
  #report = { compactNtp: 0, atMs: 0 };

  constructor(ssrc: number, clockRate: number) {
    this.ssrc = ssrc;
    this.#clockRate = clockRate;
  }

  /** Numbers that should be asked for at `nowMs`, in ascending order; each is returned a few times, with pauses. */
  takeMissing(nowMs: number): number[] {
    const due: number[] = [];
    for (const [sequence, missing] of this.#missing) {
      if (missing.dueMs > nowMs) continue;
      if (missing.requests >= maxRequests) this.#missing.delete(sequence);
      else {
        missing.requests++;
        missing.dueMs = nowMs + nextRequestMs;
        due.push(sequence);
      }
    }
    return due.sort(sequenceDistance);
  }

  get hasMissing(): boolean {
    return this.#missing.size > 0;
  }

  /** False for what came before, and for what nobody waits for any more. */
  received(sequence: number, timestamp: number, nowMs: number): boolean {
    const ahead = this.#highest === undefined ? 1 : sequenceDistance(sequence, this.#highest);
    if (ahead <= 0) return this.repaired(sequence);
    this.#received++;
    this.#advance(sequence, ahead, nowMs);
    this.#measure(timestamp, nowMs);
    return true;
  }

  /** Late or retransmitted; neither counts for jitter. False when the packet was not missing: browsers also use old packets as padding. */
  repaired(sequence: number): boolean {
    if (!this.#missing.delete(sequence)) return false;
    this.#received++;
    return true;
  }

  senderReport(compactNtp: number, nowMs: number): void {
    this.#report = { compactNtp, atMs: nowMs };
  }

  /** The report since the last one. */
  reportBlock(nowMs: number): ReportBlock {
    const highestSequence = (this.#cycles * 0x10000 + (this.#highest ?? 0)) >>> 0;
    const expected = this.#cycles * 0x10000 + (this.#highest ?? 0) - this.#first + 1;
    const [newExpected, newReceived] = [expected - this.#before.expected, this.#received - this.#before.received];
    this.#before = { expected, received: this.#received };
    const lost = newExpected - newReceived;
    return {
      ssrc: this.ssrc,
      fractionLost: newExpected <= 0 || lost <= 0 ? 0 : Math.min(255, Math.floor((lost * 256) / newExpected)),
      totalLost: expected - this.#received,
      highestSequence,
      jitter: Math.floor(this.#jitter),
      lastReport: this.#report.compactNtp,
      sinceLastReport: this.#report.compactNtp === 0 ? 0 : Math.floor((nowMs - this.#report.atMs) * 65.536),
    };
  }

  #advance(sequence: number, ahead: number, nowMs: number): void {
    if (this.#highest === undefined) this.#first = sequence;
    else {
      if (sequence < this.#highest) this.#cycles++;
      if (ahead > maxGap) this.#missing.clear();
      else {
        for (let step = 1; step < ahead; step++) {
          this.#missing.set(sequencePlus(this.#highest, step), { requests: 0, dueMs: nowMs + firstRequestMs });
        }
      }
    }
    this.#highest = sequence;
    for (const oldest of this.#missing.keys()) {
      if (this.#missing.size <= maxMissing) break;
      this.#missing.delete(oldest);
    }
  }

  #measure(timestamp: number, nowMs: number): void {
    const transit = (nowMs * this.#clockRate) / 1000 - timestamp;
    const difference = this.#transit === undefined ? 0 : Math.abs(transit - this.#transit);
    this.#transit = transit;
    // A new timestamp base is no jitter.
    if (difference < this.#clockRate) this.#jitter += (difference - this.#jitter) / 16;
  }
}
