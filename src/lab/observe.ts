import type { Observable, Subscription } from 'rxjs';

/**
 * Subscribes one of the lab's parts to another. The lab's own streams never err; should one do so, that is a defect of the lab: it is
 * told as a warning of the process, and no connection ends because of it.
 */
export const observe = <T>(source$: Observable<T>, next: (value: T) => unknown): Subscription =>
  source$.subscribe({
    next: (value) => void next(value),
    error: (error: unknown) => process.emitWarning(error instanceof Error ? error : new Error(String(error))),
  });
