import { AsyncSubject, BehaviorSubject, Subscription, type Observable } from 'rxjs';
import type { Agreement } from '../agreement.ts';
import type { Channel } from '../channel/channel.ts';
import type { MediaSource } from '../channel/media-source.ts';
import type { Member } from '../channel/member.ts';
import type { ActionFault, FaultMoment, ShapingFault } from '../faults/fault.ts';
import { isShapingFault } from '../faults/fault-kinds.ts';
import type { FaultList } from '../faults/fault-list.ts';
import type { ShapingFaults } from '../faults/shaping-faults.ts';
import type { LabConnectionEnd, LabConnectionState } from '../lab-connection.ts';
import type { LabSettings } from '../lab-options.ts';
import type { LabLog } from '../log/lab-log.ts';
import type { LabLogEntry } from '../log/log-entry.ts';
import { MemberMedia } from '../media/member-media.ts';
import { observe } from '../observe.ts';
import { answerRpc } from '../rpc/answer-rpc.ts';
import type { RpcCaller } from '../rpc/rpc-caller.ts';
import type { RtcEndpoint, RtcPeer, RtcPeerOptions, RtcPeerState } from '../rtc/endpoint.ts';
import { closeReason } from '../wire/close-frame.ts';
import type { ForwardingFilter } from '../wire/forwarding-filter.ts';
import { withoutUndefined, type JsonObject } from '../wire/json.ts';
import type { NotifyMetadata, NotifySubject } from '../wire/notify-message.ts';
import type { Transport } from '../wire/words.ts';
import { ConnectionLog } from './connection-log.ts';
import { DataChannels } from './data-channels.ts';
import { FaultInjector } from './fault-injector.ts';
import type { Inbound } from './inbound.ts';
import { KeepAlive } from './keep-alive.ts';
import { MessageReceiver } from './message-receiver.ts';
import { MessageSender } from './message-sender.ts';
import { Negotiation, type AnswerOutcome } from './negotiation.ts';
import { sendFirstOffer } from './offer-message.ts';
import { RateLimit } from './rate-limit.ts';
import { planShutdown } from './shutdown-plan.ts';
import { shutDown } from './shutdown.ts';
import type { SignalingSocket, SocketClose } from './signaling-socket.ts';
import { switchToDataChannels } from './switch-to-data-channels.ts';
import { delay, intervalOrNever, timerOrNever } from './timers.ts';
import { UserMessages } from './user-messages.ts';

/** What a connection is made from. */
export interface ConnectionParts {
  readonly agreement: Agreement;
  /** The `connect` message as received. */
  readonly connect: JsonObject;
  readonly socket: SignalingSocket;
  readonly endpoint: RtcEndpoint;
  readonly channel: Channel;
  readonly settings: LabSettings;
  readonly log: LabLog;
  readonly faults: FaultList;
  readonly shaping: ShapingFaults;
  readonly node: string;
}

const MINUTE_MS = 60_000;
const MAX_TIMER_MS = 2_147_483_647;
/** Longer than the lab's own connect timeout, so that the endpoint's never fires first. */
const BEYOND_CONNECT_TIMEOUT_MS = 5000;

const peerOptions = (agreement: Agreement, settings: LabSettings): RtcPeerOptions => ({
  dataChannels: agreement.mode !== 'websocket',
  maxMessageSizeBytes: settings.maxDataChannelMessageBytes,
  supervision: {
    checkingTimeoutMs: settings.iceDisconnectedTimeoutMs,
    disconnectedTimeoutMs: settings.iceFailedTimeoutMs,
    connectTimeoutMs:
      settings.connectTimeoutMs === 0 ? MAX_TIMER_MS : Math.min(MAX_TIMER_MS, settings.connectTimeoutMs + BEYOND_CONNECT_TIMEOUT_MS),
  },
});

/** One client from its accepted `connect` to its last datagram. */
export class Connection implements Member, RpcCaller {
  readonly agreement: Agreement;
  readonly parts: ConnectionParts;
  readonly media: MemberMedia;
  readonly #log: ConnectionLog;
  readonly #peer: RtcPeer;
  readonly #channels: DataChannels;
  readonly #sender: MessageSender;
  readonly #receiver: MessageReceiver;
  readonly #messages: UserMessages;
  readonly #negotiation: Negotiation;
  readonly #keepAlive: KeepAlive;
  readonly #faults: FaultInjector;
  readonly #stateSubject = new BehaviorSubject<LabConnectionState>('negotiating');
  readonly #endSubject = new AsyncSubject<LabConnectionEnd>();
  readonly #releasedSubject = new AsyncSubject<void>();
  /** Ends with the connection. */
  readonly #alive = new Subscription();
  /** Ends with {@link released$}: what a client sends after the end is still logged. */
  readonly #listening = new Subscription();
  #pinging = Subscription.EMPTY;
  #metadata: NotifyMetadata;
  #filters: readonly ForwardingFilter[];
  #ignoresWebSocket = false;
  #connectedAt = 0;
  #clientStats: readonly unknown[] = [];

  readonly state$: Observable<LabConnectionState> = this.#stateSubject.asObservable();
  readonly ended$: Observable<LabConnectionEnd> = this.#endSubject.asObservable();
  /** Emits once when the connection holds no socket, peer or timer any more. Replays. */
  readonly released$: Observable<void> = this.#releasedSubject.asObservable();
  readonly received$: Observable<LabLogEntry>;

  constructor(parts: ConnectionParts) {
    const { agreement, channel, endpoint, node, settings, shaping, socket } = parts;
    this.parts = parts;
    this.agreement = agreement;
    this.#metadata = { authn: agreement.authnMetadata, authz: agreement.authzMetadata, extension: agreement.metadataExtension };
    this.#filters = agreement.forwardingFilters;
    this.#log = new ConnectionLog({ log: parts.log, node, socketId: socket.id, agreement });
    this.received$ = this.#log.received$;
    const log: ConnectionLog['add'] = (record) => this.#log.add(record);
    this.#peer = endpoint.createPeer(peerOptions(agreement, settings));
    this.#channels = new DataChannels(this.#peer, agreement.channels, {
      maxMessageBytes: settings.maxDataChannelMessageBytes,
      maxInflatedBytes: settings.maxInflatedBytes,
    });
    this.#sender = new MessageSender(socket, this.#channels, log);
    const rate = new RateLimit(settings.maxMessagesPerSecond);
    this.#receiver = new MessageReceiver({ log, rate, oversizedEnds: settings.oversized === 'close' });
    this.#messages = new UserMessages(this.#channels, log);
    this.media = new MemberMedia(this.#peer, agreement, channel, (message) => this.notify(message));
    this.#negotiation = new Negotiation(this.#peer);
    this.#keepAlive = new KeepAlive(settings, shaping);
    const target = {
      socket,
      peer: this.#peer,
      channels: this.#channels,
      sender: this.#sender,
      reOffer: () => this.#negotiation.forceOffer(),
    };
    this.#faults = new FaultInjector({ target, shaping, log });
  }

  get state(): LabConnectionState {
    return this.#stateSubject.value;
  }

  get forwardingFilters(): readonly ForwardingFilter[] {
    return this.#filters;
  }

  get metadata(): NotifyMetadata {
    return this.#metadata;
  }

  /** What the client last reported with `pong` or `stats`. */
  get clientStats(): readonly unknown[] {
    return this.#clientStats;
  }

  /** Unix milliseconds; 0 until the media path is up. */
  get connectedAt(): number {
    return this.#connectedAt;
  }

  get sources(): readonly MediaSource[] {
    return this.#connectedAt > 0 && this.state !== 'ended' ? this.media.sources : [];
  }

  get notifySubject(): NotifySubject {
    const { role, clientId, bundleId, connectionId, audio, video } = this.agreement;
    return {
      role,
      sessionId: this.parts.channel.sessionId,
      clientId,
      bundleId,
      connectionId,
      audio: audio !== false,
      video: video !== false,
      metadata: this.#metadata,
      minutes: this.#connectedAt === 0 ? 0 : Math.floor((Date.now() - this.#connectedAt) / MINUTE_MS),
    };
  }

  /** Starts listening to the client and sends the offer. */
  start(): void {
    const { channel, settings, shaping, socket } = this.parts;
    const { role, mode, eventMetadata, audioStreamingLanguageCode } = this.agreement;
    const granted = { event_metadata: eventMetadata, audio_streaming_language_code: audioStreamingLanguageCode };
    this.#log.add({ kind: 'event', type: 'accepted', detail: { role, mode, ...withoutUndefined(granted) } });
    this.#listening.add(observe(socket.message$, (frame) => this.#onInbound(this.#receiver.receiveFrame(frame))));
    this.#listening.add(observe(this.#channels.message$, (message) => this.#onInbound(this.#receiver.receiveChannelMessage(message))));
    this.#listening.add(
      observe(socket.error$, ({ message }) => this.#log.add({ kind: 'event', type: 'websocket-error', detail: { message } })),
    );
    this.#listening.add(observe(socket.close$, (close) => this.#onSocketClose(close)));
    this.#listening.add(observe(this.#channels.closed$, (label) => this.#onChannelClosed(label)));
    this.#listening.add(
      observe(this.#channels.failed$, ({ label, error }) =>
        this.#log.add({ kind: 'event', type: 'channel-error', label, detail: { message: error.message } }),
      ),
    );
    this.#alive.add(observe(this.#peer.iceChange$, (change) => channel.iceChanged(this, change)));
    this.#alive.add(observe(this.#peer.state$, (state) => this.#onPeerState(state)));
    this.#alive.add(observe(timerOrNever(settings.connectTimeoutMs), () => this.#onConnectTimeout()));
    this.refreshMedia();
    this.#reach('connect');
    this.#later(shaping.delayMs('offer-delayed'), () => this.#sendOffer());
  }

  /** Ends the connection for this reason. Does nothing where it has ended already. */
  end(end: LabConnectionEnd): void {
    if (this.state === 'ended') return;
    const { channel, settings, shaping, socket } = this.parts;
    const mode = this.#ignoresWebSocket ? 'datachannel' : this.agreement.mode;
    const plan = planShutdown(end.cause, { mode, switched: this.state === 'switched', close: end }, settings);
    const value: LabConnectionEnd = { ...end, ...plan.closeMessage, ...plan.webSocket };
    this.#stateSubject.next('ended');
    this.#alive.unsubscribe();
    this.#pinging.unsubscribe();
    this.media.dispose();
    this.#log.add({ kind: 'event', type: 'ended', detail: { ...value } });
    const parts = { socket, peer: this.#peer, channels: this.#channels, sender: this.#sender, shaping, lingerMs: settings.lingerMs };
    this.#listening.add(observe(shutDown(plan, parts), () => this.#release()));
    channel.leave(this);
    this.#endSubject.next(value);
    this.#endSubject.complete();
    this.#stateSubject.complete();
  }

  /** Ends the connection and releases what it holds, without waiting for the client. */
  dispose(): void {
    this.end({ cause: 'stopped' });
    this.#release();
  }

  notify(message: JsonObject): void {
    if (this.agreement.notify) this.#sender.send(message, 'notify');
  }

  push(data: JsonObject): void {
    this.#sender.send({ type: 'push', data }, 'push');
  }

  pushToChannel(data: JsonObject): void {
    this.parts.channel.push(data);
  }

  send(message: JsonObject): void {
    this.#sender.send(message);
  }

  deliver(label: string, payload: Uint8Array, senderConnectionId: string): boolean {
    return this.#messages.deliver(label, payload, senderConnectionId);
  }

  setForwardingFilters(filters: readonly ForwardingFilter[]): void {
    this.#filters = filters;
    this.refreshMedia();
  }

  /** Replaces the metadata that others see: the extension's value where the extension is on, else what the client and authentication gave. */
  setMetadata(metadata: unknown): void {
    const { authz, extension } = this.#metadata;
    if (extension !== undefined) this.#metadata = { ...this.#metadata, extension: { value: metadata } };
    else this.#metadata = { authn: metadata, authz: authz === undefined ? undefined : metadata };
  }

  refreshMedia(): void {
    if (this.state === 'ended') return;
    this.media.refresh(this);
    this.#negotiation.renegotiate();
    this.#sendDueOffer();
  }

  /** A shaping fault is in force from now on; an action happens now. */
  inject(fault: ActionFault | ShapingFault): void {
    this.#faults.inject(fault);
    if (!isShapingFault(fault)) this.media.reportNetwork(fault);
  }

  /** Does something now or later, but not after the end. */
  #later(ms: number, action: () => void): void {
    if (this.state !== 'ended') this.#alive.add(observe(delay(ms), action));
  }

  /** Schedules the faults whose moment this is. */
  #reach(moment: FaultMoment): void {
    const { faults, node } = this.parts;
    const { connectionId, clientId, channelId, role, mode } = this.agreement;
    const due = faults.due(moment, { node, connectionId, clientId, channelId, role, mode });
    for (const { fault, afterMs } of due) this.#later(afterMs, () => this.inject(fault));
  }

  #onInbound(inbound: Inbound): void {
    if (this.state === 'ended') return;
    switch (inbound.kind) {
      case 'answer':
        this.#onAnswer(inbound.message);
        return;
      case 're-answer':
        this.#onReAnswer(this.#negotiation.acceptReAnswer(inbound.message), inbound.via);
        return;
      case 'pong':
        this.#keepStats(inbound.message['stats']);
        this.#keepAlive.pong();
        return;
      case 'stats':
        this.#keepStats(inbound.message['reports']);
        return;
      case 'disconnect':
        this.#onDisconnect(inbound.message['reason'], inbound.via);
        return;
      case 'rpc':
        this.#onRpc(inbound.request);
        return;
      case 'user-message':
        if (this.#messages.accepts(inbound.label)) this.parts.channel.relay(this, inbound.label, inbound.payload);
        return;
      case 'anomaly':
        this.#onAnomaly(inbound.detail, inbound.via);
        return;
      case 'ignored':
        return;
    }
  }

  /** The client broke the protocol (S9). */
  #onAnomaly(detail: string, via: Transport): void {
    this.end({ cause: 'signaling-error', via, detail, code: 4490, reason: closeReason(detail) });
  }

  #sendOffer(): void {
    const { settings, channel, shaping } = this.parts;
    if (shaping.has('offer-withheld')) return;
    const sdp = this.#negotiation.firstOffer();
    const parts = { sdp, version: settings.version, sessionId: channel.sessionId, mid: this.media.mid };
    sendFirstOffer(this.agreement, parts, shaping, this.#sender);
    this.#pinging = observe(this.#keepAlive.event$, (event) => {
      if (event.kind === 'pong-timeout') this.end({ cause: 'pong-timeout' });
      else this.#sender.sendOnWebSocket({ type: 'ping', ...(event.stats ? { stats: true } : {}) });
    });
    this.#reach('offer');
  }

  #sendDueOffer(): void {
    const offer = this.#negotiation.takeDueOffer();
    if (offer !== undefined) this.#sender.send(offer);
  }

  #onAnswer(message: JsonObject): void {
    const { shaping } = this.parts;
    if (shaping.has('answer-ignored')) return;
    this.#later(shaping.delayMs('answer-delayed'), () => {
      const outcome = this.#negotiation.acceptAnswer(message);
      if (outcome.kind === 'rejected') this.#onAnomaly(outcome.detail, 'websocket');
      else this.#onAnswered();
    });
  }

  /** The first answer was accepted: the media path comes up. */
  #onAnswered(): void {
    this.#reach('answer');
    if (this.state === 'ended') return;
    if (this.agreement.mode !== 'websocket') this.#switchToDataChannels();
    this.#sendDueOffer();
  }

  #onReAnswer(outcome: AnswerOutcome, via: Transport): void {
    switch (outcome.kind) {
      case 'rejected':
        this.#onAnomaly(outcome.detail, via);
        return;
      case 'unexpected':
        this.#log.add({ kind: 'event', type: 'unexpected-re-answer' });
        return;
      case 'accepted':
        this.parts.channel.refreshMedia();
        this.#sendDueOffer();
    }
  }

  #switchToDataChannels(): void {
    const { shaping } = this.parts;
    const parts = {
      channels: this.#channels,
      sender: this.#sender,
      shaping,
      ignoreWebSocket: this.agreement.mode === 'datachannel',
      reOffer: () => this.#negotiation.forceOffer(),
    };
    this.#alive.add(observe(switchToDataChannels(parts), (ignoresWebSocket) => this.#onSwitched(ignoresWebSocket)));
  }

  #onSwitched(ignoresWebSocket: boolean): void {
    this.#ignoresWebSocket = ignoresWebSocket;
    if (ignoresWebSocket) this.#pinging.unsubscribe();
    this.#stateSubject.next('switched');
    this.#alive.add(
      observe(intervalOrNever(this.parts.settings.statsIntervalMs), () => this.#sender.sendOnChannel('stats', { type: 'req-stats' })),
    );
    this.#negotiation.release();
    this.#sendDueOffer();
    this.#reach('switched');
  }

  #keepStats(reports: unknown): void {
    if (Array.isArray(reports)) this.#clientStats = reports as readonly unknown[];
  }

  #onDisconnect(reason: unknown, via: Transport): void {
    const { shaping } = this.parts;
    if (shaping.has('disconnect-ignored')) return;
    const end: LabConnectionEnd = { cause: 'type-disconnect', via, ...(typeof reason === 'string' ? { clientReason: reason } : {}) };
    this.#later(shaping.delayMs('disconnect-delayed'), () => this.end(end));
  }

  /** Answers a request of DataChannel `rpc`: late, twice, with an error or not at all where a fault says so. */
  #onRpc(request: unknown): void {
    const { shaping } = this.parts;
    if (shaping.has('rpc-silent')) return;
    const response = answerRpc(this, request, shaping.get('rpc-error'));
    if (response === undefined) return;
    const times = shaping.has('rpc-duplicate') ? 2 : 1;
    this.#later(shaping.delayMs('rpc-delayed'), () => {
      for (let count = 0; count < times; count += 1) this.#sender.sendOnChannel('rpc', response);
    });
  }

  #onPeerState(state: RtcPeerState): void {
    this.#log.add({ kind: 'event', type: 'peer-state', detail: { state } });
    if (state === 'connected' && this.#connectedAt === 0) this.#onConnected();
    else if (state === 'failed') this.#onPeerFailed();
    else if (state === 'closed') this.end({ cause: 'peer-closed' });
  }

  #onPeerFailed(): void {
    const { failure } = this.#peer;
    if (failure === undefined) {
      if (this.#connectedAt === 0) this.#onConnectTimeout();
      else this.end({ cause: 'ice-failed' });
      return;
    }
    const { message } = failure;
    this.#log.add({ kind: 'event', type: 'dtls-failed', detail: { message } });
    const { reason } = this.parts.settings.closeCodes.dtlsFailed;
    this.end({ cause: 'dtls-failed', detail: message, reason: closeReason(`${reason}: ${message}`) });
  }

  #onConnectTimeout(): void {
    if (this.#connectedAt === 0) this.end({ cause: this.#negotiation.answered ? 'connect-timeout' : 'answer-timeout' });
  }

  #onConnected(): void {
    const { channel, settings } = this.parts;
    this.#connectedAt = Date.now();
    if (this.state === 'negotiating') this.#stateSubject.next('connected');
    channel.join(this);
    this.#alive.add(observe(timerOrNever(this.agreement.lifetimeMs), () => this.end({ cause: 'lifetime' })));
    this.#alive.add(observe(intervalOrNever(settings.updateIntervalMs), () => channel.update(this)));
    if (this.agreement.mode === 'websocket') {
      this.#negotiation.release();
      this.#sendDueOffer();
    }
    this.#reach('connected');
  }

  #onSocketClose({ code, reason }: SocketClose): void {
    this.#log.add({ kind: 'event', type: 'websocket-close', transport: 'websocket', detail: { code, reason } });
    if (this.state === 'switched' && this.#ignoresWebSocket) return;
    this.end({ cause: 'websocket-lost', via: 'websocket' });
  }

  #onChannelClosed(label: string): void {
    this.#log.add({ kind: 'event', type: 'channel-close', transport: 'datachannel', label });
    if (label !== 'signaling' || !this.#ignoresWebSocket || this.#faults.brokeChannels) return;
    this.end({ cause: 'peer-closed', via: 'datachannel' });
  }

  /** Releases everything that the connection still holds. Idempotent. */
  #release(): void {
    if (this.#listening.closed) return;
    this.#listening.unsubscribe();
    this.#channels.dispose();
    this.#peer.close();
    if (!this.parts.socket.closed) this.parts.socket.terminate();
    this.#log.close();
    this.#log.add({ kind: 'event', type: 'gone' });
    this.#releasedSubject.next();
    this.#releasedSubject.complete();
  }
}
