import {
  EMPTY,
  Observable,
  type OperatorFunction,
  Subject,
  concat,
  concatMap,
  defer,
  map,
  merge,
  of,
  repeat,
  switchMap,
  takeLast,
  takeWhile,
} from 'rxjs';
import { quietly } from '../platform/quietly.ts';
import { startClock } from '../session/clock.ts';
import { internalsOf } from '../session/internals.ts';
import type { Session } from '../session/session.ts';
import type { Termination } from '../termination/reason.ts';
import type { CallStep } from './call-step.ts';
import { type Attempt, attemptAfter } from './next-attempt.ts';
import { type ReconnectPolicy, type ResolvedPolicy, isPageHide, resolvePolicy } from './policy.ts';
import { wait } from './wait.ts';

/**
 * Turns a session into a call: subscribes to its source anew after each end that the policy calls for, and emits where the call stands. `metadata` as a
 * function therefore gives a fresh token to each attempt.
 *
 * Cold: each subscriber has a call of its own, so share it among views. Completes after one `over`: when the application disconnects, the server refuses or
 * ends the session, or a budget is exhausted; a source that completes without a session completes the call. Unsubscribing leaves the call in any state. Errors
 * only for programmer mistakes: a wrong option of `connect()`, a wrong policy, a `decide` that throws.
 *
 * @example
 * ```ts
 * connect(options).pipe(reconnect({ now$: retryClicks$ })).subscribe((step) => console.log(step.kind));
 * ```
 * @source Q76 for the hint that decides
 */
export function reconnect(policy: ReconnectPolicy = {}): OperatorFunction<Session, CallStep> {
  return (session$) =>
    defer(() => {
      const resolved = resolvePolicy(policy);
      return beside(resolved.now$, (now$) => call(session$, now$, resolved));
    });
}

type SessionStep = Extract<CallStep, { kind: 'session' }>;

function call(session$: Observable<Session>, now$: Observable<unknown>, policy: ResolvedPolicy): Observable<CallStep> {
  const { elapsed } = startClock();
  let attempt: Attempt = { number: 1, sinceMs: 0, isAtOnce: false };
  /** The number of the last attempt that brought a session. */
  let attempts = 0;
  let previous: Termination | null = null;
  let goesOn = false;

  const over = (termination: Termination): CallStep => ({ kind: 'over', termination, attempts });

  /** A session, and its end as a value: with the completion of `termination$`, when everybody who listens to it has got it. */
  function lived(session: Session): Observable<SessionStep | Termination> {
    const step: SessionStep = { kind: 'session', session, attempt: attempt.number, previous };
    attempts = attempt.number;
    note(step);
    return merge(of(step), session.termination$.pipe(takeLast(1)));
  }

  /** What follows the end of a session: a wait for the next attempt, or the end of the call. */
  function following(ended: Termination): Observable<CallStep> {
    const next = attemptAfter(ended, attempt, elapsed(), policy);
    if (next === null) return of(over(ended));
    const { number, delayMs, leftMs } = next;
    attempt = next;
    goesOn = true;
    // No script runs in the back-forward cache, and a page that does not return needs no attempt.
    const limits = isPageHide(ended) ? { dueMs: null, leftMs: null } : { dueMs: delayMs, leftMs };
    return wait(limits, now$, policy).pipe(
      map((state): CallStep => {
        if (state !== 'exhausted') return { kind: 'waiting', attempt: number, delayMs, why: state, previous: ended };
        goesOn = false;
        return over(ended);
      }),
    );
  }

  const round$ = defer(() => {
    let count = 0;
    let hasEnded = false;
    goesOn = false;
    return concat(
      session$.pipe(
        switchMap((session) => {
          count += 1;
          // The source took back its session for another one, which is no attempt to come back.
          if (count > 1) attempt = { number: 1, sinceMs: elapsed(), isAtOnce: false };
          return lived(session);
        }),
        takeWhile((each) => each.kind === 'session' || isTakenBack(each), true),
        concatMap((each): Observable<CallStep> => {
          if (each.kind === 'session') return of(each);
          previous = each;
          hasEnded = !isTakenBack(each);
          return hasEnded ? following(each) : EMPTY;
        }),
      ),
      // The source completed and brought no session to come back from.
      defer(() => (hasEnded || previous === null ? EMPTY : of(over(previous)))),
    );
  });
  return round$.pipe(repeat({ delay: () => (goesOn ? of(null) : EMPTY) }));
}

/** The source itself unsubscribed from its session. Whether another one comes is for the source to say. */
const isTakenBack = (termination: Termination): boolean =>
  termination.kind === 'client-disconnect' && termination.trigger === 'unsubscribe';

/** Commands are listened to for the whole call, so that one from before a wait does not shorten it. */
function beside(now$: Observable<unknown>, use: (now$: Observable<unknown>) => Observable<CallStep>): Observable<CallStep> {
  return new Observable((subscriber) => {
    const nowSubject = new Subject<void>();
    subscriber.add(now$.subscribe({ next: () => nowSubject.next(), error: (error: unknown) => subscriber.error(error) }));
    if (!subscriber.closed) subscriber.add(use(nowSubject).subscribe(subscriber));
  });
}

/** The timeline of a session says which attempt it is, and what came before. */
function note({ session, attempt, previous }: SessionStep): void {
  const detail = { attempt, ...(previous && { previous: { kind: previous.kind, connectionId: previous.connectionId } }) };
  quietly(() => internalsOf(session).record({ source: 'sdk', kind: 'note', at: 0, what: 'attempt', detail }), undefined); // a mock has no timeline
}
