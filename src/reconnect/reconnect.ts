import {
  EMPTY,
  NEVER,
  Observable,
  type OperatorFunction,
  Subject,
  concat,
  defer,
  filter,
  ignoreElements,
  merge,
  mergeMap,
  of,
  repeat,
  switchMap,
  take,
  takeWhile,
  tap,
  timer,
} from 'rxjs';
import { quietly } from '../platform/quietly.ts';
import { startClock } from '../session/clock.ts';
import { internalsOf } from '../session/internals.ts';
import type { Session } from '../session/session.ts';
import type { Termination } from '../termination/reason.ts';
import { attach } from '../transports/attach.ts';
import { type ReconnectPolicy, type ResolvedPolicy, decisionFor, isPageHide, resolvePolicy } from './policy.ts';

/** Where a call stands: session after session until it is over. */
export type CallStep =
  | {
      readonly kind: 'session';
      readonly session: Session;
      /** 1 for the first since the call was last connected. */
      readonly attempt: number;
      /** Why the session before it ended; null for the first of the call. */
      readonly previous: Termination | null;
    }
  | {
      readonly kind: 'waiting';
      /** The attempt that will follow. */
      readonly attempt: number;
      /** Milliseconds until it, unless something shortens the wait; while offline, those that follow at most once the network is back. */
      readonly delayMs: number;
      readonly why: 'backoff' | 'offline';
      readonly previous: Termination;
    }
  | {
      readonly kind: 'over';
      readonly termination: Termination;
      /** Attempts since the call was last connected. */
      readonly attempts: number;
    };

/**
 * Turns a session into a call: subscribes to its source anew after each end that the policy calls for, and emits where the call stands. `metadata` as a
 * function therefore gives a fresh token to each attempt.
 *
 * Cold. Completes after one `over`: when the application disconnects, the server refuses or ends the session, or a budget is exhausted. Unsubscribing leaves
 * the call in any state. Errors only for programmer mistakes: a wrong option of `connect()`, a wrong policy, a `decide` that throws.
 *
 * @example
 * ```ts
 * connect(options).pipe(reconnect({ now$: retryClicks$ })).subscribe((step) => console.log(step.kind));
 * ```
 * @source Q76 for the hint; RFC 6455 7.2.3 and AWS Architecture Blog, exponential backoff and full jitter
 */
export function reconnect(policy: ReconnectPolicy = {}): OperatorFunction<Session, CallStep> {
  return (session$) => defer(() => call(session$, resolvePolicy(policy, NEVER)));
}

/** What a call remembers from one session to the next. */
interface Progress {
  attempt: number;
  previous: Termination | null;
  wasConnected: boolean;
  /** Milliseconds at which the call was last connected, or began. */
  since: number;
}

function call(session$: Observable<Session>, policy: ResolvedPolicy): Observable<CallStep> {
  const { elapsed } = startClock();
  const progress: Progress = { attempt: 1, previous: null, wasConnected: false, since: 0 };
  const nowSubject = new Subject<void>();
  let hasEnded = false;

  function session(each: Session): Observable<CallStep> {
    return merge(
      of<CallStep>({ kind: 'session', session: noted(each, progress), attempt: progress.attempt, previous: progress.previous }),
      each.connected$.pipe(
        tap(() => (progress.wasConnected = true)),
        ignoreElements(),
      ),
      each.termination$.pipe(
        tap((termination) => {
          hasEnded = true;
          progress.previous = termination;
        }),
        ignoreElements(),
      ),
    );
  }

  /** One session, and what follows it. A source that completes without a session ends the call. */
  const round$ = defer(() => {
    hasEnded = false;
    progress.wasConnected = false;
    return concat(
      session$.pipe(mergeMap(session)),
      defer(() =>
        hasEnded && progress.previous !== null ? following(progress.previous, progress, policy, nowSubject, elapsed) : of(null),
      ),
    );
  });
  const steps$ = round$.pipe(
    repeat(),
    takeWhile((step) => step !== null && step.kind !== 'over', true),
    filter((step) => step !== null),
  );
  // Listened to for the whole call, so that a value from before a wait does not shorten it.
  return new Observable((subscriber) => {
    subscriber.add(policy.now$.subscribe({ next: () => nowSubject.next(), error: (error: unknown) => subscriber.error(error) }));
    subscriber.add(steps$.subscribe(subscriber));
  });
}

/** The wait for the next attempt, or the end of the call. */
function following(
  previous: Termination,
  progress: Progress,
  policy: ResolvedPolicy,
  now$: Observable<unknown>,
  elapsed: () => number,
): Observable<CallStep> {
  const attempts = progress.attempt;
  const over$ = of<CallStep>({ kind: 'over', termination: previous, attempts });
  const decision = decisionFor(previous, policy);
  if (decision === 'never') return over$;
  if (progress.wasConnected) progress.since = elapsed();
  const attempt = progress.wasConnected ? 1 : attempts + 1;
  const delayMs = Math.round(delayBefore(attempt, decision === 'at-once', progress.wasConnected, policy));
  const isExhausted = attempt > policy.maxAttempts || elapsed() + delayMs - progress.since > policy.maxElapsedMs;
  if (isExhausted) return over$;
  progress.attempt = attempt;
  const waiting = (why: 'backoff' | 'offline'): CallStep => ({ kind: 'waiting', attempt, delayMs, why, previous });
  return waited(waiting, isPageHide(previous) ? NEVER : timer(delayMs), now$, policy);
}

/** Full jitter: at random between nothing and a bound that doubles. A server that was connected gets time to let go of the old session. */
function delayBefore(attempt: number, isAtOnce: boolean, wasConnected: boolean, policy: ResolvedPolicy): number {
  if (isAtOnce && attempt === 1) return 0;
  const bound = Math.min(policy.maxDelayMs, policy.initialDelayMs * 2 ** (attempt - 1));
  return (wasConnected ? policy.settleMs : 0) + policy.random() * bound;
}

/** Emits the wait, and completes when the next attempt may begin: when it is due, or sooner. While offline nothing is tried. */
function waited(
  waiting: (why: 'backoff' | 'offline') => CallStep,
  due$: Observable<unknown>,
  now$: Observable<unknown>,
  { isOnline, page }: ResolvedPolicy,
): Observable<CallStep> {
  const online$ = fromPage(page, 'online');
  // It listens before it emits, as the receiver of the step may want the attempt now.
  function announced(why: 'backoff' | 'offline', over$: Observable<CallStep>): Observable<CallStep> {
    return merge(over$, of(waiting(why)));
  }
  const offline$ = announced('offline', online$.pipe(take(1), ignoreElements()));
  const begin$ = defer(() => (isOnline() ? EMPTY : offline$));
  return defer(() => {
    if (!isOnline()) return offline$;
    return announced(
      'backoff',
      merge(due$, now$, online$, fromPage(page, 'pageshow')).pipe(
        take(1),
        switchMap(() => begin$),
      ),
    );
  });
}

function fromPage(page: ResolvedPolicy['page'], type: string): Observable<unknown> {
  return page === null ? NEVER : new Observable((subscriber) => attach(page, { [type]: (event) => subscriber.next(event) }));
}

/** The timeline of a session says which attempt it is, and what came before. */
function noted(session: Session, { attempt, previous }: Progress): Session {
  const detail = { attempt, ...(previous && { previous: { kind: previous.kind, connectionId: previous.connectionId } }) };
  quietly(() => internalsOf(session).record({ source: 'sdk', kind: 'note', at: 0, what: 'attempt', detail }), undefined); // a mock has no timeline
  return session;
}
