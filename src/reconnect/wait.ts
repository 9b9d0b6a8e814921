import { NEVER, Observable, defer, distinctUntilChanged, filter, map, merge, of, takeWhile, timer } from 'rxjs';
import { attach } from '../transports/attach.ts';
import type { ResolvedPolicy } from './policy.ts';

/** Why a call waits, or that it waits no more because its time is up. */
export type WaitState = 'backoff' | 'offline' | 'exhausted';

/** How long a call waits, in milliseconds. */
export interface WaitLimits {
  /** Until the attempt is due; null where only an event makes it due. */
  readonly dueMs: number | null;
  /** Until no attempt may begin any more; null where there is no limit. */
  readonly leftMs: number | null;
}

/**
 * A wait: its state, then every change. Completes when an attempt may begin, and with `exhausted` when none may. `now$`, `online` and a return from the
 * back-forward cache make the attempt due; while offline it does not begin.
 *
 * @source WHATWG HTML, `online`, `offline` and `pageshow` events
 */
export function wait({ dueMs, leftMs }: WaitLimits, now$: Observable<unknown>, { isOnline, page }: ResolvedPolicy): Observable<WaitState> {
  const unlessOffline = <State>(state: State) => map((): State | 'offline' => (isOnline() ? state : 'offline'));
  const isDue$ = merge(timerOf(dueMs), now$, fromPage(page, 'online'), returned(page));
  return merge(
    isDue$.pipe(unlessOffline('begin' as const)),
    fromPage(page, 'offline').pipe(unlessOffline('backoff' as const)),
    timerOf(leftMs).pipe(map(() => 'exhausted' as const)),
    // Last, so that it listens before it emits: the receiver of the state may want the attempt now.
    defer(() => of(null)).pipe(unlessOffline('backoff' as const)),
  ).pipe(
    distinctUntilChanged(),
    takeWhile((state) => state !== 'begin'),
    takeWhile((state) => state !== 'exhausted', true),
  );
}

function timerOf(ms: number | null): Observable<unknown> {
  return ms === null ? NEVER : timer(ms);
}

function fromPage(page: ResolvedPolicy['page'], type: string): Observable<object> {
  return page === null ? NEVER : new Observable((subscriber) => attach(page, { [type]: (event: object) => subscriber.next(event) }));
}

/** The page is back from the back-forward cache. The first `pageshow` of a page, which says `persisted: false`, is another thing. */
function returned(page: ResolvedPolicy['page']): Observable<unknown> {
  return fromPage(page, 'pageshow').pipe(filter((event: { readonly persisted?: unknown }) => event.persisted !== false));
}
