import { ErrorHandler, Injector, NgZone, type Signal, computed, inject, untracked } from '@angular/core';
import { toObservable, toSignal } from '@angular/core/rxjs-interop';
import {
  EMPTY,
  type Observable,
  type OperatorFunction,
  ReplaySubject,
  Subject,
  catchError,
  concat,
  distinctUntilChanged,
  identity,
  map,
  of,
  repeat,
  scan,
  share,
  switchMap,
} from 'rxjs';
import {
  type CallStep,
  type ConnectOptions,
  type DataMessage,
  type RemoteStream,
  type Roster,
  type Session,
  type SessionState,
  SoraSendError,
  type Termination,
  connect,
  roster,
} from '../index.ts';
import { afterFirstRender } from './after-first-render.ts';
import { outside } from './outside.ts';
import { SORA_DEFAULTS, type SoraDefaults, type SoraOptions } from './provide-sora.ts';
import { sameOptions } from './same-options.ts';
import { untilLeft } from './until-left.ts';

/** Where a call stands: the state of its session, `waiting` between two sessions, `over` at its end; `idle` without a call. */
export type CallState = SessionState | 'waiting' | 'over';

/**
 * A call as signals, which can be read anywhere and keep their last value when whoever injected the call is destroyed. Except for `step` and `session`, a
 * signal is made when it is first asked for; until then nothing is subscribed to for it.
 */
export interface SoraCall {
  /** The latest step of the call; null without a call, and on a server. */
  readonly step: Signal<CallStep | null>;
  /** The session that stands now; null while the call waits and when it is over. */
  readonly session: Signal<Session | null>;
  /** Where the call stands, for a line of text; `step` has the details. */
  readonly state: Signal<CallState>;
  /** Why the last session of the call ended, until the call is connected again; null as long as none ended. */
  readonly termination: Signal<Termination | null>;
  /** What other connections send; empty while no session stands. */
  readonly remoteStreams: Signal<readonly RemoteStream[]>;
  /** Who is in the channel; empty while no session stands. */
  readonly roster: Signal<Roster>;
  /**
   * The last messages of a channel of the application since this method was first called with its label, oldest first, through every session of a call;
   * empty again with another call. The same signal for every use of a label.
   *
   * @param keep how many messages, by the first use of the label; 100 by default
   */
  messages(label: string, keep?: number): Signal<readonly DataMessage[]>;
  /**
   * A stream of the session that stands now, as a signal: any function of a session. `without` is its value before the first one, and while no session stands. Makes
   * a signal with each call, which lives as long as the call; not for templates.
   *
   * @example
   * ```ts
   * readonly network = this.call.follow((session) => networkStatus(session), null);
   * ```
   */
  follow<Value, Without>(select: (session: Session) => Observable<Value>, without: Without): Signal<Value | Without>;
  /** Ends a wait. A call that is over begins anew. */
  retryNow(): void;
  /**
   * Ends the call, whatever the policy would do next; `step` becomes `over`. Resolves with why its last session ended, or null where there is no call. Other
   * options or `retryNow()` begin a call again.
   */
  leave(): Promise<Termination | null>;
  /** `send()` of the session that stands now; rejects with a SoraSendError where there is none. */
  send(label: string, data: Uint8Array | ArrayBuffer | Blob | string): Promise<void>;
}

const NOBODY: Roster = { self: null, members: [], counts: null };
const NO_STREAMS: readonly RemoteStream[] = [];
const NO_MESSAGES: readonly DataMessage[] = [];

/** A call in the current injection context. `calling` makes its steps of the sessions that `connect()` gives. */
export function createCall(
  options: () => SoraOptions | null,
  calling: (retry$: Observable<void>) => OperatorFunction<Session, CallStep>,
): SoraCall {
  const injector = inject(Injector);
  const zone = inject(NgZone);
  const retrySubject = new Subject<void>();
  const leaveSubject = new Subject<void>();

  function stepsOf(own: SoraOptions): Observable<CallStep | null> {
    const { options: shared, through } = injector.get(SORA_DEFAULTS, NO_DEFAULTS);
    // What is missing is found by connect(), which checks every option.
    return connect({ ...shared, ...own } as ConnectOptions).pipe(
      outside(zone), // each attempt: whatever has caused it may be inside
      through,
      calling(retrySubject),
      untilLeft(leaveSubject),
      catchError((error: unknown) => {
        injector.get(ErrorHandler).handleError(error);
        return of(null);
      }),
      repeat({ delay: () => retrySubject }),
    );
  }
  const step$ = toObservable(afterFirstRender(options, sameOptions)).pipe(
    switchMap((own) => (own === null ? of(null) : stepsOf(own))),
    share({ connector: () => new ReplaySubject<CallStep | null>(1) }),
  );
  const session$ = step$.pipe(map(sessionOf), distinctUntilChanged());

  function asSignal<Value>(value$: Observable<Value>, initialValue: Value): Signal<Value> {
    return untracked(() => toSignal(value$.pipe(outside(zone)), { injector, initialValue }));
  }
  function follow<Value, Without>(select: (session: Session) => Observable<Value>, without: Without): Signal<Value | Without> {
    return asSignal<Value | Without>(session$.pipe(switchMap((each) => (each === null ? of(without) : select(each)))), without);
  }
  /** Of the messages of a label, `null` where another call begins. */
  function messagesOf(label: string): Observable<DataMessage | null> {
    return step$.pipe(
      switchMap((now) => {
        if (now === null) return of(null);
        if (now.kind !== 'session') return EMPTY;
        const message$ = now.session.messages(label);
        return now.previous === null ? concat(of(null), message$) : message$;
      }),
    );
  }

  // The one subscription that the call always has.
  const step = asSignal(step$, null);
  const session = computed(() => sessionOf(step()));
  const state = lazily(() => asSignal(step$.pipe(switchMap(statesOf)), 'idle'));
  const termination = lazily(() => asSignal(step$.pipe(switchMap(terminationsOf)), null));
  const remoteStreams = lazily(() => follow(({ remoteStreams$ }) => remoteStreams$, NO_STREAMS));
  const members = lazily(() => follow(roster, NOBODY));
  const messages = new Map<string, Signal<readonly DataMessage[]>>();

  return {
    step,
    session,
    get state() {
      return state();
    },
    get termination() {
      return termination();
    },
    get remoteStreams() {
      return remoteStreams();
    },
    get roster() {
      return members();
    },
    messages(label, keep = 100) {
      const known = messages.get(label);
      if (known !== undefined) return known;
      const list$ = messagesOf(label).pipe(
        scan((list, message) => (message === null ? NO_MESSAGES : [...list, message].slice(-keep)), NO_MESSAGES),
      );
      const made = asSignal(list$, NO_MESSAGES);
      messages.set(label, made);
      return made;
    },
    follow,
    retryNow: () => zone.runOutsideAngular(() => retrySubject.next()),
    leave() {
      const now = untracked(step);
      return zone.runOutsideAngular(() => {
        leaveSubject.next();
        if (now?.kind === 'session') return now.session.disconnect();
        return Promise.resolve(now === null ? null : endOf(now));
      });
    },
    send(label, data) {
      const now = untracked(session);
      if (now === null) return Promise.reject(new SoraSendError('not-connected', label));
      return zone.runOutsideAngular(() => now.send(label, data));
    },
  };
}

const NO_DEFAULTS: SoraDefaults = { options: {}, through: identity };

const sessionOf = (step: CallStep | null): Session | null => (step?.kind === 'session' ? step.session : null);

const endOf = (step: CallStep & { readonly kind: 'waiting' | 'over' }): Termination =>
  step.kind === 'waiting' ? step.previous : step.termination;

function statesOf(step: CallStep | null): Observable<CallState> {
  if (step === null) return of('idle');
  return step.kind === 'session' ? step.session.state$ : of(step.kind);
}

/** A banner that says why a call was lost stays while it is tried again. */
function terminationsOf(step: CallStep | null): Observable<Termination | null> {
  if (step?.kind === 'session') return concat(of(step.previous), step.session.connected$.pipe(map(() => null)));
  return of(step === null ? null : endOf(step));
}

/** Made with the first use. */
function lazily<Value extends object>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => (made ??= make());
}
