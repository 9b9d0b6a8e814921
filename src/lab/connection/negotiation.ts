import type { RtcPeer } from '../rtc/endpoint.ts';

/** What became of an answer. */
export type AnswerOutcome = { readonly ok: true } | { readonly ok: false; readonly detail: string };

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Offers and answers of one connection: one exchange at a time (O28). */
export class Negotiation {
  readonly #peer: RtcPeer;
  readonly #sendReOffer: (sdp: string) => void;
  #awaitsAnswer = false;
  #due = false;
  #held = true;

  constructor(peer: RtcPeer, sendReOffer: (sdp: string) => void) {
    this.#peer = peer;
    this.#sendReOffer = sendReOffer;
  }

  /** The SDP of the first offer. */
  firstOffer(): string {
    this.#awaitsAnswer = true;
    return this.#peer.createOffer();
  }

  get awaitsAnswer(): boolean {
    return this.#awaitsAnswer;
  }

  /** The client's answer to the offer or the re-offer that is open. */
  answer(sdp: unknown): AnswerOutcome {
    if (typeof sdp !== 'string') return { ok: false, detail: 'sdp must be a string' };
    try {
      this.#peer.acceptAnswer(sdp);
    } catch (error) {
      return { ok: false, detail: messageOf(error) };
    }
    this.#awaitsAnswer = false;
    this.#next();
    return { ok: true };
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
  force(): string {
    this.#awaitsAnswer = true;
    return this.#peer.createOffer();
  }

  #next(): void {
    if (!this.#due || this.#awaitsAnswer || this.#held) return;
    this.#due = false;
    if (this.#peer.state === 'closed' || !this.#peer.negotiationNeeded) return;
    this.#awaitsAnswer = true;
    this.#sendReOffer(this.#peer.createOffer());
  }
}
