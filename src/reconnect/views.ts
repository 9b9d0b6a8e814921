import {
  EMPTY,
  type Observable,
  type OperatorFunction,
  ReplaySubject,
  defer,
  distinctUntilChanged,
  filter,
  map,
  merge,
  of,
  share,
  switchMap,
  tap,
} from 'rxjs';
import type { Session } from '../session/session.ts';
import type { CallStep } from './call-step.ts';

/**
 * The sessions of a call, one after the other. Cold; ends and errors with the call.
 *
 * @example
 * ```ts
 * call$.pipe(sessions(), terminations()).subscribe((t) => console.log(t.kind));
 * ```
 */
export function sessions(): OperatorFunction<CallStep, Session> {
  return (steps$) =>
    steps$.pipe(
      map(sessionIn),
      filter((session) => session !== null),
    );
}

/**
 * The session that stands now, or null: before the first, while the call waits, and when it is over. Shared: the call is subscribed to once, by the first
 * subscriber, and left with the last; late subscribers get the latest value, also after the end. Ends and errors with the call. A null in the source says that
 * there is no call now.
 *
 * @example
 * ```ts
 * const current$ = connect(options).pipe(reconnect(), currentSession());
 * ```
 */
export function currentSession(): OperatorFunction<CallStep | null, Session | null> {
  return (steps$) => standing(steps$).pipe(share({ connector: () => new ReplaySubject<Session | null>(1), resetOnComplete: false }));
}

/**
 * A stream of the session that stands now, switched from session to session; `without` while there is none, or nothing where it is left out. It works on the
 * steps of a call and on what `currentSession()` gives. Cold; ends with the call.
 *
 * A session is taken over before it opens anything, so none of its events is lost.
 *
 * @example
 * ```ts
 * const roster$ = current$.pipe(fromCurrent((session) => roster(session), null));
 * ```
 */
export function fromCurrent<Value>(select: (session: Session) => Observable<Value>): OperatorFunction<CallStep | Session | null, Value>;
export function fromCurrent<Value, Without>(
  select: (session: Session) => Observable<Value>,
  without: Without,
): OperatorFunction<CallStep | Session | null, Value | Without>;
export function fromCurrent<Value>(
  select: (session: Session) => Observable<Value>,
  ...without: readonly Value[]
): OperatorFunction<CallStep | Session | null, Value> {
  return (steps$) => standing(steps$).pipe(switchMap((session) => (session === null ? of(...without) : select(session))));
}

/** The session that stands, then every change. Null comes first only where no session came in the call of `subscribe`. */
function standing(steps$: Observable<CallStep | Session | null>): Observable<Session | null> {
  return defer(() => {
    let isKnown = false;
    return merge(
      steps$.pipe(
        tap(() => (isKnown = true)),
        map(sessionIn),
      ),
      defer(() => (isKnown ? EMPTY : of(null))),
    ).pipe(distinctUntilChanged());
  });
}

function sessionIn(step: CallStep | Session | null): Session | null {
  if (step === null || !('kind' in step)) return step;
  return step.kind === 'session' ? step.session : null;
}
