import type { Termination } from '../termination/reason.ts';
import type { TimelineEntry } from '../timeline/timeline.ts';
import { winnerOf } from './winner.ts';

/**
 * The vendor's rules under which a session ended, such as `T09`, or `T18 T19` for what was sent and what was waited for; empty while it has not ended. Pure.
 *
 * @param entries of `timeline(session)`, or of a recording, in order
 * @param termination the value of `termination$`; without it the rules are concluded from the entries, as far as they say
 * @example
 * ```ts
 * timeline(session).pipe(toArray()).subscribe((entries) => console.log(terminationRules(entries))); // T09
 * ```
 * @source T01-T29
 */
export function terminationRules(entries: readonly TimelineEntry[], termination?: Termination): string {
  return winnerOf(entries, termination)?.rules ?? '';
}
