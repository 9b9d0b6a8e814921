/** Numbers that look random and are the same in every run. */
export interface PseudoRandom {
  /** From 0 to 1, 1 excluded. */
  next(): number;
  /** A whole number from 0 to `limit`, `limit` excluded. */
  below(limit: number): number;
  bytes(length: number): Buffer;
}

/** Mulberry32. */
export const pseudoRandom = (seed: number): PseudoRandom => {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return { next, below, bytes: (length) => Buffer.from(Array.from({ length }, () => below(256))) };
};
