import type { Observable, Subscription } from 'rxjs';

/** A defect of the lab. It shows as a warning of the process and ends no connection. */
class LabDefect extends Error {
  override readonly name = 'LabDefect';
}

const report = (cause: unknown): void => {
  const defect = new LabDefect(cause instanceof Error ? cause.message : String(cause), { cause });
  if (cause instanceof Error && cause.stack !== undefined) defect.stack = cause.stack;
  process.emitWarning(defect);
};

/**
 * Subscribes one part of the lab to another. The lab's own streams never error and its handlers never throw. If one does, that is a defect of the
 * lab, and a message of a client must not stop the process because of it.
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
