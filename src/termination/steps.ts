import { BehaviorSubject, NEVER, type Observable, catchError, concat, scan, share } from 'rxjs';
import type { SessionEvent } from '../model/session-event.ts';
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
  /** The event has no effect but that live states were read: T07, T11, unknown messages (Q29), messages out of place (Q64). */
  readonly isInert: boolean;
  readonly health: Health;
  readonly isIceDisconnected: boolean;
  readonly phase: Phase;
  readonly switched: boolean | null;
  readonly isDataChannelOnly: boolean;
  /** The labels that the offer announced; null before it, when every channel counts (Q67). */
  readonly labels: readonly string[] | null;
  readonly channelId: string;
  readonly connectionId: string | null;
  readonly sessionId: string | null;
  readonly connectedAt: number | null;
  /** The close event of the socket that counts; null as long as it has not been delivered (Q69). */
  readonly webSocketClose: PeerClose | null;
  /** The channel `signaling` closed or failed; delivered behind everything that it brought before (Q33). */
  readonly hasSignalingEnded: boolean;
  readonly loss: { readonly at: number; readonly cause: Loss } | null;
  /** The first close that the server sent, over either transport; none once the peer connection has failed (Q38). */
  readonly peer: PeerClose | null;
  readonly isLatched: boolean;
  readonly trailing: readonly TrailingEntry[];
}

export function firstStep(config: TerminationConfig): Step {
  return {
    at: 0,
    event: null,
    isInert: true,
    health: null,
    isIceDisconnected: false,
    phase: 'idle',
    switched: null,
    isDataChannelOnly: config.dataChannelSignaling && config.ignoreDisconnectWebSocket,
    labels: null,
    channelId: config.channelId,
    connectionId: null,
    sessionId: null,
    connectedAt: null,
    webSocketClose: null,
    hasSignalingEnded: false,
    loss: null,
    peer: null,
    isLatched: false,
    trailing: [],
  };
}

/** Events reduced to steps, one at a time. Hot once subscribed; replays the latest step. A source that ends or fails ends nothing. */
export function steps(event$: Observable<SessionEvent>, port: SafePort, config: TerminationConfig): Observable<Step> {
  const first = firstStep(config);
  return concat(event$.pipe(catchError(() => NEVER)), NEVER).pipe(
    scan((last, event) => stepAfter(last, event, port, config), first),
    share({ connector: () => new BehaviorSubject(first) }),
  );
}

/** Reads the live state with every event, as the event that announces it may still be queued (Q02). */
export function stepAfter(last: Step, event: SessionEvent, port: SafePort, config: TerminationConfig): Step {
  const at = config.clock.elapsed();
  const health = port.health();
  const isInert = hasNoEffect(event, last);
  const isTrailing = last.isLatched ? !isInert : event.source === 'session' && event.kind === 'url-failed'; // Q49, Q74
  const trailing = isTrailing ? [...last.trailing, trailingEntry(at, event)] : last.trailing;
  const step: Step = { ...last, at, event, isInert, health, trailing };
  return isInert ? step : { ...step, ...learn(step, event, port, config) };
}

function hasNoEffect(event: SessionEvent, { switched }: Step): boolean {
  if (event.source === 'websocket') return switched === true && (event.kind === 'close' || event.kind === 'error'); // T07 T11
  return event.source === 'signaling' && event.kind === 'message' && event.ignored === true;
}

/** What an event adds to what is known. */
function learn(step: Step, event: SessionEvent, port: SafePort, config: TerminationConfig): Partial<Step> {
  switch (event.source) {
    case 'session':
      if (event.kind === 'opening') return { phase: 'opening', webSocketClose: null };
      return event.kind === 'connect-sent' ? { phase: 'signaling' } : {};
    case 'signaling':
      if (event.kind !== 'message') return {};
      switch (event.message.type) {
        case 'offer':
          return ofOffer(event.message as OfferMessage, config);
        case 'switched':
          // A second one is out of place (Q64), and one after the latch comes too late (Q13).
          return step.isLatched ? {} : { switched: step.switched ?? event.message['ignore_disconnect_websocket'] === true };
        case 'close':
          return withPeer(step, peerCloseOf(event.message));
        default:
          return {};
      }
    case 'websocket': {
      if (event.kind !== 'close') return {};
      const webSocketClose: PeerClose = { via: 'websocket', code: event.code, reason: event.reason };
      return { webSocketClose, ...withPeer(step, webSocketClose) };
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

/** The offer decides the configuration (Q66) and carries the identifiers (Q84). */
function ofOffer(offer: OfferMessage, config: TerminationConfig): Partial<Step> {
  const isMoving = offer.data_channel_signaling ?? config.dataChannelSignaling;
  return {
    phase: 'negotiating',
    isDataChannelOnly: isMoving && (offer.ignore_disconnect_websocket ?? config.ignoreDisconnectWebSocket),
    labels: (offer.data_channels ?? []).map(({ label }) => label),
    channelId: offer.channel_id ?? config.channelId,
    connectionId: offer.connection_id,
    sessionId: offer.session_id ?? null,
  };
}

const withPeer = ({ peer, health }: Step, close: PeerClose): Partial<Step> => (peer === null && !hasFailed(health) ? { peer: close } : {});

/** Another channel with the same label takes the place of one that ended (Q39). */
function ofSignalingChannel({ label, kind }: SessionEvent & { readonly source: 'datachannel' }): Partial<Step> {
  if (label !== 'signaling') return {};
  if (kind === 'open') return { hasSignalingEnded: false };
  return kind === 'close' || kind === 'error' ? { hasSignalingEnded: true } : {};
}

/** Only announced channels count (Q67), and none once the peer connection has ended. */
function lossIn({ at, health, labels }: Step, event: SessionEvent & { readonly source: 'datachannel' }): Step['loss'] {
  const cause = lossOf(event);
  const counts = cause !== null && labels?.includes(event.label) !== false && causeOfHealth(health) === null;
  return counts ? { at, cause } : null;
}
