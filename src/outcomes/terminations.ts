import { EMPTY, type OperatorFunction, mergeMap } from 'rxjs';
import type { CallStep } from '../reconnect/call-step.ts';
import type { Session } from '../session/session.ts';
import type { Termination } from '../termination/reason.ts';

/**
 * Why the sessions of the source ended, of each session or of each step of a call. Cold; completes when the source has completed and every session has ended.
 *
 * Leaving causes an end too. It is emitted where the source is left by an operator before this one, such as `takeUntil`, as this one is then still subscribed.
 *
 * @example
 * ```ts
 * connect(options).pipe(reconnect(), takeUntil(leave$), terminations()).subscribe((t) => console.log(describeTermination(t)));
 * ```
 */
export function terminations(): OperatorFunction<Session | CallStep, Termination> {
  return mergeMap((each) => {
    if (!('kind' in each)) return each.termination$;
    return each.kind === 'session' ? each.session.termination$ : EMPTY;
  });
}
