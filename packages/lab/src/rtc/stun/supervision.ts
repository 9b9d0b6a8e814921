import type { IceState, IceSupervision } from '../peer.ts';

export const defaultSupervision: Required<IceSupervision> = {
  connectedIntervalMs: 2500,
  connectedTimeoutMs: 2500,
  checkingIntervalMs: 1000,
  checkingTimeoutMs: 5000,
  disconnectedIntervalMs: 50,
  disconnectedTimeoutMs: 10_000,
  connectTimeoutMs: 60_000,
};

export interface SupervisorOptions {
  readonly times: Required<IceSupervision>;
  readonly sendRequest: () => void;
  readonly onState: (state: IceState) => void;
}

/** Asks the client for a sign of life, ever more often, and says when there is none. Runs from {@link start} to {@link stop}. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  #state: IceState = 'connected';
  #told: IceState = 'connected';
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When the state was entered; for `connected`, when the client was heard last. */
  #sinceMs = 0;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  start(): void {
    this.#enter('connected');
  }

  /** An authentic message of the client came in. */
  alive(): void {
    if (this.#state === 'failed' || this.#timer === undefined) return;
    this.#enter('connected');
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #enter(state: IceState): void {
    this.#state = state;
    this.#sinceMs = performance.now();
    this.stop();
    if (state !== 'failed') this.#schedule();
    if (state === 'disconnected') this.#tell('checking');
    if (state !== 'checking') this.#tell(state);
  }

  /**
   * `checking` is told when its first request has stayed unanswered: a client that says nothing on its own is checked every 2.5 s, and answers
   * within milliseconds.
   */
  #tell(state: IceState): void {
    if (state === this.#told) return;
    this.#told = state;
    this.#options.onState(state);
  }

  #schedule(): void {
    const { times } = this.#options;
    const [intervalMs, timeoutMs] = {
      connected: [times.connectedIntervalMs, times.connectedTimeoutMs] as const,
      checking: [times.checkingIntervalMs, times.checkingTimeoutMs] as const,
      disconnected: [times.disconnectedIntervalMs, times.disconnectedTimeoutMs] as const,
      failed: [Infinity, Infinity] as const,
    }[this.#state];
    const leftMs = this.#sinceMs + timeoutMs - performance.now();
    this.#timer = setTimeout(
      () => {
        // Timers may fire a fraction early: half a millisecond decides nothing.
        if (performance.now() - this.#sinceMs >= timeoutMs - 0.5) this.#next();
        else {
          // First the timer, then what may stop it.
          this.#schedule();
          if (this.#state === 'checking') this.#tell('checking');
          this.#options.sendRequest();
        }
      },
      Math.max(0, Math.min(intervalMs, leftMs)),
    );
  }

  #next(): void {
    if (this.#state === 'connected') {
      this.#enter('checking');
      this.#options.sendRequest();
    } else this.#enter(this.#state === 'checking' ? 'disconnected' : 'failed');
  }
}
