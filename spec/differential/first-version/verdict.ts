import { type Observable, filter, map, race, take, withLatestFrom } from 'rxjs';
import { signalingInvalid, internalError } from './rules/anomaly.ts';
import { applicationDisconnect } from './rules/application-disconnect.ts';
import { connectTimeout } from './rules/connect-timeout.ts';
import { dataChannelLost } from './rules/data-channel-lost.ts';
import { iceDisconnectedTimeout } from './rules/ice-disconnected-timeout.ts';
import { failureOf, peerConnectionFailed } from './rules/peer-connection-failed.ts';
import { type Cause, entrant } from './rules/rule.ts';
import { serverClosed } from './rules/server-close.ts';
import { webSocketClosed, webSocketError } from './rules/web-socket.ts';
import type { TerminationConfig, TerminationPort } from './sources.ts';
import { type Facts, type Step, broken, healthOf } from './steps.ts';

/** The cause of the end, latched: nothing can replace it. */
export interface Verdict {
  readonly cause: Cause;
  /** Milliseconds on the session's clock; of a loss that stands, those of the loss (Q73). */
  readonly at: number;
  /** What was known when the cause was latched. */
  readonly facts: Facts;
}

/**
 * The contest of the rules: one stream per rule, the first to speak wins (Q01), once.
 *
 * At most one rule speaks on any step, as a peer connection that has ended silences all rules but its own (Q02); so the order of the entrants
 * decides nothing.
 */
export function verdict(steps$: Observable<Step>, config: TerminationConfig, port: TerminationPort): Observable<Verdict> {
  const sound$ = steps$.pipe(filter(({ facts }) => !broken(facts.health)));
  return race(
    entrant(peerConnectionFailed(steps$)), //                          T01 T02 T05 T08 T12 T27
    entrant(iceDisconnectedTimeout(sound$, config, port)), //          T28 T29
    entrant(webSocketClosed(sound$)), //                               T03 T06 T07 T09
    entrant(webSocketError(sound$)), //                                T04 T10 T11 T13
    entrant(serverClosed(sound$)), //                                  T14
    entrant(dataChannelLost(sound$, config, port)), //                 T14
    entrant(applicationDisconnect(sound$)), //                         T16 T17 T18 T21 T22
    entrant(signalingInvalid(sound$)), //                              T25
    entrant(internalError(sound$)), //                                 T26
    entrant(connectTimeout(sound$, config)), //                        T25 T26
  ).pipe(
    take(1),
    withLatestFrom(steps$),
    map(([cause, { facts }]) => standing(cause, { ...facts, health: healthOf(port) }, config.clock.elapsed())),
  );
}

/**
 * What a cause is in the light of what is known. Inside the grace of a loss only a close or an error of another transport may explain the
 * loss (Q31, Q71); anything else ends the grace and the loss stands (Q32). A timer that fires finds the peer connection as it is now (Q02).
 */
function standing(cause: Cause, facts: Facts, at: number): Verdict {
  const { loss } = facts;
  if (loss === null) return { cause: failureOf(facts.health) ?? cause, at, facts };
  switch (cause.kind) {
    case 'server-close':
    case 'websocket-closed':
    case 'websocket-error':
      return { cause: { ...cause, after: loss.reason.kind }, at, facts };
    default:
      return { cause: loss.reason, at: loss.at, facts };
  }
}
