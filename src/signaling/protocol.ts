import type { Via } from '../termination/reason.ts';
import type { ReceivedMessage } from './messages.ts';

/** Where a message came from. */
export interface Arrival {
  readonly type: string;
  readonly via: Via;
  /** Label of the DataChannel, absent on the WebSocket. */
  readonly label?: string;
}

/** How far signaling has come, as far as it decides which messages are in place. */
export interface Place {
  /** What the offer said of DataChannels; null before it. */
  readonly offered: { readonly dataChannelSignaling: boolean } | null;
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
  if (type === 'offer' && (via === 'websocket' || label === 'signaling')) return offered === null ? 'act' : 'unexpected-message';
  if (via === 'datachannel') return LABELS[label ?? '']?.includes(type) === true ? 'act' : 'ignore';
  switch (type) {
    case 'redirect':
      return offered === null ? 'act' : 'ignore';
    case 'switched':
      // Where the offer brought no channels there is nothing to switch to.
      return offered?.dataChannelSignaling === true && !switched ? 'act' : 'ignore';
    case 're-offer':
    case 'update':
    case 'notify':
    case 'push':
    case 'ping':
      return offered === null ? 'ignore' : 'act';
    default:
      return 'ignore';
  }
}

/** What a message that is acted on changes; `requested` counts where the offer does not say (Q66). */
export function advance(place: Place, message: ReceivedMessage, requested: boolean): Place {
  if (message.type === 'offer') return { ...place, offered: { dataChannelSignaling: message.data_channel_signaling ?? requested } };
  return message.type === 'switched' ? { ...place, switched: true } : place;
}
