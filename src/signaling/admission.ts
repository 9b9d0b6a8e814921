import type { Via } from '../model/words.ts';

/** Where signaling stands, as far as it decides which messages are in place. */
export interface Place {
  /** Whether `connect` was sent, since the last redirect. */
  readonly isConnectSent: boolean;
  readonly hasOffer: boolean;
  /** Whether the offer, or the client where the offer is silent, wants signaling over DataChannels. */
  readonly dataChannelSignaling: boolean;
  readonly hasSwitched: boolean;
}

/** Acted on; out of place and ignored, with a note in the timeline; or so much out of order that the session ends (T25). */
export type Admission = 'act' | 'ignore' | 'unexpected-message';

/** The messages that act on each label. The labels of the application carry no messages of the protocol. */
const LABELS: ReadonlyMap<string | undefined, readonly string[]> = new Map([
  ['signaling', ['re-offer', 'close', 'ping', 'notify', 'push']],
  ['notify', ['notify']],
  ['push', ['push']],
  ['stats', ['req-stats', 'ping']],
]);

/**
 * Whether a message is in place (Q64): before the offer only `redirect` and, once `connect` was sent, `offer` are, after it a second `offer` is an anomaly,
 * and everything else out of place is ignored, also what has an unknown type (Q29). `close` is unknown on the WebSocket (Q37).
 */
export function admit(type: string, via: Via, label: string | undefined, place: Place): Admission {
  const { hasOffer } = place;
  if (type === 'offer' && (via === 'websocket' || label === 'signaling')) {
    if (hasOffer) return 'unexpected-message';
    return place.isConnectSent ? 'act' : 'ignore';
  }
  if (via === 'datachannel') return LABELS.get(label)?.includes(type) === true ? 'act' : 'ignore';
  switch (type) {
    case 'redirect':
      return hasOffer ? 'ignore' : 'act';
    case 'switched':
      // An offer without DataChannels leaves nothing to switch to.
      return hasOffer && place.dataChannelSignaling && !place.hasSwitched ? 'act' : 'ignore';
    case 're-offer':
    case 'update':
    case 'notify':
    case 'push':
    case 'ping':
      return hasOffer ? 'act' : 'ignore';
    default:
      return 'ignore';
  }
}
