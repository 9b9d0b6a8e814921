/** A token bucket: `perSecond` tokens are added each second, up to twice that many, and every message takes one. 0 means no limit. */
export class RateLimit {
  readonly #perSecond: number;
  readonly #now: () => number;
  #tokens: number;
  #at: number;

  constructor(perSecond: number, now: () => number = () => performance.now()) {
    this.#perSecond = perSecond;
    this.#now = now;
    this.#tokens = perSecond * 2;
    this.#at = now();
  }

  /** Takes a token; false when there is none. */
  take(): boolean {
    if (this.#perSecond === 0) return true;
    const now = this.#now();
    this.#tokens = Math.min(this.#perSecond * 2, this.#tokens + ((now - this.#at) / 1000) * this.#perSecond);
    this.#at = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
