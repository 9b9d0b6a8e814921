import { sequenceDistance, sequencePlus } from './sequence.ts';

/** Packets per report; more go into the next one. */
const maxPackets = 512;
const tickMs = 0.25;
const baseTimeMs = 64;

interface Arrival {
  readonly sequence: number;
  readonly atMs: number;
}

/** Symbols of draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1.1. */
const symbol = { lost: 0, smallDelta: 1, largeDelta: 2 } as const;

const deltaTicks = (fromMs: number, toMs: number): number => Math.round((toMs - fromMs) / tickMs);

/** Seven packets to a chunk of two-bit symbols: the simplest form that says everything. */
const statusChunks = (symbols: readonly number[]): Buffer => {
  const chunks = Buffer.alloc(2 * Math.ceil(symbols.length / 7));
  for (let index = 0; index < chunks.length / 2; index++) {
    let chunk = 0xc000;
    for (let place = 0; place < 7; place++) chunk |= (symbols[7 * index + place] ?? symbol.lost) << (12 - 2 * place);
    chunks.writeUInt16BE(chunk, 2 * index);
  }
  return chunks;
};

/** Collects arrival times of packets with a transport-wide number and reports them, so that the client's bandwidth estimate grows. */
export class TransportWideFeedback {
  #arrivals: Arrival[] = [];
  #next: number | undefined;
  #count = 0;

  get pending(): boolean {
    return this.#arrivals.length > 0;
  }

  received(sequence: number, atMs: number): void {
    if (this.#arrivals.length < maxPackets) this.#arrivals.push({ sequence, atMs });
  }

  /** What follows the SSRCs in the feedback packet; undefined when nothing has arrived. */
  take(): Buffer | undefined {
    const arrivals = new Map<number, number>();
    for (const { sequence, atMs } of this.#arrivals) {
      // What lies before the last report was reported as lost then and stays so.
      if (this.#next === undefined || sequenceDistance(sequence, this.#next) >= 0) arrivals.set(sequence, atMs);
    }
    this.#arrivals = [];
    const [any] = arrivals.keys();
    if (any === undefined) return undefined;
    const sorted = [...arrivals].sort(([a], [b]) => sequenceDistance(a, b));
    const lowest = sorted[0]?.[0] ?? any;
    const highest = sorted.at(-1)?.[0] ?? any;
    const base = this.#next !== undefined && sequenceDistance(lowest, this.#next) < maxPackets ? this.#next : lowest;
    const count = Math.min(sequenceDistance(highest, base) + 1, 2 * maxPackets);
    this.#next = sequencePlus(base, count);
    return this.#report(base, count, arrivals, sorted[0]?.[1] ?? 0);
  }

  #report(base: number, count: number, arrivals: ReadonlyMap<number, number>, firstMs: number): Buffer {
    const reference = Math.floor(firstMs / baseTimeMs);
    let previousMs = reference * baseTimeMs;
    const symbols: number[] = [];
    const deltas: Buffer[] = [];
    for (let index = 0; index < count; index++) {
      const atMs = arrivals.get(sequencePlus(base, index));
      const ticks = atMs === undefined ? undefined : deltaTicks(previousMs, atMs);
      if (ticks === undefined || ticks < -0x8000 || ticks > 0x7fff) {
        symbols.push(symbol.lost);
        continue;
      }
      const isSmall = ticks >= 0 && ticks <= 255;
      symbols.push(isSmall ? symbol.smallDelta : symbol.largeDelta);
      const delta = Buffer.alloc(isSmall ? 1 : 2);
      if (isSmall) delta.writeUInt8(ticks);
      else delta.writeInt16BE(ticks);
      deltas.push(delta);
      // From the rounded value: rounding errors must not add up.
      previousMs += ticks * tickMs;
    }
    const header = Buffer.alloc(8);
    header.writeUInt16BE(base, 0);
    header.writeUInt16BE(count, 2);
    header.writeUIntBE(reference & 0xffffff, 4, 3);
    header.writeUInt8(this.#count, 7);
    this.#count = (this.#count + 1) & 0xff;
    const body = Buffer.concat([header, statusChunks(symbols), ...deltas]);
    const padded = Buffer.alloc(Math.ceil(body.length / 4) * 4);
    body.copy(padded);
    return padded;
  }
}
