import { type CallStep, type RemoteStream, type Session, connect, reconnect } from 'rx-sora';
import { type Observable, catchError, concat, defer, map, merge, of, switchMap, takeWhile } from 'rxjs';
import { connectOptions } from '../form/connect-options.ts';
import { type FormState, type Side, sideValue } from '../form/form-state.ts';
import { localMedia } from '../media/local-media.ts';

/** What happens to a side, from the press of its button on. */
export type CallEvent =
  | { readonly kind: 'media'; readonly stream: MediaStream | null }
  /** Comes before anything is opened. */
  | { readonly kind: 'session'; readonly session: Session }
  /** The server has named the connection. */
  | { readonly kind: 'named'; readonly connectionId: string }
  | { readonly kind: 'remote'; readonly streams: readonly RemoteStream[] }
  | { readonly kind: 'waiting'; readonly delayMs: number; readonly attempt: number }
  | { readonly kind: 'over' }
  | { readonly kind: 'failed'; readonly error: unknown };

/**
 * Gets the media of a side, connects it, and where the form says so again and again. Cold; unsubscribing leaves at once and stops the media. Completes after
 * `over` or `failed`, never errors.
 */
export function callOf(state: FormState, side: Side, ownUrl: string): Observable<CallEvent> {
  return defer(() => {
    // A form that cannot be read must not ask for a camera.
    const options = connectOptions(state, side, ownUrl);
    const isPersistent = sideValue(state, side, 'reconnect') === '1';
    return localMedia(state, side).pipe(
      switchMap((stream) => {
        const session$ = connect({ ...options, ...(stream !== null && { stream }) });
        const step$: Observable<CallStep | Pick<CallStep & { readonly kind: 'session' }, 'kind' | 'session'>> = isPersistent
          ? session$.pipe(reconnect())
          : session$.pipe(map((session) => ({ kind: 'session' as const, session })));
        return concat(
          of<CallEvent>({ kind: 'media', stream }),
          step$.pipe(
            switchMap((step): Observable<CallEvent> => {
              if (step.kind === 'waiting') return of({ kind: 'waiting', delayMs: step.delayMs, attempt: step.attempt });
              return step.kind === 'session' ? eventsOf(step.session) : of({ kind: 'over' });
            }),
          ),
          of<CallEvent>({ kind: 'over' }),
        );
      }),
      takeWhile(({ kind }) => kind !== 'over', true),
    );
  }).pipe(catchError((error: unknown) => of<CallEvent>({ kind: 'failed', error })));
}

function eventsOf(session: Session): Observable<CallEvent> {
  return merge(
    of<CallEvent>({ kind: 'session', session }),
    session.offer$.pipe(map((offer): CallEvent => ({ kind: 'named', connectionId: offer.connection_id }))),
    session.remoteStreams$.pipe(map((streams): CallEvent => ({ kind: 'remote', streams }))),
  );
}
