import type { RtcPeer } from '../rtc/endpoint.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Transport } from '../wire/words.ts';
import type { Shape } from './shape.ts';

export interface NegotiationParts {
  readonly peer: RtcPeer;
  readonly shape: Shape;
  /** Does something after so many milliseconds, if the connection still lives then; 0 at once. */
  readonly later: (ms: number, action: () => void) => void;
  /** Sends a re-offer on the transport that is due. */
  readonly send: (message: JsonObject) => void;
  /** The first answer was taken: the media path comes up. */
  readonly answered: () => void;
  /** A later answer was taken. */
  readonly reAnswered: () => void;
  /** An answer that cannot be taken. */
  readonly anomaly: (detail: string, via: Transport) => void;
  /** An answer that nobody asked for, and that does no harm. */
  readonly note: (what: string) => void;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Offers and answers of one connection: one exchange at a time (O28). */
export class Negotiation {
  readonly #parts: NegotiationParts;
  #awaitsAnswer = false;
  #answered = false;
  #due = false;
  #held = true;

  constructor(parts: NegotiationParts) {
    this.#parts = parts;
  }

  /** The SDP of the first offer. */
  firstOffer(): string {
    this.#awaitsAnswer = true;
    return this.#parts.peer.createOffer();
  }

  /** The client's answer to the first offer. A second one, or one before the offer, is against the protocol. */
  onAnswer(message: JsonObject): void {
    const { shape, later } = this.#parts;
    if (!shape.has('answer-ignored')) later(shape.delayMs('answer-delayed'), () => this.#takeFirst(message));
  }

  /** The client's answer to a re-offer, on whichever transport it came. */
  onReAnswer(message: JsonObject, via: Transport): void {
    if (!this.#answered) return;
    if (!this.#awaitsAnswer) this.#parts.note('unexpected-re-answer');
    else if (this.#take(message, via)) {
      this.#parts.reAnswered();
      this.#next();
    }
  }

  /** Re-offers may go out from now on: the transport for them is ready. */
  release(): void {
    this.#held = false;
    this.#next();
  }

  /** A re-offer is due if the sections have changed: now, or after the answer that is still open. */
  renegotiate(): void {
    this.#due = true;
    this.#next();
  }

  /** A re-offer at once, whatever is open (faults). */
  force(): JsonObject {
    this.#awaitsAnswer = true;
    return { type: 're-offer', sdp: this.#parts.peer.createOffer() };
  }

  #takeFirst(message: JsonObject): void {
    if (this.#answered || !this.#awaitsAnswer) this.#parts.anomaly('LAB-UNEXPECTED-ANSWER', 'websocket');
    else if (this.#take(message, 'websocket')) {
      this.#answered = true;
      this.#parts.answered();
      this.#next();
    }
  }

  #take(message: JsonObject, via: Transport): boolean {
    const sdp = message['sdp'];
    try {
      if (typeof sdp !== 'string') throw new TypeError('sdp must be a string');
      this.#parts.peer.acceptAnswer(sdp);
    } catch (error) {
      this.#parts.anomaly(`LAB-INVALID-SDP: ${messageOf(error)}`, via);
      return false;
    }
    this.#awaitsAnswer = false;
    return true;
  }

  #next(): void {
    const { peer, send } = this.#parts;
    if (!this.#due || this.#awaitsAnswer || this.#held) return;
    this.#due = false;
    if (peer.state !== 'closed' && peer.negotiationNeeded) send(this.force());
  }
}
