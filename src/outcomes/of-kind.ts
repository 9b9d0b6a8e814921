import { type OperatorFunction, filter } from 'rxjs';
import type { Termination, TerminationKind, TerminationOf } from '../termination/reason.ts';

/**
 * Keeps the terminations of some kinds, each narrowed to the fields of its kind. Cold; ends and errors with the source.
 *
 * @example
 * ```ts
 * session.termination$.pipe(ofKind('server-close')).subscribe(({ code, reason }) => console.log(code, reason));
 * ```
 */
export function ofKind<Kind extends TerminationKind>(...kinds: readonly Kind[]): OperatorFunction<Termination, TerminationOf<Kind>> {
  const wanted = new Set<TerminationKind>(kinds);
  return filter((termination): termination is TerminationOf<Kind> => wanted.has(termination.kind));
}
