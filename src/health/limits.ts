import { delayMs, groupOf, integerFrom, numberFrom } from '../session/option-check.ts';

/** From where on a call is unstable. Every member has a default. */
export interface HealthLimits {
  /** Packets lost of all, in either direction, over five seconds. Default: 0.1. */
  readonly lossRatio?: number | undefined;
  /** Round trip in milliseconds, for two seconds. Default: 500. */
  readonly roundTripMs?: number | undefined;
  /** The server's `unstable_level` of `network.status`, 1 to 3. Default: 1. */
  readonly networkLevel?: number | undefined;
}

/** Limits with their defaults. */
export type ResolvedLimits = { readonly [Name in keyof HealthLimits]-?: Exclude<HealthLimits[Name], undefined> };

const check = groupOf<HealthLimits>({ lossRatio: numberFrom(0, 1), roundTripMs: delayMs, networkLevel: integerFrom(1, 3) });

/** @throws SoraOptionsError for a wrong member */
export const resolveLimits = (limits: HealthLimits): ResolvedLimits => ({
  lossRatio: 0.1,
  roundTripMs: 500,
  networkLevel: 1,
  ...check(limits, ''),
});
