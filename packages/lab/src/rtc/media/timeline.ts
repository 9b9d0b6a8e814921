import { sequencePlus } from '../rtp/sequence.ts';

/** Least step between two pictures or packets of different sources, so that timestamps never stand still. */
const minStepMs = 10;

export interface SourcePosition {
  readonly ssrc: number;
  readonly sequenceNumber: number;
  readonly timestamp: number;
  readonly receivedAtMs: number;
}

/** Maps sequence numbers and timestamps of changing sources to one stream without jumps. */
export class Timeline {
  readonly #clockRate: number;
  #source: number | undefined;
  #sequenceOffset = 0;
  #timestampOffset = 0;
  #lastSequence: number;
  #last: { readonly timestamp: number; readonly atMs: number } | undefined;

  constructor(clockRate: number, firstSequence: number) {
    this.#clockRate = clockRate;
    this.#lastSequence = sequencePlus(firstSequence, -1);
  }

  /** The next packet starts anew, although it may be of the same source: packets before it were left out on purpose. */
  interrupt(): void {
    this.#source = undefined;
  }

  /** Whether {@link place} will see a change. */
  changes(ssrc: number): boolean {
    return this.#source !== ssrc;
  }

  place({ ssrc, sequenceNumber, timestamp, receivedAtMs }: SourcePosition): {
    readonly sequenceNumber: number;
    readonly timestamp: number;
  } {
    if (this.#source !== ssrc) {
      this.#source = ssrc;
      this.#sequenceOffset = this.#lastSequence + 1 - sequenceNumber;
      this.#timestampOffset = (this.#last === undefined ? timestamp : this.timestampAt(receivedAtMs, minStepMs)) - timestamp;
    }
    const placed = {
      sequenceNumber: sequencePlus(sequenceNumber, this.#sequenceOffset),
      timestamp: (timestamp + this.#timestampOffset) >>> 0,
    };
    // A packet that was overtaken must not turn the clock back.
    if (((placed.sequenceNumber - this.#lastSequence) & 0xffff) < 0x8000) {
      this.#lastSequence = placed.sequenceNumber;
      this.#last = { timestamp: placed.timestamp, atMs: receivedAtMs };
    }
    return placed;
  }

  /** What the media clock shows at this moment, at least `leastMs` after the last packet. */
  timestampAt(nowMs: number, leastMs = 0): number {
    if (this.#last === undefined) return 0;
    const elapsedMs = Math.max(leastMs, nowMs - this.#last.atMs);
    return (this.#last.timestamp + Math.round((elapsedMs * this.#clockRate) / 1000)) >>> 0;
  }
}
