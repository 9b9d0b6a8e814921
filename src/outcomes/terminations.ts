import { type OperatorFunction, mergeMap } from 'rxjs';
import type { Session } from '../session/session.ts';
import type { Termination } from '../termination/reason.ts';

/**
 * The reasons why sessions ended, of every session of the source. Cold; completes when the source has and every session has ended.
 *
 * @example
 * ```ts
 * connect(options).pipe(terminations()).subscribe((t) => console.log(describeTermination(t)));
 * ```
 */
export function terminations(): OperatorFunction<Session, Termination> {
  return mergeMap(({ termination$ }) => termination$);
}
