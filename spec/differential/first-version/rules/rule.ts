import { type Observable, NEVER, catchError, concat, filter, map, of, take } from 'rxjs';
import type { ClientDisconnect, Reason } from '../reason.ts';
import type { Step } from '../steps.ts';

/** Why the session ends, before it is known how the end went. */
export type Cause = Exclude<Reason, ClientDisconnect> | Pick<ClientDisconnect, 'kind' | 'trigger'>;

/**
 * A stream fit for the contest: its first value only, and no end before that.
 *
 * `race` ends with whichever entrant ends first, so a rule whose source completes must stay silent instead, and a rule that throws must say
 * so as a cause.
 */
export function entrant(cause$: Observable<Cause>): Observable<Cause> {
  return concat(
    cause$.pipe(
      take(1),
      catchError((error: unknown) => of(defect(error))),
    ),
    NEVER,
  ).pipe(take(1));
}

/** The rule that matches the first step for which `causeOf` has an answer. */
export function onStep(steps$: Observable<Step>, causeOf: (step: Step) => Cause | null): Observable<Cause> {
  return steps$.pipe(
    map(causeOf),
    filter((cause) => cause !== null),
  );
}

function defect(error: unknown): Cause {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { kind: 'internal-error', where: 'termination', name, message };
}
