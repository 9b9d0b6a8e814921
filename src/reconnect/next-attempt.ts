import type { Termination } from '../termination/reason.ts';
import { type ResolvedPolicy, decisionFor } from './policy.ts';

/** An attempt of a call to have a session. */
export interface Attempt {
  /** 1 for the first since the call was last connected. */
  readonly number: number;
  /** Milliseconds on the clock of the call at which it was last connected, or began. */
  readonly sinceMs: number;
  /** It was made without a wait. */
  readonly isAtOnce: boolean;
}

/** An attempt that is yet to be made. */
export interface NextAttempt extends Attempt {
  /** From the end of the session before. */
  readonly delayMs: number;
  /** What is left of the budget of time, from the same moment. */
  readonly leftMs: number;
}

/** The attempt after this end, or null where the call is over. Throws what the policy throws. */
export function attemptAfter(ended: Termination, last: Attempt, nowMs: number, policy: ResolvedPolicy): NextAttempt | null {
  const decision = decisionFor(ended, policy);
  if (decision === 'never') return null;
  const { connectedAt, causeAt } = ended;
  const wasConnected = connectedAt !== null;
  const number = wasConnected ? 1 : last.number + 1;
  const sinceMs = wasConnected ? nowMs : last.sinceMs;
  // An attempt without a wait that did not last is no reason for another one: that would be a storm.
  const lasted = wasConnected && causeAt - connectedAt >= policy.settleMs;
  const isAtOnce = decision === 'at-once' && (lasted || !last.isAtOnce);
  const delayMs = isAtOnce ? 0 : Math.round(backoffMs(number, policy) + (wasConnected ? policy.settleMs : 0));
  const leftMs = policy.maxElapsedMs - (nowMs - sinceMs);
  return number > policy.maxAttempts || delayMs > leftMs ? null : { number, sinceMs, isAtOnce, delayMs, leftMs };
}

/**
 * Full jitter: at random between nothing and a bound that doubles.
 *
 * @source AWS Architecture Blog, exponential backoff and jitter
 */
function backoffMs(attempt: number, { initialDelayMs, maxDelayMs, random }: ResolvedPolicy): number {
  return random() * Math.min(maxDelayMs, initialDelayMs * 2 ** Math.min(attempt - 1, 31));
}
