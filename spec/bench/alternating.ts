import { type Sdk, sdks } from './sdk.ts';

/**
 * Measures both in turn, the other one first in every second round, and throws the first rounds away. What drifts while it runs, and what one
 * leaves to the next, then hits both alike.
 */
export async function alternating<Sample>(
  rounds: { readonly warmUp: number; readonly counted: number },
  measure: (sdk: Sdk) => Promise<Sample>,
): Promise<Readonly<Record<Sdk, readonly Sample[]>>> {
  const samples: Record<Sdk, Sample[]> = { rxSora: [], official: [] };
  for (let round = 0; round < rounds.warmUp + rounds.counted; round += 1) {
    for (const sdk of round % 2 === 0 ? sdks : sdks.toReversed()) {
      const sample = await measure(sdk);
      if (round >= rounds.warmUp) samples[sdk].push(sample);
    }
  }
  return samples;
}

/** One number of each sample. */
export const each = <Sample>(
  samples: Readonly<Record<Sdk, readonly Sample[]>>,
  number: (sample: Sample) => number,
): Readonly<Record<Sdk, readonly number[]>> => ({ rxSora: samples.rxSora.map(number), official: samples.official.map(number) });
