import type { DataChannelEvent, SessionEvent } from '../model/session-event.ts';
import type { Phase } from '../model/words.ts';
import type { OfferMessage } from '../wire/messages.ts';
import { causeOfHealth, hasFailed, lossOf, peerCloseOf } from './causes.ts';
import type { Health, SafePort, TerminationConfig } from './port.ts';
import type { Loss, PeerClose, TrailingEntry } from './reason.ts';
import { trailingEntry } from './trailing.ts';

/** One event, and what is known after it. The only state that the rules have. */
export interface Step {
  /** Milliseconds on the session's clock. */
  readonly at: number;
  /** Null before the first event. */
  readonly event: SessionEvent | null;
  /** The event has no effect but that live states were read: T07, T11, raw messages, unknown ones (Q29), those out of place (Q64). */
  readonly isInert: boolean;
  readonly health: Health;
  readonly isIceDisconnected: boolean;
  readonly phase: Phase;
  readonly switched: boolean | null;
  /** Null before it; then its values count (Q66), its labels (Q67), its identifiers (Q84). */
  readonly offer: OfferMessage | null;
  readonly connectedAt: number | null;
  /** The close event of the socket that counts; null as long as it has not been delivered (Q69). */
  readonly webSocketClose: PeerClose | null;
  /** The channel `signaling` closed or failed; delivered behind everything that it brought before (Q33). */
  readonly hasSignalingEnded: boolean;
  readonly loss: { readonly at: number; readonly cause: Loss } | null;
  /** The first close that the server sent, over either transport; none once the peer connection has failed (Q38). */
  readonly peer: PeerClose | null;
  readonly trailing: readonly TrailingEntry[];
}

export const FIRST_STEP: Step = {
  at: 0,
  event: null,
  isInert: true,
  health: null,
  isIceDisconnected: false,
  phase: 'idle',
  switched: null,
  offer: null,
  connectedAt: null,
  webSocketClose: null,
  hasSignalingEnded: false,
  loss: null,
  peer: null,
  trailing: [],
};

/**
 * Reads the live state with every event, as the event that announces it may still be queued (Q02). An event from which no rule can learn anything is no
 * step: it gives the last one back.
 */
export function stepAfter(last: Step, event: SessionEvent, port: SafePort, config: TerminationConfig): Step {
  const health = port.health();
  if (isTalk(event) && health === last.health && last.loss === null && !last.isIceDisconnected && !port.isLatched()) return last;
  const at = config.clock.elapsed();
  const isInert = hasNoEffect(event, last);
  const isTrailing = port.isLatched() ? !isInert : event.source === 'session' && event.kind === 'url-failed'; // Q49, Q74
  const trailing = isTrailing ? [...last.trailing, trailingEntry(at, event)] : last.trailing;
  const isIceDisconnected = last.isIceDisconnected && port.isIceDisconnected(); // P23
  const step: Step = { ...last, at, event, isInert, health, isIceDisconnected, trailing };
  return isInert ? step : { ...step, ...learn(step, event, port) };
}

/** The types of messages that say something about the end. */
const FACTUAL: readonly string[] = ['offer', 'switched', 'close'];

/** Most of what a session hears. A loss or a latched cause makes every event an occasion to look again (Q30, Q38). */
const isTalk = (event: SessionEvent): boolean =>
  event.kind === 'message' && (event.source !== 'signaling' || event.ignored === true || !FACTUAL.includes(event.message.type));

function hasNoEffect(event: SessionEvent, { switched }: Step): boolean {
  if (event.source === 'websocket' && switched === true) return true; // T07 T11
  // What a message means is an event of signaling; until then it says nothing, not even that channels have closed behind it (Q33).
  return event.kind === 'message' && (event.source !== 'signaling' || event.ignored === true);
}

/** What an event adds to what is known. */
function learn(step: Step, event: SessionEvent, port: SafePort): Partial<Step> {
  switch (event.source) {
    case 'session':
      if (event.kind === 'opening') return { phase: 'opening', webSocketClose: null };
      return event.kind === 'connect-sent' ? { phase: 'signaling' } : {};
    case 'signaling':
      if (event.kind !== 'message') return {};
      switch (event.message.type) {
        case 'offer':
          return { phase: 'negotiating', offer: event.message as OfferMessage };
        case 'switched':
          // A second one is out of place (Q64). One after the latch comes too late (Q13), and so does one that finds the peer connection failed (Q02).
          return port.isLatched() || causeOfHealth(step.health) !== null
            ? {}
            : { switched: step.switched ?? event.message['ignore_disconnect_websocket'] === true };
        case 'close':
          return withPeer(step, peerCloseOf(event.message));
        default:
          return {};
      }
    case 'websocket': {
      if (event.kind !== 'close') return {};
      const close: PeerClose = { via: 'websocket', code: event.code, reason: event.reason };
      return { webSocketClose: step.webSocketClose ?? close, ...withPeer(step, close) };
    }
    case 'peer-connection':
      return {
        ...(step.phase === 'negotiating' && step.health === 'connected' && { phase: 'connected' as const, connectedAt: step.at }),
        ...(event.kind === 'iceconnectionstatechange' && { isIceDisconnected: port.isIceDisconnected() }),
      };
    case 'datachannel':
      return { ...ofSignalingChannel(event), loss: step.loss ?? lossIn(step, event) };
    default:
      return {};
  }
}

const withPeer = ({ peer, health }: Step, close: PeerClose): Partial<Step> => (peer === null && !hasFailed(health) ? { peer: close } : {});

/** Another channel with the same label takes the place of one that ended (Q39). */
function ofSignalingChannel({ label, kind }: DataChannelEvent): Partial<Step> {
  if (label !== 'signaling') return {};
  if (kind === 'open') return { hasSignalingEnded: false };
  return kind === 'close' || kind === 'error' ? { hasSignalingEnded: true } : {};
}

/** Only announced channels count (Q67), and none once the peer connection has ended. */
function lossIn({ at, health, offer }: Step, event: DataChannelEvent): Step['loss'] {
  const cause = lossOf(event);
  const isAnnounced = offer === null || offer.data_channels?.some(({ label }) => label === event.label) === true;
  const counts = cause !== null && isAnnounced && causeOfHealth(health) === null;
  return counts ? { at, cause } : null;
}
