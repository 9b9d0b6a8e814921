import { EMPTY, type MonoTypeOperatorFunction, merge, mergeMap, of, throwError } from 'rxjs';
import { SoraTerminatedError } from '../session/terminated-error.ts';
import type { Session } from '../session/session.ts';
import { isNormal } from '../termination/derived.ts';

/**
 * Turns an abnormal end of a session into an error, a {@link SoraTerminatedError} that carries the Termination, for users of `retry` and
 * `catchError`. A normal end stays a completion. Cold; emits every session of the source.
 *
 * @example
 * ```ts
 * connect(options).pipe(failOnAbnormalEnd(), retry({ count: 3, delay: 1000 })).subscribe(show);
 * ```
 */
export function failOnAbnormalEnd(): MonoTypeOperatorFunction<Session> {
  return mergeMap((session) =>
    merge(
      of(session),
      session.termination$.pipe(
        mergeMap((termination) => (isNormal(termination) ? EMPTY : throwError(() => new SoraTerminatedError(termination)))),
      ),
    ),
  );
}
