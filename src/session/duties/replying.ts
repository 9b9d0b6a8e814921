import { EMPTY, type Observable, catchError, concatMap, map, merge, mergeMap, of, switchMap } from 'rxjs';
import { call } from '../../operators/call.ts';
import type { SessionInput } from '../input.ts';
import { acted } from '../received.ts';
import type { SessionContext } from '../session-context.ts';

/**
 * Every ping gets its pong, with statistics where it asks for them, over the transport it came from; every `req-stats` its `stats`. An answer
 * that cannot be sent ends nothing: the server will notice.
 */
export function replying(context: SessionContext): Observable<SessionInput> {
  const received$ = context.of('received');
  // Statistics that take their time must hold up no other pong: a server that gets none for a while ends the session.
  const pongs$ = acted(received$, 'ping').pipe(
    mergeMap(({ message, received }) =>
      (message.stats === true ? statistics(context) : of(null)).pipe(
        switchMap((stats) =>
          context.send(
            received.via,
            stats === null ? { type: 'pong' } : ({ type: 'pong', stats } as { readonly type: string }),
            received.label,
          ),
        ),
        catchError(() => EMPTY),
      ),
    ),
  );
  const stats$ = acted(received$, 'req-stats').pipe(
    concatMap(({ received }) =>
      statistics(context).pipe(
        switchMap((reports) =>
          context.send(received.via, { type: 'stats', reports: reports ?? [] } as { readonly type: string }, received.label),
        ),
        catchError(() => EMPTY),
      ),
    ),
  );
  return merge(pongs$, stats$);
}

/** The statistics of the peer connection as a flat list; null where they cannot be had. @source W3C WebRTC 8.5 */
function statistics({ live }: SessionContext): Observable<readonly unknown[] | null> {
  return call<{ values?: () => Iterable<unknown> } | undefined>(() => live.peerConnection?.getStats?.()).pipe(
    map((report) => [...(report?.values?.() ?? [])]),
    catchError(() => of(null)),
  );
}
