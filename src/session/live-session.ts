import { BehaviorSubject, Subscription } from 'rxjs';
import type { DataChannelEvent, PeerConnectionEvent, ProgressEvent, SessionEvent, SignalingEvent, WebSocketEvent } from '../model/session-event.ts';
import type { DisconnectTrigger, Via } from '../model/words.ts';
import type { Platform } from '../platform/platform.ts';
import { quietly } from '../platform/quietly.ts';
import { release } from '../platform/release.ts';
import type { PeerConnectionLike } from '../platform/w3c.ts';
import { createChannels } from '../signaling/channels.ts';
import { storedZlib } from '../signaling/codec.ts';
import { createInbound } from '../signaling/inbound.ts';
import { type OfferedChannel, isOwn, offeredChannels } from '../signaling/offered-channels.ts';
import { type Outbox, createOutbox } from '../signaling/outbox.ts';
import { SoraSendError } from '../signaling/send-error.ts';
import { createSockets } from '../signaling/sockets.ts';
import { type DisconnectMessage, safePort } from '../termination/port.ts';
import type { Termination } from '../termination/reason.ts';
import { firstStep, stepAfter } from '../termination/steps.ts';
import { terminationOf } from '../termination/termination.ts';
import type { TimelineItem } from '../timeline/timeline-item.ts';
import { createRemoteTracks } from '../tracks/remote-tracks.ts';
import { attach } from '../transports/attach.ts';
import { utf8Bytes } from '../transports/bytes.ts';
import { observePeerConnection } from '../transports/peer-connection.ts';
import type { OfferMessage } from '../wire/messages.ts';
import type { NotifyMessage } from '../wire/notify.ts';
import { startClock } from './clock.ts';
import { failureOf, secretsIn } from './failure.ts';
import type { SessionConfig } from './options.ts';
import { type Presence, createPresence } from './presence.ts';
import { signalingEvent } from './receive.ts';
import { createSerialQueue } from './serial-queue.ts';
import { createService } from './service.ts';
import type { ConnectedInfo, DataChannelInfo, DataMessage, SessionState, SignalingTraffic } from './session.ts';
import type { Streams } from './streams.ts';

/** A session that has started, until it has ended. */
export interface LiveSession {
  readonly now: () => number;
  readonly presence: Presence;
  readonly outbox: Outbox;
  readonly peerConnection: () => PeerConnectionLike | null;
  readonly offer: () => OfferMessage | null;
  readonly offered: (label: string) => OfferedChannel | undefined | null;
  readonly hasAnswered: () => boolean;
  readonly isEnding: () => boolean;
  readonly dataChannels: () => readonly DataChannelInfo[];
  readonly remoteStreams: () => readonly unknown[];
  end(trigger: DisconnectTrigger): void;
}

/** What a live session reports to the object that the application holds. */
export interface SessionHost {
  readonly streams: Streams;
  readonly record: (item: TimelineItem) => void;
  readonly changeState: (state: SessionState) => void;
  readonly connected: (info: ConnectedInfo) => void;
  readonly ended: (termination: Termination) => void;
}

/**
 * Starts a session: sockets first, as their opening takes longest, then everything else. Every native event becomes one value, which is handled in its
 * turn: reduced to a step, seen by the termination, published, and answered.
 *
 * @param urls none for a session that ends before it connects (Q80)
 */
export function startSession(config: SessionConfig, platform: Platform, urls: readonly string[], host: SessionHost): LiveSession {
  const { streams, record } = host;
  const { inTurn, next } = createSerialQueue((error) => fail(error, 'session'));
  const clock = startClock(platform.now);
  const now = clock.elapsed;
  const natives = new Subscription();
  let isLatched = false;
  let isOver = false;
  let peerConnection: PeerConnectionLike | null = null;
  let isPeerConnectionClosed = false;
  let offer: OfferMessage | null = null;
  let offered: ReadonlyMap<string, OfferedChannel> | null = null;

  // Sockets first: everything else is composed while they open. What happens meanwhile waits for its turn.
  const sockets = createSockets({
    platform,
    now,
    policy: config.signalingUrlPolicy,
    limitMs: config.timeouts.signalingUrlMs,
    emit: (event, counts) => inTurn(() => onSocketEvent(event, counts)),
    refused: (error) => inTurn(() => fail(error, 'websocket')),
  });
  let live: LiveSession | undefined;
  inTurn(() => {
    if (urls.length > 0) sockets.open(urls);
    live = compose();
  });
  return live as LiveSession;
