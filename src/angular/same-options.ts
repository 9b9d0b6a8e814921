import type { SoraOptions } from './provide-sora.ts';

/** Whether options describe the same call: equal member by member. A signal that was read and changed nothing must not end a call. */
export function sameOptions(one: SoraOptions | null, other: SoraOptions | null): boolean {
  if (one === null || other === null) return one === other;
  const names = Object.keys({ ...one, ...other }) as (keyof SoraOptions)[];
  return names.every((name) => Object.is(one[name], other[name]));
}
