import { EMPTY, filter, interval, map, merge, NEVER, of, Subject, switchMap, take, timer, type Observable } from 'rxjs';
import type { ShapingFaults } from '../faults/shaping-faults.ts';
import type { LabSettings } from '../lab-options.ts';

/** A ping is due, or no pong has arrived for too long. */
export type KeepAliveEvent = { readonly kind: 'ping'; readonly stats: boolean } | { readonly kind: 'pong-timeout' };

type KeepAliveSettings = Pick<LabSettings, 'pingIntervalMs' | 'pongTimeoutMs' | 'pingStatsEvery'>;

/** Pings as they fall due, and the timeout once no pong has arrived for too long. Cold; completes at once where pings are turned off. */
export function keepAliveEvents(settings: KeepAliveSettings, pong$: Observable<unknown>): Observable<KeepAliveEvent> {
  const { pingIntervalMs, pongTimeoutMs, pingStatsEvery } = settings;
  if (pingIntervalMs === 0) return EMPTY;
  const pings$ = interval(pingIntervalMs).pipe(
    map((index): KeepAliveEvent => ({ kind: 'ping', stats: pingStatsEvery > 0 && (index + 1) % pingStatsEvery === 0 })),
  );
  const timeout$ = merge(of(undefined), pong$).pipe(
    switchMap(() => (pongTimeoutMs === 0 ? NEVER : timer(pongTimeoutMs))),
    take(1),
    map((): KeepAliveEvent => ({ kind: 'pong-timeout' })),
  );
  return merge(pings$, timeout$);
}

/** The keep-alive of one connection's WebSocket, with the faults that withhold pings or ignore pongs. */
export class KeepAlive {
  readonly #shaping: ShapingFaults;
  readonly #pongSubject = new Subject<void>();

  /** Cold; pings start with the subscription and stop with it. */
  readonly event$: Observable<KeepAliveEvent>;

  constructor(settings: KeepAliveSettings, shaping: ShapingFaults) {
    this.#shaping = shaping;
    this.event$ = keepAliveEvents(settings, this.#pongSubject).pipe(
      filter(({ kind }) => kind === 'pong-timeout' || !shaping.has('ping-withheld')),
    );
  }

  /** The client answered a ping. */
  pong(): void {
    if (!this.#shaping.has('pong-ignored')) this.#pongSubject.next();
  }
}
