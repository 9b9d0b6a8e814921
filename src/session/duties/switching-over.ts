import { type Observable, filter, ignoreElements, race, scan, switchMap, take, tap, timer } from 'rxjs';
import { release } from '../../platform/release.ts';
import type { Received, SessionInput } from '../input.ts';
import type { SessionContext } from '../session-context.ts';

/** How long a WebSocket may outlive `switched` at most; milliseconds (Q12). */
const LONGEST_OVERLAP_MS = 10_000;

/**
 * After `switched` with the ignore flag the client closes the WebSocket: as soon as the channel `signaling` is open and no offer that came
 * over the WebSocket is still unanswered, at the latest after 10 s (Q12).
 */
export function switchingOver({ live, inputs$ }: SessionContext): Observable<SessionInput> {
  const ready$ = inputs$.pipe(
    scan(follow, { unanswered: 0, leaving: false }),
    // Asked anew on every input: whether the channel is open is a state, not an event.
    filter(({ unanswered, leaving }) => leaving && unanswered === 0 && live.channels.get('signaling')?.readyState === 'open'),
  );
  const overdue$ = inputs$.pipe(
    filter(leaves),
    switchMap(() => timer(LONGEST_OVERLAP_MS)),
  );
  return race(ready$, overdue$).pipe(
    take(1),
    tap(() => {
      if (live.link !== null) release(live.link.close);
    }),
    ignoreElements(),
  );
}

interface Overlap {
  /** Offers that came over the WebSocket and wait for their answer. */
  readonly unanswered: number;
  readonly leaving: boolean;
}

function follow({ unanswered, leaving }: Overlap, input: SessionInput): Overlap {
  if (leaves(input)) return { unanswered, leaving: true };
  if (input.kind === 'answered' && input.via === 'websocket') return { unanswered: unanswered - 1, leaving };
  const type = input.kind === 'received' && input.via === 'websocket' ? actedType(input) : null;
  return { unanswered: unanswered + (type !== null && OFFERS.includes(type) ? 1 : 0), leaving };
}

const OFFERS: readonly string[] = ['offer', 're-offer', 'update'];

function leaves(input: SessionInput): boolean {
  if (input.kind !== 'received' || input.admission !== 'act' || input.checked.kind !== 'message') return false;
  const { message } = input.checked;
  return message.type === 'switched' && message.ignore_disconnect_websocket;
}

const actedType = ({ admission, checked }: Received): string | null =>
  admission === 'act' && checked.kind === 'message' ? checked.message.type : null;
