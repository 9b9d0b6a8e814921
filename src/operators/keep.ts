import type { Observable, Subscription } from 'rxjs';

/** Subscribes a stream for its effects or its memory. Streams of a session do not fail; one that does has nobody to tell. */
export function keep(stream$: Observable<unknown>): Subscription {
  return stream$.subscribe({ error: () => undefined });
}
