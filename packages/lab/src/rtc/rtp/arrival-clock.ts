/** The header extension abs-send-time: 24 bits, seconds with 18 bits after the point. */
const unitsPerMs = 2 ** 18 / 1000;
const periodMs = 64_000;
/** Clocks of different machines drift apart; the shortest way may grow by this much per packet. */
const driftMs = 0.01;

/** From -32 s to 32 s. */
const wrapped = (ms: number): number => ms - periodMs * Math.round(ms / periodMs);

/**
 * Tells when a packet would have arrived without the delays of a busy process. Those delays, tens of milliseconds on a loaded machine, look like a
 * congested network to the client's bandwidth estimate and would take its upper simulcast layers away.
 */
export class ArrivalClock {
  /** Smallest difference seen between arrival here and sending there; the clocks have nothing to do with each other. */
  #shortestMs: number | undefined;

  /** `absSendTime` as in the packet, `atMs` when the process got to see it. */
  arrival(absSendTime: number, atMs: number): number {
    const differenceMs = atMs - absSendTime / unitsPerMs;
    const lateMs = this.#shortestMs === undefined ? 0 : wrapped(differenceMs - this.#shortestMs);
    this.#shortestMs = lateMs <= 0 ? differenceMs : (this.#shortestMs ?? differenceMs) + Math.min(lateMs, driftMs);
    return atMs - Math.max(0, lateMs);
  }
}
