import { type MonoTypeOperatorFunction, type Observable, distinctUntilChanged, filter, map, merge, scan, takeWhile } from 'rxjs';
import type { CallStep } from '../index.ts';

/** Ends a call that is left instead of waiting for its next attempt, whatever the policy would have tried. */
export function untilLeft(leave$: Observable<void>): MonoTypeOperatorFunction<CallStep> {
  return (steps$) =>
    merge(leave$, steps$).pipe(
      scan(
        (before: Progress, step): Progress => {
          if (step === undefined) return { ...before, isLeft: true };
          return { ...before, step, attempts: step.kind === 'session' ? step.attempt : before.attempts };
        },
        { step: null, attempts: 0, isLeft: false },
      ),
      map(({ step, attempts, isLeft }): CallStep | null =>
        isLeft && step?.kind === 'waiting' ? { kind: 'over', termination: step.previous, attempts } : step,
      ),
      filter((step) => step !== null),
      distinctUntilChanged(),
      takeWhile(({ kind }) => kind !== 'over', true),
    );
}

interface Progress {
  readonly step: CallStep | null;
  /** The number of the last attempt that brought a session. */
  readonly attempts: number;
  readonly isLeft: boolean;
}
