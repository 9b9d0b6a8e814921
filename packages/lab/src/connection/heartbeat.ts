import { EMPTY, interval, map, merge, NEVER, of, switchMap, take, timer, type Observable } from 'rxjs';
import type { LabSettings } from '../lab-options.ts';

/** What the clock asks of a connection. */
export type Beat = { readonly kind: 'ping'; readonly stats: boolean } | { readonly kind: 'pong-timeout' };

/** Pings as they are due, and at last the end when no pong came for too long. Cold; without pings it is silent. */
export function heartbeat(
  settings: Pick<LabSettings, 'pingIntervalMs' | 'pongTimeoutMs' | 'pingStatsEvery'>,
  pong$: Observable<unknown>,
): Observable<Beat> {
  const { pingIntervalMs, pongTimeoutMs, pingStatsEvery } = settings;
  if (pingIntervalMs === 0) return EMPTY;
  const pings$ = interval(pingIntervalMs).pipe(
    map((index): Beat => ({ kind: 'ping', stats: pingStatsEvery > 0 && (index + 1) % pingStatsEvery === 0 })),
  );
  const timeout$ = merge(of(undefined), pong$).pipe(
    switchMap(() => (pongTimeoutMs === 0 ? NEVER : timer(pongTimeoutMs))),
    take(1),
    map((): Beat => ({ kind: 'pong-timeout' })),
  );
  return merge(pings$, timeout$);
}

/** Emits every `periodMs`; 0 never. */
export function every(periodMs: number): Observable<unknown> {
  return periodMs === 0 ? NEVER : interval(periodMs);
}

/** Emits once after `ms`; 0 never. */
export function after(ms: number): Observable<unknown> {
  return ms === 0 ? NEVER : timer(ms);
}
