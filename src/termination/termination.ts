import { NEVER, type Observable, defer, exhaustMap, filter, map, of, race, switchMap, take, takeUntil, timer, withLatestFrom } from 'rxjs';
import type { SessionEvent } from '../model/session-event.ts';
import { causeOfEvent, causeOfHealth, connectTimeout, hasFailed, isServerCode } from './causes.ts';
import { type SafePort, type TerminationConfig, type TerminationPort, safePort } from './port.ts';
import type { Cause, Termination } from './reason.ts';
import { sendDisconnect } from './send-disconnect.ts';
import { type Step, steps } from './steps.ts';
import { type Latched, type Outcome, terminationValue } from './value.ts';

/**
 * Why and when a session ends. The first rule that matches is latched, everything is closed, and one value is emitted; then it completes.
 *
 * Cold: each subscription runs the rules anew over its events. Never errors, and emits nothing without a terminal event. Timers run on RxJS's
 * `asyncScheduler`, so `TestScheduler.run` reaches them.
 *
 * @example
 * ```ts
 * termination(merge(fromWebSocket(socket), fromPeerConnection(peerConnection)), port, config).subscribe(({ kind }) => console.log(kind));
 * ```
 * @source rules T01-T29 and decisions Q01-Q88 in docs/termination.md
 */
export function termination(event$: Observable<SessionEvent>, port: TerminationPort, config: TerminationConfig): Observable<Termination> {
  return defer(() => {
    const safe = safePort(port, config);
    return terminationOf(steps(event$, safe, config), safe, config);
  });
}

/** The same over steps, which replay their latest. The contest of the rules: one table for a single step, one stream for each rule with time. */
export function terminationOf(step$: Observable<Step>, port: SafePort, config: TerminationConfig): Observable<Termination> {
  const { connectionMs, dataChannelGraceMs, iceDisconnectedMs } = config.timeouts;
  const { elapsed } = config.clock;
  const immediate$ = step$.pipe(
    map((step) => immediateCause(step, port)),
    filter((cause) => cause !== null),
  );
  const dataChannelLost$ = heldFor(dataChannelGraceMs, step$, ({ loss }) => loss !== null).pipe(map(({ loss }) => loss?.cause as Cause)); // T14, Q31
  const iceDisconnected$ = heldFor(iceDisconnectedMs, step$, ({ isIceDisconnected }) => isIceDisconnected).pipe(
    filter(() => port.isIceDisconnected() || causeOfHealth(port.health()) !== null), // a late timer looks again (Q45)
    map(({ at }): Cause => ({ kind: 'ice-disconnected-timeout', waitedMs: elapsed() - at })), // T28 T29
  );
  const connecting = ({ phase }: Step): boolean => phase !== 'idle' && phase !== 'connected';
  const connectTimeout$ = heldFor(connectionMs || Infinity, step$, connecting).pipe(
    withLatestFrom(step$, (_, { phase }): Cause => connectTimeout(phase)), // T25 T26
  );
  return race(immediate$, dataChannelLost$, iceDisconnected$, connectTimeout$).pipe(
    take(1),
    withLatestFrom(step$, (cause, step) => latch(cause, { ...step, health: port.health() }, elapsed())),
    switchMap((latched) => closing(latched, step$, port, config)),
    take(1),
  );
}

/** Emits the step since which `holds` has been true without a break for `ms`. Never completes, as that would end a `race`. */
function heldFor(ms: number, step$: Observable<Step>, holds: (step: Step) => boolean): Observable<Step> {
  if (ms === Infinity) return NEVER;
  const broken$ = step$.pipe(filter((step) => !holds(step)));
  return step$.pipe(
    filter(holds),
    exhaustMap((since) =>
      timer(ms).pipe(
        map(() => since),
        takeUntil(broken$),
      ),
    ),
  );
}

/** The state of the peer connection, or the event's own rule, or a loss that no transport is left to explain (Q30). */
function immediateCause({ event, health, isInert, phase, ...step }: Step, port: SafePort): Cause | null {
  const ofEvent = (): Cause | null => (event === null || isInert ? null : causeOfEvent(event, phase));
  const mayBeExplained = (): boolean =>
    (step.switched !== true && step.webSocketClose === null && port.webSocketState() !== null) ||
    !step.hasSignalingEnded ||
    port.dataChannelState('signaling') !== 'closed';
  return causeOfHealth(health) ?? ofEvent() ?? (step.loss === null || mayBeExplained() ? null : step.loss.cause);
}

/** Within the grace of a loss only a close or an error of another transport explains it (Q31, Q71); anything else leaves it the cause (Q32). */
function latch(cause: Cause, step: Step, now: number): Latched {
  const { health, loss } = step;
  if (loss === null) return { cause: causeOfHealth(health) ?? cause, causeAt: now, step };
  const explains = cause.kind === 'server-close' || cause.kind === 'websocket-closed' || cause.kind === 'websocket-error';
  return explains && causeOfHealth(health) === null
    ? { cause: { ...cause, after: loss.cause.kind }, causeAt: now, step }
    : { cause: loss.cause, causeAt: loss.at, step };
}

/** Send, wait, close, emit: all in the call that latched the cause, unless something has to be awaited. */
function closing(latched: Latched, step$: Observable<Step>, port: SafePort, config: TerminationConfig): Observable<Termination> {
  port.latched();
  const sent = sendDisconnect(latched, port);
  const isOver = awaitedBy(latched, sent?.ok === true, port, config);
  const outcome$ = isOver === null ? of<Outcome>({ outcome: 'immediate' }) : wait(isOver, latched, step$, port, config);
  const pageHide$ = step$.pipe(filter(({ event }) => event?.source === 'application' && event.trigger === 'pagehide'));
  const settled$: Observable<unknown> = latched.cause.kind === 'websocket-error' ? race(timer(0), pageHide$) : of(0); // the close of the same burst (Q07, Q68)
  return outcome$.pipe(
    take(1),
    map((outcome) => ({ sent, outcome, failed: port.close() })),
    switchMap((closed) => settled$.pipe(map(() => closed))),
    withLatestFrom(step$, (closed, last) => terminationValue(latched, closed, last, config)),
  );
}

type Condition = (step: Step) => boolean;

/** T15 T16 T19 T21 T23: until everything that is awaited has closed, something interrupts, or the time is up. */
function wait(
  isOver: Condition,
  latched: Latched,
  step$: Observable<Step>,
  port: SafePort,
  config: TerminationConfig,
): Observable<Outcome> {
  const interrupted$ = step$.pipe(
    map((step) => interruption(step, latched)),
    filter((outcome) => outcome !== null),
  );
  const allClosed$ = step$.pipe(
    filter((step) => !step.isInert && !isRepeated(step, latched) && isOver(step)),
    map(({ peer }): Outcome => ({ outcome: 'acknowledged', peer })),
  );
  const timeout$ = timer(config.timeouts.disconnectMs).pipe(
    withLatestFrom(step$, (_, step) => ({ ...step, event: null, health: port.health() })), // looks at how things stand (Q02, Q19, Q45)
    map(
      (step) =>
        interruption(step, latched) ?? { outcome: isOver(step) ? ('acknowledged' as const) : ('timeout' as const), peer: step.peer },
    ),
  );
  return race(interrupted$, allClosed$, timeout$);
}

/** A failed peer connection (Q21), a later trigger that does not wait (Q55), or a WebSocket close that is no acknowledgement (Q22). */
function interruption(step: Step, latched: Latched): Outcome | null {
  const { event, health, peer } = step;
  if (hasFailed(health)) return { outcome: 'interrupted', by: health, peer };
  if (event === null || step.isInert || isRepeated(step, latched)) return null;
  if (event.source === 'application') return { outcome: 'interrupted', by: event.trigger as NonNullable<Outcome['by']>, peer };
  if (event.source !== 'websocket' || event.kind !== 'close' || event.code === 1000 || event.code === 1005) return null;
  const by = isServerCode(event.code) ? 'server-close' : 'websocket-closed';
  return { outcome: 'interrupted', by, peer: { via: 'websocket', code: event.code, reason: event.reason } };
}

/** `disconnect()` within a wait, and a second trigger of the same kind, change nothing (P19). */
const isRepeated = ({ event }: Step, { cause }: Latched): boolean =>
  event?.source === 'application' && (event.trigger === 'api' || ('trigger' in cause && event.trigger === cause.trigger));

/** What a disconnect waits for, judged by how things stand and not by events to come (Q19); null where nothing is awaited. */
function awaitedBy({ cause, step: latching }: Latched, isSent: boolean, port: SafePort, config: TerminationConfig): Condition | null {
  if (cause.kind !== 'client-disconnect' || cause.trigger === 'pagehide') return null; // Q56
  const isGraceful = cause.trigger === 'api' && config.disconnectPolicy === 'graceful'; // Q15, Q54, Q79
  const { switched, webSocketClose, offer } = latching;
  const movesToDataChannels = offer?.data_channel_signaling ?? config.dataChannelSignaling;
  const isDataChannelOnly = movesToDataChannels && (offer?.ignore_disconnect_websocket ?? config.ignoreDisconnectWebSocket); // Q66
  const webSocket: Condition = (step) => step.webSocketClose !== null;
  const dataChannels: Condition = () => port.areDataChannelsClosed();
  if (!isSent) {
    const state = port.webSocketState();
    const isLeaving = (state === 'closing' || state === 'closed') && webSocketClose === null && switched !== true;
    return isGraceful && isLeaving ? webSocket : null; // Q23, Q24, Q69
  }
  if (switched === null) return isGraceful || isDataChannelOnly ? webSocket : null; // T16 T17, T21
  if (!isGraceful) return null; // T20 T24
  return switched ? dataChannels : (step) => webSocket(step) && dataChannels(step); // T23, T19
}
