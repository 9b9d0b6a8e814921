import { type Observable, filter, map, merge, of, race, switchMap, take, timer } from 'rxjs';
import { quietly } from '../quietly.ts';
import type { TerminationConfig, TerminationPort } from '../sources.ts';
import type { Facts, Step } from '../steps.ts';
import type { Cause } from './rule.ts';

/**
 * T14, Q30, Q31, Q83: an announced channel has closed or failed and nothing has explained it.
 *
 * Terminal at once when no transport is left that could bring a code; otherwise after `dataChannelGraceMs`, in which the close of another
 * transport may explain it. What else ends the grace is up to the verdict (Q32).
 */
export function dataChannelLost(steps$: Observable<Step>, config: TerminationConfig, port: TerminationPort): Observable<Cause> {
  return steps$.pipe(
    filter(({ facts }) => facts.loss !== null),
    take(1),
    switchMap((first) =>
      race(
        merge(of(first), steps$.pipe(filter(takesAway))).pipe(filter(({ facts }) => !explicable(facts, port))),
        timer(config.dataChannelGraceMs),
      ).pipe(
        map(() => first.facts.loss?.reason),
        filter((reason) => reason !== undefined),
      ),
    ),
  );
}

/** Only these can take away the last transport without being a cause of their own. */
function takesAway({ input }: Step): boolean {
  return input.source === 'datachannel' || input.source === 'switched';
}

/**
 * Whether a transport is left that could bring a code: the WebSocket where its close counts, or the channel `signaling` as long as it has not
 * told of its end, which it tells behind what is being inflated (Q33), or is still open after an error.
 */
function explicable({ switched, webSocketClosed, signalingEnded }: Facts, port: TerminationPort): boolean {
  const socket = quietly(() => port.webSocketState(), null);
  if (switched !== true && socket !== null && !webSocketClosed) return true;
  return !signalingEnded || quietly(() => port.dataChannelStates().get('signaling'), undefined) !== 'closed';
}
