/** Largest SCTP packet; with DTLS, UDP and IP around it, it passes every path. */
export const mtuBytes = 1191;

/** More in flight than this overruns the receive buffers of sockets on one machine. */
const maxWindowBytes = 128 * 1024;

const initialTimeoutMs = 500;
/** Above the 200 ms by which the other side may delay an acknowledgement. */
const minTimeoutMs = 400;
const maxTimeoutMs = 60_000;

/** Congestion window and retransmission time-out (RFC 9260 sections 6.3 and 7.2). */
export class Congestion {
  #windowBytes = 10 * mtuBytes;
  #thresholdBytes = Infinity;
  #partiallyAcked = 0;
  #smoothedMs: number | undefined;
  #varianceMs = 0;
  #timeoutMs = initialTimeoutMs;

  get windowBytes(): number {
    return this.#windowBytes;
  }

  get timeoutMs(): number {
    return this.#timeoutMs;
  }

  /** A packet that was sent once has been acknowledged. */
  measured(roundTripMs: number): void {
    if (this.#smoothedMs === undefined) {
      this.#smoothedMs = roundTripMs;
      this.#varianceMs = roundTripMs / 2;
    } else {
      this.#varianceMs = 0.75 * this.#varianceMs + 0.25 * Math.abs(this.#smoothedMs - roundTripMs);
      this.#smoothedMs = 0.875 * this.#smoothedMs + 0.125 * roundTripMs;
    }
    this.#timeoutMs = Math.min(maxTimeoutMs, Math.max(minTimeoutMs, this.#smoothedMs + 4 * this.#varianceMs));
  }

  /** The cumulative acknowledgement moved on while the window was in use. */
  acknowledged(bytes: number): void {
    if (this.#windowBytes <= this.#thresholdBytes) {
      this.#windowBytes = Math.min(maxWindowBytes, this.#windowBytes + Math.min(bytes, 4 * mtuBytes));
      return;
    }
    this.#partiallyAcked += bytes;
    if (this.#partiallyAcked < this.#windowBytes) return;
    this.#partiallyAcked -= this.#windowBytes;
    this.#windowBytes = Math.min(maxWindowBytes, this.#windowBytes + mtuBytes);
  }

  /** A packet was lost, as gaps in the acknowledgements tell. */
  lost(): void {
    this.#thresholdBytes = Math.max(this.#windowBytes / 2, 4 * mtuBytes);
    this.#windowBytes = this.#thresholdBytes;
    this.#partiallyAcked = 0;
  }

  /** Nothing came back in time. */
  timedOut(): void {
    this.#thresholdBytes = Math.max(this.#windowBytes / 2, 4 * mtuBytes);
    this.#windowBytes = mtuBytes;
    this.#partiallyAcked = 0;
    this.#timeoutMs = Math.min(maxTimeoutMs, this.#timeoutMs * 2);
  }
}
