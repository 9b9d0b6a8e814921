import { type MonoTypeOperatorFunction, type Observable, distinctUntilChanged, filter, map, merge, scan, takeWhile } from 'rxjs';
import type { CallStep } from '../index.ts';

/** Ends a call that is left instead of waiting for its next attempt, whatever the policy would have tried. */
export function untilLeft(leave$: Observable<void>): MonoTypeOperatorFunction<CallStep> {
  return (steps$) =>
    merge(leave$, steps$).pipe(
      scan((before, step): Progress => (step === undefined ? { ...before, isLeft: true } : { ...before, step }), {
        step: null,
        isLeft: false,
      } as Progress),
      map(({ step, isLeft }) => (isLeft && step?.kind === 'waiting' ? over(step) : step)),
      filter((step) => step !== null),
      distinctUntilChanged(),
      takeWhile(({ kind }) => kind !== 'over', true),
    );
}

interface Progress {
  readonly step: CallStep | null;
  readonly isLeft: boolean;
}

const over = ({ previous, attempt }: CallStep & { readonly kind: 'waiting' }): CallStep => ({
  kind: 'over',
  termination: previous,
  attempts: attempt - 1,
});
