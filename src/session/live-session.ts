import { BehaviorSubject } from 'rxjs';
import type { DataChannelEvent, PeerConnectionEvent, SessionEvent, SignalingEvent, WebSocketEvent } from '../model/session-event.ts';
import type { DisconnectTrigger, Via } from '../model/words.ts';
import type { Platform } from '../platform/platform.ts';
import { release } from '../platform/release.ts';
import type { PeerConnectionLike } from '../platform/w3c.ts';
import { guardedText } from '../redaction/redaction.ts';
import { createChannels } from '../signaling/channels.ts';
import { storedZlib } from '../signaling/codec.ts';
import { createInbound } from '../signaling/inbound.ts';
import { createNegotiation } from '../signaling/negotiation.ts';
import { type OfferedChannel, isOwn, offeredChannels } from '../signaling/offered-channels.ts';
import { type DataChannelInfo, openChannels } from '../signaling/open-channels.ts';
import { type Outbox, createOutbox } from '../signaling/outbox.ts';
import { createSockets } from '../signaling/sockets.ts';
import { beginThrowAwayOffer } from '../signaling/throw-away-offer.ts';
import { type DisconnectMessage, safePort } from '../termination/port.ts';
import type { Termination } from '../termination/reason.ts';
import { FIRST_STEP, stepAfter } from '../termination/steps.ts';
import { terminationOf } from '../termination/termination.ts';
import type { TimelineItem } from '../timeline/timeline-item.ts';
import { type RemoteStream, createRemoteTracks } from '../tracks/remote-tracks.ts';
import { attach } from '../transports/attach.ts';
import { utf8Bytes } from '../transports/bytes.ts';
import { observePeerConnection } from '../transports/peer-connection.ts';
import type { OfferMessage } from '../wire/messages.ts';
import type { NotifyMessage } from '../wire/notify.ts';
import { startClock } from './clock.ts';
import { failureOf } from './failure.ts';
import type { SessionConfig } from './options.ts';
import { type Presence, createPresence } from './presence.ts';
import { signalingEvent } from './receive.ts';
import { createSerialQueue } from './serial-queue.ts';
import { createService } from './service.ts';
import type { ConnectedInfo, DataMessage, SessionState, SignalingTraffic } from './session.ts';
import type { Streams } from './streams.ts';

/** What a live session reports to the object that the application holds. */
export interface SessionHost extends Pick<Streams, 'emit'> {
  /** @param size of the text of a message */
  readonly record: (item: TimelineItem, size?: number) => void;
  readonly changeState: (state: SessionState) => void;
  readonly connected: (info: ConnectedInfo) => void;
  /** In a task of its own after that: time for what nobody waits for. */
  readonly idle: () => void;
  readonly ended: (termination: Termination) => void;
}

/** A session from its start to its end. */
export interface LiveSession {
  /** Milliseconds on the session's clock. */
  readonly now: () => number;
  readonly outbox: Outbox;
  readonly presence: Presence;
  readonly offer: () => OfferMessage | null;
  /** What the offer announced for a label: undefined for a label that it did not announce, null before the offer. */
  readonly offered: (label: string) => OfferedChannel | undefined | null;
  /** Null before the offer and after the end. */
  readonly peerConnection: () => PeerConnectionLike | null;
  /** Whether the first answer was sent. */
  readonly hasAnswered: () => boolean;
  readonly remoteStreams: () => readonly RemoteStream[];
  readonly dataChannels: () => readonly DataChannelInfo[];
  /** Called once. Observers may call back, so the session has to be known to its owner before. */
  readonly start: () => void;
  readonly end: (trigger: DisconnectTrigger) => void;
}

/**
 * Opens the sockets of a session and composes the rest of it. A native event becomes one value, once, and is handled in its turn: reduced to a step that the termination sees before anybody else,
 * then published, then served.
 *
 * @param urls none for a session that ends before it connects (Q80)
 */
export function startSession(config: SessionConfig, platform: Platform, urls: readonly string[], host: SessionHost): LiveSession {
  const { emit, record, changeState } = host;
  const { inTurn, next, start: startQueue } = createSerialQueue((error) => fail(error, 'session'));
  const clock = startClock(platform.now);
  const now = clock.elapsed;
  const detach: (() => void)[] = [];
  let offer: OfferMessage | null = null;
  let offered: ReadonlyMap<string, OfferedChannel> | null = null;
  let peerConnection: PeerConnectionLike | null = null;
  let isEnding = false;
  let isOver = false;
  let writtenChannels = '[]';

  const sockets = createSockets({
    platform,
    now,
    policy: config.signalingUrlPolicy,
    limitMs: config.timeouts.signalingUrlMs,
    emit: (event, counts) => inTurn(() => (event.source === 'session' ? handle(event) : onWebSocket(event, counts))),
    refused: (error, url) =>
      inTurn(() => {
        record({ source: 'websocket', kind: 'other', at: now(), url, what: 'refused' });
        fail(error, 'websocket');
      }),
  });
  // The socket and the throw-away offer take longest, so everything else is composed while the browser works on them; what they report waits until the queue starts.
  try {
    if (urls.length > 0) sockets.open(urls);
  } catch (error) {
    inTurn(() => fail(error, 'websocket'));
  }
  const negotiation = createNegotiation({ ...config, platform, isOver: () => isEnding });
  const throwAway = urls.length > 0 ? beginThrowAwayOffer(platform, negotiation.sender) : null;

  const offeredFor = (label: string): OfferedChannel | undefined | null => (offered === null ? null : offered.get(label));
  const channels = createChannels(now, (event) => inTurn(() => onDataChannel(event)));
  const outbox = createOutbox({ offered: offeredFor, channel: channels.get, platform, inTurn, isHeld: () => isEnding });
  const presence = createPresence();
  const remoteTracks = createRemoteTracks(
    () => offer?.connection_id ?? null,
    (stream, remote) => {
      emit('remoteStreams$', remoteTracks.streams());
      emit(stream, remote);
    },
  );
  const inbound = createInbound({
    platform,
    now,
    offered: (label) => offered?.get(label),
    decodeMs: config.timeouts.disconnectMs,
    inTurn,
    onEvent(event) {
      apply(event);
      if (isEnding) return;
      outbox.flush();
      service.channelChanged();
    },
    onServerMessage,
    onData({ label }, { data, senderConnectionId }) {
      const message: DataMessage = senderConnectionId === undefined ? { label, data } : { label, data, senderConnectionId };
      emit(label, message);
      emit('messages', message);
    },
    onDropped: drop,
  });
  const service = createService({
    config,
    platform,
    negotiation,
    now,
    inTurn,
    sockets,
    outbox,
    remoteTracks,
    apply,
    fail,
    sendOverWebSocket,
    noteSent,
    offer: () => offer,
    peerConnection: () => peerConnection,
    isSignalingOpen: () => channels.get('signaling')?.readyState === 'open',
    accept(message) {
      offer = message;
      offered = offeredChannels(message);
    },
    observe(made) {
      peerConnection = made;
      const stop = observePeerConnection(made, now, (event) => {
        if (event.kind === 'datachannel') channels.expect(event.channel); // closed with the session even if its turn never comes (P16)
        inTurn(() => onPeerConnection(event));
      });
      detach.push(stop);
    },
    connected: host.connected,
    idle: host.idle,
    answered: () => emit('answered', null),
  });

  const terminationConfig = { ...config, clock };
  let isPeerConnectionClosed = false;
  const port = safePort(
    {
      latched() {
        isEnding = true;
        changeState('ending');
        service.stop();
        sockets.stop();
      },
      send: sendDisconnect,
      close: () => [
        ...channels.close(),
        ...(sockets.close() ? [] : ['websocket']),
        ...(release(() => {
          service.discard();
          if (peerConnection === null || isPeerConnectionClosed) return undefined;
          isPeerConnectionClosed = true;
          return peerConnection.close();
        })
          ? []
          : ['peer-connection']),
      ],
      webSocketState: sockets.state,
      dataChannelStates: channels.states,
      connectionState: () => (peerConnection === null ? null : peerConnection.connectionState),
      iceConnectionState: () => peerConnection?.iceConnectionState ?? null,
    },
    config,
  );
  const stepSubject = new BehaviorSubject(FIRST_STEP);

  return {
    now,
    outbox,
    presence,
    offer: () => offer,
    offered: offeredFor,
    peerConnection: () => (isOver ? null : peerConnection),
    hasAnswered: service.hasAnswered,
    remoteStreams: remoteTracks.streams,
    dataChannels: () => openChannels(offered, channels.get),
    start: () =>
      startQueue(() => {
        // eslint-disable-next-line rxjs-x/no-ignored-subscription -- ends the session, and with it
        terminationOf(stepSubject.asObservable(), port, terminationConfig).subscribe((termination) => next(() => finish(termination)));
        if (throwAway === null) return;
        apply({ source: 'session', kind: 'opening', at: now() });
        listenToPageAndSignal();
        service.start(throwAway);
      }),
    end,
  };

  /** Reduces an event; the termination sees the step before anybody else does. */
  function apply(event: SessionEvent): void {
    if (isOver) return;
    const last = stepSubject.value;
    const step = stepAfter(last, event, port, terminationConfig);
    if (step === last) return;
    stepSubject.next(step);
    const { phase } = last;
    const { phase: reached, connectedAt } = stepSubject.value;
    if (isEnding || reached === phase || reached === 'idle') return;
    changeState(reached);
    if (connectedAt !== null) service.connected(connectedAt);
  }

  function handle(event: Exclude<SessionEvent, DataChannelEvent | PeerConnectionEvent>): void {
    if (isOver) return;
    record(event);
    apply(event);
  }

  function end(trigger: DisconnectTrigger): void {
    inTurn(() => handle({ source: 'application', kind: 'disconnect', at: now(), trigger }));
  }

  /** A step of the SDK failed (T26). What fails after the cause is dropped (Q61). */
  function fail(error: unknown, where: string): void {
    if (isEnding) return;
    const failure = failureOf(error, where, service.secrets());
    const { redaction } = config;
    const message = redaction === undefined ? failure.message : guardedText(redaction)(failure.message);
    handle({ source: 'sdk', kind: 'failure', at: now(), ...failure, message });
  }

  function onWebSocket(event: WebSocketEvent, counts: boolean): void {
    if (isOver) return;
    if (!counts) record({ source: 'websocket', kind: 'other', at: event.at, url: event.url, what: event.kind });
    else if (event.kind === 'message') receive(signalingEvent(event.data, { at: event.at, via: 'websocket' }, place()), event.data.length);
    else handle(event);
    emit('webSocket$', event);
    if (counts && event.kind === 'open' && !isEnding) service.webSocketOpened();
  }

  function onPeerConnection(event: PeerConnectionEvent): void {
    if (isOver) return;
    record(recordable(event));
    apply(event);
    emit('peerConnection$', event);
    if (event.kind === 'datachannel') {
      channels.adopt(event.channel);
      if (!isEnding) service.channelChanged(); // it may be open already, while its own event waits for a decoding
    } else if (event.kind === 'track') remoteTracks.add(event);
    else if (event.kind === 'icecandidate' && !isEnding) service.candidate(event.candidate);
  }

  /** The event as it happens; what the rules see of it may have to wait for a decoding (Q33). */
  function onDataChannel(event: DataChannelEvent): void {
    const { source, at, label } = event;
    if (isOver) return;
    if (event.kind !== 'message') record(event);
    else if (isOwn(label)) record({ source, kind: 'message', at, label, bytes: event.data.length });
    inbound.accept(event);
    emit('dataChannel$', event);
    if (isOwn(label) && event.kind !== 'message' && event.kind !== 'bufferedamountlow') updateDataChannels();
  }

  function updateDataChannels(): void {
    const open = openChannels(offered, channels.get);
    const written = JSON.stringify(open);
    if (written !== writtenChannels) emit('dataChannels$', open);
    writtenChannels = written;
  }

  /** @param payload null where it could not be decoded */
  function onServerMessage(raw: DataChannelEvent, payload: string | Uint8Array | null): void {
    const { at, label } = raw;
    const via = 'datachannel';
    if (isOver) return;
    if (label === 'rpc') {
      record({ source: 'signaling', kind: 'rpc-received', via, label, at, message: payload }, payload?.length);
      emit('rpc', payload);
      return;
    }
    const event = signalingEvent(payload, { at, via, label }, place());
    // Only on `signaling` is a message that cannot be understood an anomaly (Q65).
    if (event.kind === 'invalid' && label !== 'signaling') drop(raw, event.what);
    else receive(event, payload?.length);
  }

  /** What a message means is lost; that it came is an occasion to look at live states (Q02), that its time is up is none. */
  function drop(raw: DataChannelEvent, why: string): void {
    record({ source: 'datachannel', kind: 'dropped', at: now(), label: raw.label, why });
    if (why !== 'late') apply(raw);
  }

  function receive(event: SignalingEvent, size?: number): void {
    record(event, size);
    apply(event);
    if (event.kind === 'invalid') return;
    const { message } = event;
    const { type } = message;
    emitTraffic('received', event, message);
    if (event.ignored === true) return;
    if (type === 'notify') presence.take(message as NotifyMessage);
    if (PUBLISHED.includes(type)) emit(`${type}$`, message);
    if (!isEnding) service.serve(event);
  }

  /** Where signaling stands. */
  function place(): Parameters<typeof signalingEvent>[2] {
    return {
      isConnectSent: stepSubject.value.phase !== 'opening',
      hasOffer: offer !== null,
      dataChannelSignaling: offer?.data_channel_signaling ?? config.dataChannelSignaling ?? false,
      hasSwitched: stepSubject.value.switched !== null,
    };
  }

  /** Throws what the socket throws. */
  function sendOverWebSocket(message: { readonly type: string }): void {
    const text = JSON.stringify(message);
    sockets.send(text);
    noteSent('websocket', message, text);
  }

  function sendDisconnect(via: Via, message: DisconnectMessage): boolean {
    if (via === 'websocket') sendOverWebSocket(message);
    else {
      const text = JSON.stringify(message);
      const isCompressed = offered?.get('signaling')?.compress === true;
      channels.get('signaling')?.send((isCompressed ? storedZlib(utf8Bytes(text)) : text) as never);
      noteSent(via, message, text, 'signaling');
    }
    return true;
  }

  function noteSent(via: Via, message: { readonly type: string }, text: string, label?: string): void {
    const where = { at: now(), via, ...(label !== undefined && { label }) };
    record({ source: 'signaling', kind: 'sent', message, ...where }, text.length);
    emitTraffic('sent', where, message);
  }

  function emitTraffic(
    direction: SignalingTraffic['direction'],
    { at, via: transport = 'websocket', label }: Pick<SignalingEvent, 'at' | 'via' | 'label'>,
    message: SignalingTraffic['message'],
  ): void {
    const traffic: SignalingTraffic = { direction, transport, at, ...(label !== undefined && { label }), message };
    emit('signaling$', traffic);
  }

  /** The page goes away (Q56), or the application aborts (Q79). */
  function listenToPageAndSignal(): void {
    const { page } = platform;
    const { signal } = config;
    if (page) detach.push(attach(page, { pagehide: () => end('pagehide') }));
    if (signal) detach.push(attach(signal, { abort: () => end('abort-signal') }));
  }

  /** Everything is closed: nothing is heard any more, and the value is emitted. Whoever gets it finds no listener left. */
  function finish(termination: Termination): void {
    isOver = true;
    for (const part of [inbound, sockets, channels, remoteTracks]) part.detach();
    for (const remove of detach) remove();
    updateDataChannels();
    host.ended(termination);
  }
}

/** The types of messages that have a stream of their own. */
const PUBLISHED: readonly string[] = ['offer', 'notify', 'push', 'switched'];

/** Live objects do not stay in the timeline. */
function recordable(event: PeerConnectionEvent): TimelineItem {
  const { source, at } = event;
  if (event.kind === 'track') return { source, kind: 'track', at, track: event.track.kind, connectionId: event.streams[0]?.id ?? null };
  return event.kind === 'datachannel' ? { source, kind: 'datachannel', at, label: event.channel.label } : event;
}
