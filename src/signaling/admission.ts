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

/**
 * The messages that act on the WebSocket, which has no label, and on each label, once there is an offer. The labels of the application carry no messages of
 * the protocol, and `close` is unknown on the WebSocket (Q37).
 */
const ACTING: ReadonlyMap<string | undefined, readonly string[]> = new Map([
  [undefined, ['switched', 're-offer', 'update', 'notify', 'push', 'ping']],
  ['signaling', ['re-offer', 'close', 'ping', 'notify', 'push']],
  ['notify', ['notify']],
  ['push', ['push']],
  ['stats', ['req-stats', 'ping']],
]);

/**
 * Whether a message is in place (Q64): before the offer only `redirect` and, once `connect` was sent, `offer` are, after it a second `offer` is an anomaly,
 * and everything else out of place is ignored, also what has an unknown type (Q29).
 *
 * @param label of the channel that it came over; undefined for the WebSocket
 */
export function admit(type: string, label: string | undefined, place: Place): Admission {
  const { hasOffer, isConnectSent, dataChannelSignaling, hasSwitched } = place;
  if (type === 'offer' && hasOffer && (label === undefined || label === 'signaling')) return 'unexpected-message';
  const isInPlace = hasOffer
    ? // An offer without DataChannels leaves nothing to switch to.
      ACTING.get(label)?.includes(type) === true && (type !== 'switched' || (dataChannelSignaling && !hasSwitched))
    : label === undefined && (type === 'redirect' || (type === 'offer' && isConnectSent));
  return isInPlace ? 'act' : 'ignore';
}
