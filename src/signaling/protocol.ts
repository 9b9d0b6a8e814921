import type { Via } from '../termination/reason.ts';

/** Where a message came from. */
export interface Arrival {
  readonly type: string;
  readonly via: Via;
  /** Label of the DataChannel, absent on the WebSocket. */
  readonly label?: string;
}

/** How far signaling has come, as far as it decides which messages are in place. */
export interface Place {
  readonly offered: boolean;
  readonly switched: boolean;
}

/** Acted on; out of place and ignored, which the timeline tells; or out of order so that the session ends (T25). */
export type Admission = 'act' | 'ignore' | 'unexpected-message';

/** Which messages act on which label. A label of the application carries no messages of the protocol. */
const LABELS: Readonly<Record<string, readonly string[]>> = {
  signaling: ['re-offer', 'close', 'ping', 'notify', 'push'],
  notify: ['notify'],
  push: ['push'],
  stats: ['req-stats', 'ping'],
};

/**
 * Whether a message of a known type is in place (Q64): before the offer only `offer` and `redirect` count, after it a second `offer` is an
 * anomaly, and everything else out of place is ignored. `close` on the WebSocket is unknown there (Q37).
 */
export function admit({ type, via, label }: Arrival, { offered, switched }: Place): Admission {
  if (type === 'offer' && (via === 'websocket' || label === 'signaling')) return offered ? 'unexpected-message' : 'act';
  if (via === 'datachannel') return LABELS[label ?? '']?.includes(type) === true ? 'act' : 'ignore';
  switch (type) {
    case 'redirect':
      return offered ? 'ignore' : 'act';
    case 'switched':
      return offered && !switched ? 'act' : 'ignore';
    case 're-offer':
    case 'update':
    case 'notify':
    case 'push':
    case 'ping':
      return offered ? 'act' : 'ignore';
    default:
      return 'ignore';
  }
}

/** What a message that was acted on changes. */
export function advance(place: Place, { type }: Arrival, admission: Admission): Place {
  if (admission !== 'act') return place;
  if (type === 'offer') return { ...place, offered: true };
  return type === 'switched' ? { ...place, switched: true } : place;
}
