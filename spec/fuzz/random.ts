/** Random choices that a seed repeats. */
export interface Random {
  /** 0 to below 1 */
  readonly fraction: () => number;
  /** 0 to below the bound */
  readonly below: (bound: number) => number;
  readonly chance: (probability: number) => boolean;
  readonly pick: <Value>(values: readonly Value[]) => Value;
}

/** Mulberry32: small, quick, and good enough to choose with. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (bound: number): number => Math.floor(fraction() * bound);
  return {
    fraction,
    below,
    chance: (probability) => fraction() < probability,
    pick: <Value>(values: readonly Value[]): Value => {
      if (values.length === 0) throw new RangeError('nothing to choose from');
      return values[below(values.length)] as Value;
    },
  };
}
