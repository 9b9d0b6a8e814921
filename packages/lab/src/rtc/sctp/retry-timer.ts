/** Calls again and again, after times that the caller gives, until stopped or until it has been in vain too often. */
export class RetryTimer {
  readonly #maxRetries: number;
  readonly #retry: () => void;
  readonly #giveUp: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #retries = 0;

  constructor(maxRetries: number, retry: () => void, giveUp: () => void) {
    this.#maxRetries = maxRetries;
    this.#retry = retry;
    this.#giveUp = giveUp;
  }

  get running(): boolean {
    return this.#timer !== undefined;
  }

  /** Starts counting from zero; the function is asked for every wait anew. */
  start(afterMs: () => number): void {
    this.stop();
    this.#arm(afterMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#retries = 0;
  }

  #arm(afterMs: () => number): void {
    const timer = setTimeout(() => {
      if (++this.#retries > this.#maxRetries) {
        this.stop();
        this.#giveUp();
        return;
      }
      this.#retry();
      // The retry makes the next wait longer, or has stopped the timer or started it anew.
      if (this.#timer === timer) this.#arm(afterMs);
    }, afterMs());
    this.#timer = timer;
  }
}
