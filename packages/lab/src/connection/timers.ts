import { interval, NEVER, of, timer, type Observable } from 'rxjs';

/** Emits every `periodMs`; never where it is 0. */
export function intervalOrNever(periodMs: number): Observable<unknown> {
  return periodMs === 0 ? NEVER : interval(periodMs);
}

/** Emits once after `ms`; never where it is 0. */
export function timerOrNever(ms: number): Observable<unknown> {
  return ms === 0 ? NEVER : timer(ms);
}

/** Emits once after `ms`; synchronously where it is 0, so that messages keep their order. */
export function delay(ms: number): Observable<unknown> {
  return ms === 0 ? of(0) : timer(ms);
}
