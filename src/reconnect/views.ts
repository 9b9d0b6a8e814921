import {
  EMPTY,
  type Observable,
  type OperatorFunction,
  ReplaySubject,
  distinctUntilChanged,
  filter,
  map,
  of,
  share,
  switchMap,
} from 'rxjs';
import type { Session } from '../session/session.ts';
import type { CallStep } from './reconnect.ts';

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
      map((step) => (step.kind === 'session' ? step.session : null)),
      filter((session) => session !== null),
    );
}

/**
 * The session that stands now, or null while the call waits and when it is over. Shared: the call is subscribed to once, by the first subscriber, and left
 * with the last; late subscribers get the latest value.
 *
 * @example
 * ```ts
 * const current$ = connect(options).pipe(reconnect(), currentSession());
 * ```
 */
export function currentSession(): OperatorFunction<CallStep, Session | null> {
  return (steps$) =>
    steps$.pipe(
      map((step) => (step.kind === 'session' ? step.session : null)),
      distinctUntilChanged(),
      share({ connector: () => new ReplaySubject<Session | null>(1) }),
    );
}

/**
 * A stream of the session that stands now, switched from session to session; `without` while there is none, or nothing where it is left out. Cold; ends with
 * the call.
 *
 * @example
 * ```ts
 * const roster$ = call$.pipe(fromCurrent((session) => roster(session), null));
 * ```
 */
export function fromCurrent<Value>(select: (session: Session) => Observable<Value>): OperatorFunction<CallStep, Value>;
export function fromCurrent<Value, Without>(
  select: (session: Session) => Observable<Value>,
  without: Without,
): OperatorFunction<CallStep, Value | Without>;
export function fromCurrent<Value>(
  select: (session: Session) => Observable<Value>,
  ...without: readonly Value[]
): OperatorFunction<CallStep, Value> {
  return (steps$) =>
    steps$.pipe(
      map((step) => (step.kind === 'session' ? step.session : null)),
      distinctUntilChanged(),
      switchMap((session) => (session !== null ? select(session) : without.length > 0 ? of(without[0] as Value) : EMPTY)),
    );
}
