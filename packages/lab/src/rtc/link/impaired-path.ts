import type { Impairment } from '../peer.ts';

/** A network without faults. */
export const healthy: Required<Impairment> = { lossRatio: 0, delayMs: 0, jitterMs: 0 };

/** A stretch of network that can be cut, and that can lose and delay what passes. */
export class ImpairedPath {
  silent = false;
  #impairment = healthy;
  readonly #waiting = new Set<ReturnType<typeof setTimeout>>();

  get impairment(): Required<Impairment> {
    return this.#impairment;
  }

  /** @throws RangeError when a value is out of range. */
  impair(impairment: Impairment): void {
    const wanted = { ...healthy, ...impairment };
    if (!(wanted.lossRatio >= 0 && wanted.lossRatio <= 1)) throw new RangeError(`lossRatio must be from 0 to 1, not ${wanted.lossRatio}`);
    if (!(wanted.delayMs >= 0 && wanted.jitterMs >= 0 && wanted.delayMs + wanted.jitterMs <= 600_000)) {
      throw new RangeError('delayMs and jitterMs must be from 0 to 600000');
    }
    const { lossRatio, delayMs, jitterMs } = wanted;
    this.#impairment = lossRatio + delayMs + jitterMs === 0 ? healthy : wanted;
  }

  /** Calls `deliver` now, later or never. */
  pass(deliver: () => void): void {
    const { lossRatio, delayMs, jitterMs } = this.#impairment;
    if (this.silent || (lossRatio > 0 && Math.random() < lossRatio)) return;
    if (delayMs === 0 && jitterMs === 0) {
      deliver();
      return;
    }
    const timer = setTimeout(
      () => {
        this.#waiting.delete(timer);
        if (!this.silent) deliver();
      },
      delayMs + Math.random() * jitterMs,
    );
    this.#waiting.add(timer);
  }

  /** Drops what is on the way. */
  close(): void {
    for (const timer of this.#waiting) clearTimeout(timer);
    this.#waiting.clear();
  }
}
