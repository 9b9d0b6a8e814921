import type { Observable, Subscription } from 'rxjs';
import { SoraMediaError } from 'rx-sora/media';

/** One subscriber and everything that it got: values, then `|` or the code of the error. */
export interface Observed<Value> {
  readonly seen: (Value | string)[];
  readonly subscription: Subscription;
}

export function observe<Value>(source$: Observable<Value>): Observed<Value> {
  const seen: (Value | string)[] = [];
  const subscription = source$.subscribe({
    next: (value) => seen.push(value),
    complete: () => seen.push('|'),
    error: (error: unknown) => seen.push(error instanceof SoraMediaError ? `#${error.code}` : `not typed: ${String(error)}`),
  });
  return { seen, subscription };
}

/** Runs an action at each letter of a diagram, in virtual time. */
export function during(
  m: { cold(diagram: string, values: Record<string, () => void>): Observable<() => void> },
  diagram: string,
  actions: Record<string, () => void>,
): void {
  m.cold(diagram, actions).subscribe((run) => run());
}
