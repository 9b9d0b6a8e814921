import type { RtcPeer } from '../rtc/endpoint.ts';
import type { JsonObject } from '../wire/json.ts';

/** What became of an answer. `rejected`: the client broke the protocol. `unexpected`: no re-offer was open; harmless. */
export type AnswerOutcome =
  { readonly kind: 'accepted' } | { readonly kind: 'unexpected' } | { readonly kind: 'rejected'; readonly detail: string };

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Offers and answers of one connection, one exchange at a time (O28). */
export class Negotiation {
  readonly #peer: RtcPeer;
  #awaitsAnswer = false;
  #answered = false;
  #due = false;
  #held = true;

  constructor(peer: RtcPeer) {
    this.#peer = peer;
  }

  /** Whether the first answer was accepted. */
  get answered(): boolean {
    return this.#answered;
  }

  /** The SDP of the first offer. */
  firstOffer(): string {
    this.#awaitsAnswer = true;
    return this.#peer.createOffer();
  }

  /** The client's answer to the first offer. A second one, or one before the offer, breaks the protocol. */
  acceptAnswer(message: JsonObject): AnswerOutcome {
    if (this.#answered || !this.#awaitsAnswer) return { kind: 'rejected', detail: 'LAB-UNEXPECTED-ANSWER' };
    const outcome = this.#accept(message);
    if (outcome.kind === 'accepted') this.#answered = true;
    return outcome;
  }

  /** The client's answer to a re-offer, on either transport. */
  acceptReAnswer(message: JsonObject): AnswerOutcome {
    return this.#answered && this.#awaitsAnswer ? this.#accept(message) : { kind: 'unexpected' };
  }

  /** Re-offers may be sent from now on: their transport is ready. */
  release(): void {
    this.#held = false;
  }

  /** The media of the connection may have changed: {@link takeDueOffer} looks at the sections again. */
  renegotiate(): void {
    this.#due = true;
  }

  /** The re-offer to send now; undefined where none is due, where the last one is unanswered, or before {@link release}. */
  takeDueOffer(): JsonObject | undefined {
    if (!this.#due || this.#awaitsAnswer || this.#held) return undefined;
    this.#due = false;
    return this.#peer.state !== 'closed' && this.#peer.negotiationNeeded ? this.forceOffer() : undefined;
  }

  /** A re-offer regardless of need and of open exchanges (faults). */
  forceOffer(): JsonObject {
    this.#awaitsAnswer = true;
    return { type: 're-offer', sdp: this.#peer.createOffer() };
  }

  #accept(message: JsonObject): AnswerOutcome {
    const sdp = message['sdp'];
    try {
      if (typeof sdp !== 'string') throw new TypeError('sdp must be a string');
      this.#peer.acceptAnswer(sdp);
    } catch (error) {
      return { kind: 'rejected', detail: `LAB-INVALID-SDP: ${messageOf(error)}` };
    }
    this.#awaitsAnswer = false;
    return { kind: 'accepted' };
  }
}
