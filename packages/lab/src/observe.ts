import type { Observable, Subscription } from 'rxjs';

/** Something that the lab's code did not expect. It shows as a warning of the process, and no connection ends because of it. */
class LabDefect extends Error {
  override readonly name = 'LabDefect';
}

const report = (cause: unknown): void => {
  const defect = new LabDefect(cause instanceof Error ? cause.message : String(cause), { cause });
  if (cause instanceof Error && cause.stack !== undefined) defect.stack = cause.stack;
  process.emitWarning(defect);
};

/**
 * Subscribes one of the lab's parts to another. The lab's own streams never err and its reactions never throw; should one do so, that is a
 * defect of the lab, and what a client sent must not stop the process because of it.
 */
export const observe = <T>(source$: Observable<T>, next: (value: T) => unknown): Subscription =>
  source$.subscribe({
    next: (value) => {
      try {
        next(value);
      } catch (error) {
        report(error);
      }
    },
    error: report,
  });
