import { type Observable, filter, map, merge, scan, startWith } from 'rxjs';
import { internalsOf } from '../session/internals.ts';
import type { Session } from '../session/session.ts';

/** What signaling says that the health of a call is read from. */
export interface Heard {
  /** When the server's last `ping` came over the WebSocket; null before the first. */
  readonly pingAt: number | null;
  /** The longer of the last two times between pings; null as long as there were none. */
  readonly pingPeriodMs: number | null;
  /** The times between pings, the last two. */
  readonly pingGaps: readonly number[];
  /** When it was last told that others send something else than before. */
  readonly changedAt: number;
  /** Signaling has left the WebSocket for good. */
  readonly hasLeftWebSocket: boolean;
}

type Fact = { readonly kind: 'ping' | 'changed'; readonly at: number } | { readonly kind: 'switched'; readonly leaves: boolean };

/** What is heard, now and after every message that counts. Cold; ends with the session. */
export function heardOn(session: Session): Observable<Heard> {
  const { live, history } = internalsOf(session);
  const changed = (): Fact => ({ kind: 'changed', at: live()?.now() ?? 0 });
  const hasLeftWebSocket = history().some(
    (item) => item.source === 'signaling' && item.kind === 'message' && leavesWebSocket(item.message),
  );
  return merge(
    session.signaling$.pipe(
      filter(({ direction, transport, message }) => direction === 'received' && transport === 'websocket' && message.type === 'ping'),
      map(({ at }): Fact => ({ kind: 'ping', at })),
    ),
    session.switched$.pipe(map((message): Fact => ({ kind: 'switched', leaves: leavesWebSocket(message) }))),
    session.notify$.pipe(
      filter(({ event_type: type }) => CHANGES.test(type)),
      map(changed),
    ),
    session.removeTrack$.pipe(map(changed)),
  ).pipe(scan(after, { ...NOTHING_HEARD, hasLeftWebSocket }), startWith({ ...NOTHING_HEARD, hasLeftWebSocket }));
}

/** Who leaves, and what the server forwards. `connection.updated` comes every minute and says nothing of it. */
const CHANGES = /^(connection\.destroyed|spotlight\..*|simulcast\.switched)$/;

const NO_PINGS = { pingAt: null, pingPeriodMs: null, pingGaps: [] } as const;
/** Before anything was heard. */
export const NOTHING_HEARD: Heard = { ...NO_PINGS, changedAt: 0, hasLeftWebSocket: false };

function after(heard: Heard, fact: Fact): Heard {
  switch (fact.kind) {
    case 'changed':
      return { ...heard, changedAt: fact.at };
    case 'switched':
      // Whether pings go on after it is for the server to say, so that they are learned anew.
      return { ...heard, ...NO_PINGS, hasLeftWebSocket: fact.leaves };
    case 'ping': {
      if (heard.pingAt === null) return { ...heard, pingAt: fact.at };
      const pingGaps = [...heard.pingGaps.slice(-1), fact.at - heard.pingAt];
      return { ...heard, pingAt: fact.at, pingGaps, pingPeriodMs: pingGaps.length > 1 ? Math.max(...pingGaps) : null };
    }
  }
}

const leavesWebSocket = (message: { readonly type: string; readonly ignore_disconnect_websocket?: unknown }): boolean =>
  message.type === 'switched' && message.ignore_disconnect_websocket === true;
