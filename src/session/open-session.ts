import {
  EMPTY,
  Observable,
  Subject,
  Subscription,
  asyncScheduler,
  catchError,
  concat,
  concatMap,
  defer,
  distinctUntilChanged,
  filter,
  map,
  merge,
  of,
  takeUntil,
  tap,
} from 'rxjs';
import { keep } from '../operators/keep.ts';
import { type Mailbox, createMailbox } from '../operators/mailbox.ts';
import { remember } from '../operators/remember.ts';
import type { Platform } from '../platform/platform.ts';
import { type SendRequest, outgoing } from '../signaling/messaging.ts';
import { failureOf } from '../signaling/failure.ts';
import type { DisconnectTrigger, Termination, Via } from '../termination/reason.ts';
import type { Progress } from '../termination/sources.ts';
import { endingOf } from '../termination/termination.ts';
import { createClock } from './clock.ts';
import { connecting } from './duties/connecting.ts';
import { introducing } from './duties/introducing.ts';
import { type Peer, negotiating, peerInputs, peerOf, sendingCandidates } from './duties/negotiating.ts';
import { preferring } from './duties/preferring.ts';
import { preparingGoodbyes } from './duties/preparing-goodbyes.ts';
import { replying } from './duties/replying.ts';
import { OPENING, sockets } from './duties/sockets.ts';
import { switchingOver } from './duties/switching-over.ts';
import { abortInputs, admitted, channelInputs, cleaned, pageInputs } from './ingress.ts';
import type { SessionInput } from './input.ts';
import { createKnownSecrets } from './known-secrets.ts';
import { createLiveObjects, createPort } from './live-objects.ts';
import type { SessionConfig } from './options.ts';
import { platformNow } from './runtime-check.ts';
import type { SessionContext } from './session-context.ts';
import type { SessionState } from './session.ts';
import { sortInputs } from './sorted-inputs.ts';
import { terminationConfig, terminationSources } from './termination-sources.ts';
import type { TimelineEntry } from './timeline.ts';

/** A session's inner life: what went in, in order, and how it ended. The public session is a view of it. */
export interface OpenSession {
  readonly context: SessionContext;
  /** Replays the latest. */
  readonly state$: Observable<SessionState>;
  /** Replayed; one value, then completion. */
  readonly termination$: Observable<Termination>;
  /** Connects, once. Throws a SoraOptionsError where the runtime lacks what is needed: then nothing has begun. */
  readonly start: () => void;
  readonly end: (trigger: DisconnectTrigger) => void;
  readonly request: (request: SendRequest) => void;
  /** Into the timeline, and nowhere else. */
  readonly tell: (entry: TimelineEntry) => void;
}

/** The largest message that is taken from the server once it is inflated; bytes. */
const LARGEST_INFLATED_BYTES = 16 * 1024 * 1024;

/**
 * Composes a session. All that happens enters one mailbox and is read in order: by the ending first, so that nothing is sent once a cause is
 * latched, then by the duties, then by whoever watches. This is the place where the streams are subscribed.
 */
export function openSession(config: SessionConfig): OpenSession {
  let resolved: Platform | null = null;
  /** The globals are read when the session starts, not when it is made. */
  const platform = (): Platform => (resolved ??= platformNow(config));
  const clock = createClock(config.platform.now ?? (() => asyncScheduler.now()));
  const now = (): number => clock.elapsed();
  const live = createLiveObjects(now);
  const mailbox = createMailbox<SessionInput>();
  const requestSubject = new Subject<SendRequest>();
  const request = (each: SendRequest): void => {
    requestSubject.next(each);
  };

  const secrets = createKnownSecrets();
  secrets.learn([typeof config.metadata === 'function' ? null : config.metadata, config.signalingNotifyMetadata]);
  config.signalingUrls.forEach(secrets.learnUrl);
  const { of: inputsOf, all$: inputs$ } = sortInputs(
    admitted(mailbox.values$.pipe(map((input) => cleaned(input, secrets))), config.dataChannelSignaling ?? false),
  );

  const sent = (via: Via, message: { readonly type: string }, label?: string): void => {
    mailbox.post({ kind: 'sent', via, at: now(), message, ...(label !== undefined && { label }) });
  };
  const port = createPort(live, (via, message) => {
    sent(via, message, via === 'datachannel' ? 'signaling' : undefined);
  });
  const endings$ = endingOf(terminationSources(inputsOf, port, now), terminationConfig(config, clock)).pipe(
    // When the page goes away the end comes while its cause is still being read: those who watch are to hear of that one first.
    concatMap((ending) => (ending.kind === 'ended' ? afterwards(mailbox, ending) : of(ending))),
    remember(2),
  );
  const ending$ = endings$.pipe(filter(({ kind }) => kind === 'ending'));

  const context: SessionContext = {
    config,
    get platform() {
      return platform();
    },
    clock,
    live,
    port,
    secrets,
    inputs$,
    of: inputsOf,
    ending$,
    send: (via, message, label = 'signaling') =>
      concat(
        via === 'websocket'
          ? defer(() => (live.link?.send(JSON.stringify(message)), EMPTY))
          : handedOver(request, label, JSON.stringify(message)),
        defer(() => (sent(via, message, via === 'websocket' ? undefined : label), EMPTY)),
      ),
  };

  const state$ = merge(
    of<SessionState>('idle'),
    merge(
      inputsOf('progress').pipe(map(({ progress }) => STATES[progress.kind])),
      inputsOf('connected').pipe(map((): SessionState => 'connected')),
    ).pipe(takeUntil(ending$)),
    endings$.pipe(map(({ kind }): SessionState => kind)),
  ).pipe(distinctUntilChanged(), remember());
  const termination$ = endings$.pipe(
    filter((ending) => ending.kind === 'ended'),
    map(({ termination }) => termination),
    remember(),
  );

  const channels$ = live.channels.follow(
    inputsOf('peer').pipe(
      map(({ event }) => (event.kind === 'datachannel' ? event.channel : null)),
      filter((channel) => channel !== null),
    ),
  );
  /** What the native objects tell, until all of them are closed. */
  function nativesOf(peer$: Observable<Peer>): Observable<SessionInput> {
    return merge(
      channelInputs(
        channels$,
        {
          platform: platform(),
          offered: (label) => live.offered?.get(label),
          decodeMs: config.timeouts.disconnectMs,
          limitBytes: LARGEST_INFLATED_BYTES,
        },
        now,
      ),
      peerInputs(peer$, context),
      sockets(context),
    );
  }
  /** What the session does, until the end begins. */
  function dutiesWith(peer$: Observable<Peer>): Observable<SessionInput> {
    return merge(
      negotiating(context, peer$),
      sendingCandidates(context),
      replying(context),
      switchingOver(context),
      connecting(context),
      introducing(context),
      preparingGoodbyes(context),
      preferring(context),
    ).pipe(takeUntil(ending$));
  }
  const messaging$ = outgoing(requestSubject, {
    get platform() {
      return platform();
    },
    offered: (label) => (live.offered === null ? null : live.offered.get(label)),
    channel: live.channels.get,
    changes$: merge(inputsOf('channel'), inputsOf('progress')),
  }).pipe(
    map((failure): SessionInput => ({ kind: 'failure', failure })),
    takeUntil(ending$),
  );

  const natives = new Subscription();
  const watching = new Subscription();
  // The order counts: the ending reads the mailbox first; at the end listeners go, then the state says so, then the value is emitted, and
  // then every other stream completes.
  watching.add(
    keep(
      endings$.pipe(
        tap(({ kind }) => {
          if (kind === 'ended') natives.unsubscribe();
          else mailbox.post({ kind: 'ending' });
        }),
      ),
    ),
  );
  watching.add(keep(state$));
  watching.add(keep(termination$));
  watching.add(keep(messaging$.pipe(tap(mailbox.post))));
  watching.add(
    keep(
      endings$.pipe(
        tap({
          complete: () => {
            mailbox.close();
            watching.unsubscribe();
          },
        }),
      ),
    ),
  );

  /** Into the mailbox; a stream of ours that fails has a defect, which ends the session rather than leaving it deaf (T26). */
  function posted(found$: Observable<SessionInput>): Observable<SessionInput> {
    return found$.pipe(
      catchError((error: unknown) => of<SessionInput>({ kind: 'failure', failure: failureOf(error, 'session') })),
      tap(mailbox.post),
    );
  }

  let started = false;
  return {
    context,
    state$,
    termination$,
    request,
    tell: (entry) => {
      mailbox.post({ kind: 'told', entry });
    },
    end: (trigger) => {
      if (!natives.closed) mailbox.post({ kind: 'disconnect', trigger });
    },
    start: () => {
      if (started) return;
      const { page } = platform();
      started = true;
      clock.start();
      natives.add(keep(posted(merge(pageInputs(page), abortInputs(config.signal)))));
      mailbox.post(OPENING);
      const peer$ = peerOf(context);
      natives.add(keep(posted(dutiesWith(peer$))));
      natives.add(keep(posted(nativesOf(peer$))));
    },
  };
}

const STATES: Readonly<Record<Progress['kind'], SessionState>> = { opening: 'opening', 'connect-sent': 'signaling', offer: 'negotiating' };

/** A value once the mailbox has been read. */
function afterwards<Value>(mailbox: Pick<Mailbox<never>, 'afterwards'>, value: Value): Observable<Value> {
  return new Observable((subscriber) => {
    mailbox.afterwards(() => {
      subscriber.next(value);
      subscriber.complete();
    });
  });
}

/** A request as a stream: completes when the channel has taken it, errors when it has not. */
function handedOver(request: (request: SendRequest) => void, label: string, data: string): Observable<never> {
  return new Observable((subscriber) => {
    request({
      label,
      data,
      done: (error) => {
        if (error === null) subscriber.complete();
        else subscriber.error(error);
      },
    });
  });
}
