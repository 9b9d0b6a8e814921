import { type Observable, defer, filter, map, merge, of, race, scan, startWith, switchMap, take, timer, withLatestFrom } from 'rxjs';
import { quietly } from './quietly.ts';
import { sayGoodbye } from './goodbye.ts';
import { initiatorOf, retryOf } from './derived.ts';
import type { ClientDisconnect, Interruption, PeerClose, Reason, SentDisconnect, Termination, TrailingEntry } from './reason.ts';
import { failureOf } from './rules/peer-connection-failed.ts';
import { serverCloseOf } from './rules/server-close.ts';
import { serverSaid } from './rules/web-socket.ts';
import type { TerminationConfig, TerminationPort } from './sources.ts';
import { type Facts, type Health, type Input, type Step, healthOf } from './steps.ts';
import { trailingOf } from './trailing.ts';
import type { Verdict } from './verdict.ts';
import { type Awaited, awaitedBy } from './wait.ts';

/** How the wait of a disconnect ended; for every other cause there is nothing to say. */
interface Outcome {
  readonly outcome: ClientDisconnect['outcome'];
  readonly by?: Interruption;
  readonly peer?: PeerClose;
}

/** What has come in since the verdict. */
interface Aftermath {
  readonly trailing: readonly TrailingEntry[];
  /** The close of the burst that an error of the WebSocket began (Q07). */
  readonly close: { readonly code: number; readonly reason: string } | null;
}

const QUIET: Aftermath = { trailing: [], close: null };

/**
 * The closing procedure, from the latched cause to the one value: say goodbye if the rules say so, wait where they allow it, close
 * everything, and emit one macrotask later, so that the close of the same burst is in the value (Q07, Q68).
 */
export function closing(
  verdict: Verdict,
  steps$: Observable<Step>,
  config: TerminationConfig,
  port: TerminationPort,
): Observable<Termination> {
  return defer(() => {
    const sent = sayGoodbye(verdict, port);
    const awaited = awaitedBy(verdict, sent, config, port);
    const outcome$ =
      awaited === null ? of<Outcome>({ outcome: 'immediate' }) : wait(awaited, verdict, meaningful(steps$, verdict), config, port);
    return outcome$.pipe(
      take(1),
      map((outcome) => ({ outcome, failed: quietly(() => port.close(), ['close']) })),
      switchMap((closed) => settled(verdict, steps$).pipe(map(() => closed))),
      withLatestFrom(steps$.pipe(scan(gather, QUIET), startWith(QUIET))),
      map(([{ outcome, failed }, aftermath]) => record(verdict, sent, outcome, aftermath, failed, config)),
    );
  });
}

/** In a wait `disconnect()` and a trigger that has been pulled before have no effect whatever: they are not even an occasion to look. */
function meaningful(steps$: Observable<Step>, { cause }: Verdict): Observable<Step> {
  const { trigger } = cause as ClientDisconnect; // nothing else waits
  return steps$.pipe(filter(({ input }) => input.source !== 'disconnect' || (input.event !== 'api' && input.event !== trigger)));
}

/**
 * T15 T16 T19 T21 T23: until what is awaited has closed, something interrupts, or `disconnectMs` are over. What the peer says meanwhile is
 * told with it (Q38); a close that comes after it may be the echo of our own and tells nothing.
 */
function wait(
  awaited: Awaited,
  { facts }: Verdict,
  steps$: Observable<Step>,
  config: TerminationConfig,
  port: TerminationPort,
): Observable<Outcome> {
  const latest$ = factsOf(steps$, facts);
  const interrupted$ = steps$.pipe(
    map((step) => interruptionBy(step, facts)),
    filter((interruption) => interruption !== null),
  );
  const allClosed$ = factsOf(steps$.pipe(filter((step) => !isBeside(step, facts))), facts).pipe(
    filter((known) => awaited(known, port)),
    map((): Outcome => ({ outcome: 'acknowledged' })),
  );
  const over$ = timer(config.disconnectMs).pipe(
    withLatestFrom(latest$),
    // A timer looks at how things stand before it speaks (Q02, Q19, Q45).
    map(([, known]) => failedIn(healthOf(port)) ?? { outcome: awaited(known, port) ? ('acknowledged' as const) : ('timeout' as const) }),
  );
  const peer$ = steps$.pipe(
    scan((peer: PeerClose | null, step) => peer ?? peerOf(step, facts), null),
    startWith(null),
  );
  return race(interrupted$, allClosed$, over$).pipe(
    withLatestFrom(peer$),
    // An interruption brings its own.
    map(([outcome, peer]) => (peer === null ? outcome : { peer, ...outcome })),
  );
}

function factsOf(steps$: Observable<Step>, first: Facts): Observable<Facts> {
  return steps$.pipe(
    map((step) => step.facts),
    startWith(first),
  );
}

/**
 * What no wait ends with, though it may find all channels closed: that a message came, as one that stood in line is told behind them, and its code
 * comes next (Q33, Q38); and a WebSocket that counted no more at the latch (P25).
 */
function isBeside({ input }: Step, { switched }: Facts): boolean {
  if (input.source === 'websocket') return switched === true;
  return input.source === 'datachannel' && input.event.kind === 'message';
}

/**
 * What ends a wait early: a peer connection that failed (Q21), a close of the WebSocket that is no goodbye (Q22), or a later trigger that
 * does not wait (Q16, Q55).
 */
function interruptionBy({ input, facts }: Step, latched: Facts): Outcome | null {
  const failed = failedIn(facts.health);
  if (failed !== null) return failed;
  if (input.source === 'disconnect') return { outcome: 'interrupted', by: input.event as Interruption }; // never `api`, which means nothing here
  const peer = latched.switched === true ? null : webSocketPeer(input);
  if (peer === null || peer.code === 1000 || peer.code === 1005) return null;
  return { outcome: 'interrupted', by: serverSaid(peer.code) ? 'server-close' : 'websocket-closed', peer };
}

function failedIn(health: Health): Outcome | null {
  const failure = failureOf(health);
  return failure?.kind === 'peer-connection-failed' || failure?.kind === 'ice-failed' ? { outcome: 'interrupted', by: failure.kind } : null;
}

/**
 * One macrotask after an error of the WebSocket, in which the close of the same burst arrives; none for every other cause, and none when the page goes
 * away. Changed here: the first version let every value through a macrotask (Q07, Q56, Q68).
 */
function settled({ cause }: Verdict, steps$: Observable<Step>): Observable<unknown> {
  if (cause.kind !== 'websocket-error') return of(null);
  const left$ = steps$.pipe(filter(({ input }) => input.source === 'disconnect' && input.event === 'pagehide'));
  return merge(timer(0), left$).pipe(take(1));
}

function gather(so: Aftermath, { at, input }: Step): Aftermath {
  const trailing = trailingOf(at, input);
  return {
    trailing: trailing === null ? so.trailing : [...so.trailing, trailing],
    close: so.close ?? burstClose(input),
  };
}

function peerOf({ input, facts }: Step, { switched }: Facts): PeerClose | null {
  if (failedIn(facts.health) !== null) return null;
  if (input.source !== 'server-close') return switched === true ? null : webSocketPeer(input);
  const { code, reason } = serverCloseOf(input.event);
  return { via: 'datachannel', code, reason };
}

function webSocketPeer(input: Input): (PeerClose & { readonly code: number }) | null {
  if (input.source !== 'websocket' || input.event.kind !== 'close') return null;
  return { via: 'websocket', code: input.event.code, reason: input.event.reason };
}

function burstClose(input: Input): Aftermath['close'] {
  if (input.source !== 'websocket' || input.event.kind !== 'close') return null;
  return { code: input.event.code, reason: input.event.reason };
}

function record(
  { cause, at, facts }: Verdict,
  sent: SentDisconnect | null,
  outcome: Outcome,
  { trailing, close }: Aftermath,
  failed: readonly string[],
  { clock }: TerminationConfig,
): Termination {
  const endedAt = clock.elapsed();
  const reason: Reason =
    cause.kind === 'client-disconnect'
      ? { ...cause, ...outcome }
      : cause.kind === 'websocket-error' && close !== null
        ? { ...cause, close }
        : cause;
  const closings = failed.map((detail): TrailingEntry => ({ at: endedAt, source: 'sdk', what: 'close', detail }));
  return {
    ...reason,
    phase: facts.phase,
    switched: facts.switched,
    sent,
    startedAt: clock.startedAt,
    causeAt: at,
    endedAt,
    trailing: [...facts.notes, ...closings, ...trailing].slice(0, MOST_TRAILING),
    initiator: initiatorOf(reason),
    retry: retryOf(reason, facts.phase),
  };
}

const MOST_TRAILING = 32; // Q74
