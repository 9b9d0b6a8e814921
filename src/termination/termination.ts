import { type Observable, exhaustMap, filter, map, race, take, takeUntil, timer, withLatestFrom } from 'rxjs';
import type { SessionEvent } from '../model/session-event.ts';
import { causeOfHealth, connectTimeout, hasFailed, immediateCause, isServerCode } from './causes.ts';
import { type Latched, latch } from './latch.ts';
import { overSteps } from './over-steps.ts';
import type { SafePort, TerminationConfig, TerminationPort } from './port.ts';
import type { Cause, Termination } from './reason.ts';
import { sendDisconnect } from './send-disconnect.ts';
import type { Step } from './steps.ts';
import { type Outcome, terminationValue } from './value.ts';

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
  return overSteps(event$, port, config, (step$, safe) => terminationOf(step$, safe, config));
}

/** The same over steps, which replay their latest. The first cause is latched; while it is acted upon, no other counts. */
export function terminationOf(step$: Observable<Step>, port: SafePort, config: TerminationConfig): Observable<Termination> {
  return race(...causes(step$, port, config)).pipe(
    withLatestFrom(step$),
    exhaustMap(([cause, step]) => {
      const latched = latch(cause, { ...step, health: port.health() }, config.clock.elapsed());
      return closing(latched, step$, port, config);
    }),
    take(1),
  );
}

type Condition = (step: Step) => boolean;

/** The contest of the rules: one table for a single step, one stream for each rule with time. None completes, as that would end the race. */
export function causes(step$: Observable<Step>, port: SafePort, { timeouts, clock }: TerminationConfig): readonly Observable<Cause>[] {
  const { connectionMs, dataChannelGraceMs, iceDisconnectedMs } = timeouts;
  const immediate$ = step$.pipe(
    map((step) => immediateCause(step, port)),
    filter((cause) => cause !== null),
  );
  const isLost: Condition = ({ loss }) => loss !== null;
  const dataChannelLost$ = heldFor(step$, dataChannelGraceMs, isLost, ({ loss }) => loss && loss.cause); // T14, Q31
  const isDisconnected: Condition = ({ isIceDisconnected }) => isIceDisconnected;
  const iceDisconnected$ = heldFor(step$, iceDisconnectedMs, isDisconnected, ({ at }): Cause | null => {
    const isStill = port.isIceDisconnected() || causeOfHealth(port.health()) !== null; // a late timer looks again (Q45)
    return isStill ? { kind: 'ice-disconnected-timeout', waitedMs: clock.elapsed() - at } : null; // T28 T29
  });
  const isConnecting: Condition = ({ phase }) => connectionMs > 0 && phase !== 'idle' && phase !== 'connected'; // Q81
  const connectTimeout$ = heldFor(step$, connectionMs, isConnecting, (_, { phase }) => connectTimeout(phase)); // T25 T26
  return [immediate$, dataChannelLost$, iceDisconnected$, connectTimeout$];
}

/** When `holds` has been true for `ms` without a break: what `causeOf` makes of the first and the latest of those steps, if anything. Never completes. */
function heldFor(
  step$: Observable<Step>,
  ms: number,
  holds: Condition,
  causeOf: (since: Step, last: Step) => Cause | null,
): Observable<Cause> {
  const broken$ = step$.pipe(filter((step) => !holds(step)));
  return step$.pipe(
    filter(holds),
    exhaustMap((since) =>
      timer(ms).pipe(
        withLatestFrom(step$, (_, last) => causeOf(since, last)),
        filter((cause) => cause !== null),
        takeUntil(broken$),
      ),
    ),
  );
}

/** Send, wait, close, emit: all in the call that latched the cause, unless something has to be awaited. */
function closing(latched: Latched, step$: Observable<Step>, port: SafePort, config: TerminationConfig): Observable<Termination> {
  port.latched();
  const sent = sendDisconnect(latched, port);
  const isOver = awaitedBy(latched, sent?.ok === true, port, config);
  function end(outcome: Outcome): Observable<Termination> {
    const closed = { sent, outcome, failed: port.close() };
    const value$ = step$.pipe(map((last) => terminationValue(latched, closed, last, config)));
    return latched.cause.kind === 'websocket-error' ? endOfBurst(step$).pipe(exhaustMap(() => value$)) : value$;
  }
  if (isOver === null) return end({ outcome: 'immediate' });
  return wait(isOver, latched, step$, port, config.timeouts.disconnectMs).pipe(exhaustMap(end));
}

/** The close that a browser fires in the same task as an error belongs in the value (Q07, Q68); a page that is left does not wait for it. */
function endOfBurst(step$: Observable<Step>): Observable<unknown> {
  return race(timer(0), step$.pipe(filter(({ event }) => event?.source === 'application' && event.trigger === 'pagehide')));
}

/** T15 T16 T19 T21 T23: until everything that is awaited has closed, something interrupts, or the time is up. */
function wait(isOver: Condition, latched: Latched, step$: Observable<Step>, port: SafePort, disconnectMs: number): Observable<Outcome> {
  const interrupted$ = step$.pipe(
    map((step) => (isRepeated(step, latched) ? null : interruption(step))),
    filter((outcome) => outcome !== null),
  );
  const allClosed$ = step$.pipe(
    filter((step) => !step.isInert && (step.event === latched.step.event || !isRepeated(step, latched)) && isOver(step)), // at once if all have closed (Q19)
    map(({ peer }): Outcome => ({ outcome: 'acknowledged', peer })),
  );
  const timeout$ = timer(disconnectMs).pipe(
    withLatestFrom(step$, (_, step) => ({ ...step, event: null, health: port.health() })), // looks at how things stand (Q02, Q19, Q45)
    map((step) => interruption(step) ?? { outcome: isOver(step) ? ('acknowledged' as const) : ('timeout' as const), peer: step.peer }),
  );
  return race(interrupted$, allClosed$, timeout$);
}

/** A failed peer connection (Q21), a later trigger that does not wait (Q55), or a WebSocket close that is no acknowledgement (Q22). */
function interruption({ event, health, isInert, peer }: Step): Outcome | null {
  if (hasFailed(health)) return { outcome: 'interrupted', by: health, peer };
  if (event === null || isInert) return null;
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
  const movesToDataChannels = (offer?.data_channel_signaling ?? config.dataChannelSignaling) === true;
  const isDataChannelOnly = movesToDataChannels && (offer?.ignore_disconnect_websocket ?? config.ignoreDisconnectWebSocket) === true; // Q66
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
