import { AsyncSubject, BehaviorSubject, Subject, Subscription, timer, type Observable } from 'rxjs';
import type { Agreement } from '../agreement.ts';
import type { Member } from '../channel/member.ts';
import type { ActionFault, FaultMoment, ShapingFault } from '../faults/fault.ts';
import { isShapingFault } from '../faults/fault-kinds.ts';
import type { FaultSubject } from '../faults/fault-list.ts';
import type { LabConnectionEnd, LabConnectionState } from '../lab-connection.ts';
import type { LabLogEntry, LabLogRecord } from '../log/log-entry.ts';
import { MemberMedia } from '../media/member-media.ts';
import type { MediaSource } from '../media/source.ts';
import { answerRpc } from '../rpc/answer-rpc.ts';
import type { RtcPeer, RtcPeerState } from '../rtc/endpoint.ts';
import { closeReason } from '../wire/close-frame.ts';
import type { ForwardingFilter } from '../wire/forwarding-filter.ts';
import type { JsonObject } from '../wire/json.ts';
import type { NotifyMetadata, NotifySubject } from '../wire/notify-message.ts';
import type { Transport } from '../wire/words.ts';
import { observe } from '../observe.ts';
import { act } from './act.ts';
import type { ConnectionParts } from './connection-parts.ts';
import { notifySubjectOf } from './notify-subject.ts';
import { Conversation } from './conversation.ts';
import { DataChannels } from './data-channels.ts';
import { planEnd } from './end-plan.ts';
import { Farewell } from './farewell.ts';
import { after, every, heartbeat } from './heartbeat.ts';
import { Negotiation } from './negotiation.ts';
import { sendFirstOffer } from './first-offer.ts';
import { Outbox, type Logged } from './outbox.ts';
import { RpcDesk } from './rpc-desk.ts';
import { peerOptions } from './peer-options.ts';
import { RateLimit } from './rate-limit.ts';
import type { Shape } from './shape.ts';
import type { SocketClose } from './signaling-socket.ts';
import { Switching } from './switching.ts';

/** One client from its accepted `connect` to the last datagram. */
export class Connection implements Member {
  readonly agreement: Agreement;
  readonly parts: ConnectionParts;
  readonly media: MemberMedia;
  readonly #peer: RtcPeer;
  readonly #channels: DataChannels;
  readonly #outbox: Outbox;
  readonly #negotiation: Negotiation;
  readonly #switching: Switching;
  readonly #conversation: Conversation;
  readonly #shape: Shape;
  readonly #farewell: Farewell;
  readonly #stateSubject = new BehaviorSubject<LabConnectionState>('negotiating');
  readonly #endSubject = new AsyncSubject<LabConnectionEnd>();
  readonly #receivedSubject = new Subject<LabLogEntry>();
  readonly #pongSubject = new Subject<void>();
  /** Ends with the connection. */
  readonly #alive = new Subscription();
  /** Ends when nothing is left of it: what a client says after the end is still logged. */
  readonly #listening = new Subscription();
  #heart = Subscription.EMPTY;
  #metadata: NotifyMetadata;
  #filters: readonly ForwardingFilter[];
  #ignoresWebSocket = false;
  #expectsLoss = false;
  #connectedAt = 0;
  #clientStats: readonly unknown[] = [];

  readonly state$: Observable<LabConnectionState> = this.#stateSubject.asObservable();
  readonly ended$: Observable<LabConnectionEnd> = this.#endSubject.asObservable();
  readonly received$: Observable<LabLogEntry> = this.#receivedSubject.asObservable();

  constructor(parts: ConnectionParts) {
    const { agreement, settings, socket, channel } = parts;
    this.parts = parts;
    this.agreement = agreement;
    this.#metadata = { authn: agreement.authnMetadata, authz: agreement.authzMetadata };
    this.#filters = agreement.forwardingFilters;
    this.#shape = parts.shape;
    this.#peer = parts.endpoint.createPeer(peerOptions(agreement, settings));
    this.#channels = new DataChannels(this.#peer, agreement.channels, {
      maxMessageBytes: settings.maxDataChannelMessageBytes,
      maxInflatedBytes: settings.maxInflatedBytes,
    });
    this.#outbox = new Outbox(socket, this.#channels, (entry) => this.log(entry));
    this.media = new MemberMedia(this.#peer, agreement, channel, (message) => this.notify(message));
    this.#negotiation = this.#makeNegotiation();
    this.#switching = this.#makeSwitching();
    this.#conversation = this.#makeConversation();
    this.#farewell = new Farewell({
      socket,
      peer: this.#peer,
      channels: this.#channels,
      outbox: this.#outbox,
      shape: this.#shape,
      lingerMs: settings.lingerMs,
      gone: () => this.#onGone(),
    });
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

  /** What the client reported last, with `pong` or `stats`. */
  get clientStats(): readonly unknown[] {
    return this.#clientStats;
  }

  /** Unix milliseconds; 0 before the media path was up. */
  get connectedAt(): number {
    return this.#connectedAt;
  }

  get sources(): readonly MediaSource[] {
    return this.#connectedAt > 0 && this.state !== 'ended' ? this.media.sources : [];
  }

  get notifySubject(): NotifySubject {
    return notifySubjectOf(this.agreement, this.parts.channel.sessionId, this.#metadata, this.#connectedAt);
  }

  /** Sends the offer and begins to listen. */
  start(): void {
    const { socket, settings } = this.parts;
    const { role, mode, eventMetadata } = this.agreement;
    const detail = { role, mode, ...(eventMetadata === undefined ? {} : { event_metadata: eventMetadata }) };
    this.log({ kind: 'event', type: 'accepted', detail });
    this.#listening.add(observe(socket.message$, (frame) => this.#conversation.onFrame(frame)));
    this.#listening.add(observe(this.#channels.message$, (message) => this.#conversation.onChannelMessage(message)));
    this.#listening.add(
      observe(socket.error$, (error) => this.log({ kind: 'event', type: 'websocket-error', detail: { message: error.message } })),
    );
    this.#listening.add(observe(socket.close$, (close) => this.#onSocketClose(close)));
    this.#listening.add(observe(this.#channels.closed$, (label) => this.#onChannelClosed(label)));
    this.#listening.add(
      observe(this.#channels.failed$, ({ label, error }) =>
        this.log({ kind: 'event', type: 'channel-error', label, detail: { message: error.message } }),
      ),
    );
    this.#alive.add(observe(this.#peer.state$, (state) => this.#onPeerState(state)));
    this.#alive.add(observe(after(settings.connectTimeoutMs), () => this.#onConnectTimeout()));
    this.refreshMedia();
    this.#reach('connect');
    this.#later(this.#shape.delayMs('offer-delayed'), () => this.#sendOffer());
  }

  /** Ends the connection for this reason, if it has not ended before. */
  end(end: LabConnectionEnd): void {
    if (this.state === 'ended') return;
    const { channel, settings, ended } = this.parts;
    const mode = this.#ignoresWebSocket ? 'datachannel' : this.agreement.mode;
    const plan = planEnd(end.cause, { mode, switched: this.state === 'switched', close: end }, settings);
    const value: LabConnectionEnd = { ...end, ...plan.closeMessage, ...plan.webSocket };
    this.#stateSubject.next('ended');
    this.#alive.unsubscribe();
    this.#heart.unsubscribe();
    this.media.dispose();
    this.log({ kind: 'event', type: 'ended', detail: { ...value } });
    this.#farewell.say(plan);
    channel.leave(this);
    ended();
    this.#stateSubject.complete();
    this.#endSubject.next(value);
    this.#endSubject.complete();
  }

  /** Lets go of everything that is left, without ceremony. */
  dispose(): void {
    this.end({ cause: 'stopped' });
    this.#farewell.finish();
  }

  notify(message: JsonObject): void {
    if (this.agreement.notify) this.#outbox.send(message, 'notify');
  }

  push(data: JsonObject): void {
    this.#outbox.send({ type: 'push', data }, 'push');
  }

  send(message: JsonObject): void {
    this.#outbox.send(message);
  }

  deliver(label: string, payload: Uint8Array, senderConnectionId: string): boolean {
    if (!this.#channels.isOpen(label)) return false;
    const bytes = this.#channels.sendMessage(label, payload, senderConnectionId);
    const detail = { from: senderConnectionId, payloadBytes: payload.byteLength };
    if (bytes === undefined) this.log({ kind: 'event', type: 'not-sent', label, detail });
    else this.log({ kind: 'message', direction: 'sent', transport: 'datachannel', label, type: 'message', bytes, detail });
    return bytes !== undefined;
  }

  setForwardingFilters(filters: readonly ForwardingFilter[]): void {
    this.#filters = filters;
    this.refreshMedia();
  }

  /** Replaces what others are told as its metadata. */
  setMetadata(metadata: unknown): void {
    this.#metadata = { authn: metadata, authz: this.#metadata.authz === undefined ? undefined : metadata };
  }

  refreshMedia(): void {
    if (this.state === 'ended') return;
    this.media.refresh(this);
    this.#negotiation.renegotiate();
  }

  /** Breaks the connection in the way described; shaping faults count from now on. */
  inject(fault: ActionFault | ShapingFault): void {
    this.log({ kind: 'fault', type: fault.kind, detail: { ...fault } });
    if (isShapingFault(fault)) {
      this.#shape.add(fault);
      return;
    }
    act(
      {
        socket: this.parts.socket,
        peer: this.#peer,
        channels: this.#channels,
        outbox: this.#outbox,
        reOffer: () => this.#negotiation.force(),
        expectLoss: () => (this.#expectsLoss = true),
      },
      fault,
    );
    this.media.reportNetwork(fault);
  }

  log(entry: Logged): void {
    const { connectionId, clientId, channelId } = this.agreement;
    const record: LabLogRecord = { node: this.parts.node, socket: this.parts.socket.id, connectionId, clientId, channelId, ...entry };
    const logged = this.parts.log.add(record);
    if (entry.direction === 'received') this.#receivedSubject.next(logged);
  }

  get #faultSubject(): FaultSubject {
    const { connectionId, clientId, channelId, role, mode } = this.agreement;
    return { node: this.parts.node, connectionId, clientId, channelId, role, mode };
  }

  #makeNegotiation(): Negotiation {
    return new Negotiation({
      peer: this.#peer,
      shape: this.#shape,
      later: (ms, action) => this.#later(ms, action),
      send: (message) => this.#outbox.send(message),
      answered: () => this.#onAnswered(),
      reAnswered: () => this.parts.channel.refreshMedia(),
      anomaly: (detail, via) => this.#anomaly(detail, via),
      note: (what) => this.log({ kind: 'event', type: what }),
    });
  }

  #makeSwitching(): Switching {
    return new Switching({
      channels: this.#channels,
      outbox: this.#outbox,
      shape: this.#shape,
      ignoreWebSocket: this.agreement.mode === 'datachannel',
      later: (ms, action) => this.#later(ms, action),
      when: (event$, action) => this.#alive.add(observe(event$, action)),
      reOffer: () => this.#negotiation.force(),
      switched: (ignores) => this.#onSwitched(ignores),
    });
  }

  #makeConversation(): Conversation {
    const { settings } = this.parts;
    const rpcDesk = new RpcDesk({
      shape: this.#shape,
      outbox: this.#outbox,
      later: (ms, action) => this.#later(ms, action),
      answer: (request, forced) => answerRpc(this, request, forced),
    });
    return new Conversation(
      {
        log: (entry) => this.log(entry),
        oversizedEnds: settings.oversized === 'close',
        answer: (message) => this.#negotiation.onAnswer(message),
        reAnswer: (message, via) => this.#negotiation.onReAnswer(message, via),
        pong: (message) => this.#onPong(message),
        stats: (message) => this.#keepStats(message['reports']),
        disconnect: (reason, via) => this.#onDisconnect(reason, via),
        rpc: (request) => this.#later(0, () => rpcDesk.onRequest(request)),
        userMessage: (label, payload) => this.#onUserMessage(label, payload),
        anomaly: (detail, via) => this.#anomaly(detail, via),
      },
      new RateLimit(settings.maxMessagesPerSecond),
    );
  }

  /** Does something now or later, but not after the end. */
  #later(ms: number, action: () => void): void {
    if (this.state === 'ended') return;
    if (ms === 0) action();
    else this.#alive.add(observe(timer(ms), action));
  }

  #reach(moment: FaultMoment): void {
    for (const { fault, afterMs } of this.parts.faults.due(moment, this.#faultSubject)) this.#later(afterMs, () => this.inject(fault));
  }

  #anomaly(detail: string, via: Transport): void {
    this.end({ cause: 'signaling-error', via, detail, code: 4490, reason: closeReason(detail) });
  }

  #sendOffer(): void {
    if (this.#shape.has('offer-withheld')) return;
    const { version } = this.parts.settings;
    const sdp = this.#negotiation.firstOffer();
    sendFirstOffer(
      this.agreement,
      { sdp, version, sessionId: this.parts.channel.sessionId, mid: this.media.mid },
      this.#shape,
      this.#outbox,
    );
    this.#heart = observe(heartbeat(this.parts.settings, this.#pongSubject), (beat) => {
      if (beat.kind === 'pong-timeout') this.end({ cause: 'pong-timeout' });
      else if (!this.#shape.has('ping-withheld')) this.#outbox.onWebSocket({ type: 'ping', ...(beat.stats ? { stats: true } : {}) });
    });
    this.#reach('offer');
  }

  #onAnswered(): void {
    this.#reach('answer');
    if (this.state !== 'ended' && this.agreement.mode !== 'websocket') this.#switching.start();
  }

  #onPong(message: JsonObject): void {
    if (Array.isArray(message['stats'])) this.#keepStats(message['stats']);
    if (!this.#shape.has('pong-ignored')) this.#pongSubject.next();
  }

  #keepStats(reports: unknown): void {
    if (Array.isArray(reports)) this.#clientStats = reports as readonly unknown[];
  }

  #onDisconnect(reason: string | undefined, via: Transport): void {
    if (this.#shape.has('disconnect-ignored')) return;
    const end: LabConnectionEnd = { cause: 'type-disconnect', via, ...(reason === undefined ? {} : { clientReason: reason }) };
    this.#later(this.#shape.delayMs('disconnect-delayed'), () => this.end(end));
  }

  #onUserMessage(label: string, payload: Uint8Array): void {
    const agreed = this.#channels.agreed(label);
    if (this.state === 'ended' || agreed === undefined) return;
    // O16: what is sent against the direction is dropped.
    if (agreed.direction === 'recvonly') this.log({ kind: 'event', type: 'dropped', label, detail: { why: 'against-direction' } });
    else this.parts.channel.relay(this, label, payload);
  }

  #onPeerState(state: RtcPeerState): void {
    this.log({ kind: 'event', type: 'peer-state', detail: { state } });
    if (state === 'connected' && this.#connectedAt === 0) this.#onConnected();
    else if (state === 'failed') this.end({ cause: this.#connectedAt === 0 ? 'connect-timeout' : 'ice-failed' });
    else if (state === 'closed') this.end({ cause: 'peer-closed' });
  }

  #onConnectTimeout(): void {
    if (this.#connectedAt === 0) this.end({ cause: 'connect-timeout' });
  }

  #onConnected(): void {
    const { channel, settings } = this.parts;
    this.#connectedAt = Date.now();
    if (this.state === 'negotiating') this.#stateSubject.next('connected');
    channel.join(this);
    this.#alive.add(observe(after(this.agreement.lifetimeMs), () => this.end({ cause: 'lifetime' })));
    this.#alive.add(observe(every(settings.updateIntervalMs), () => channel.update(this)));
    if (this.agreement.mode === 'websocket') this.#negotiation.release();
    this.#reach('connected');
  }

  #onSwitched(ignoresWebSocket: boolean): void {
    this.#ignoresWebSocket = ignoresWebSocket;
    if (ignoresWebSocket) this.#heart.unsubscribe();
    this.#stateSubject.next('switched');
    this.#alive.add(observe(every(this.parts.settings.statsIntervalMs), () => this.#outbox.onChannel('stats', { type: 'req-stats' })));
    this.#negotiation.release();
    this.#reach('switched');
  }

  #onSocketClose({ code, reason }: SocketClose): void {
    this.log({ kind: 'event', type: 'websocket-close', transport: 'websocket', detail: { code, reason } });
    if (this.state === 'switched' && this.#ignoresWebSocket) return;
    this.end({ cause: 'websocket-lost', via: 'websocket' });
  }

  #onChannelClosed(label: string): void {
    this.log({ kind: 'event', type: 'channel-close', transport: 'datachannel', label });
    if (label !== 'signaling' || !this.#ignoresWebSocket || this.#expectsLoss) return;
    this.end({ cause: 'peer-closed', via: 'datachannel' });
  }

  #onGone(): void {
    this.#listening.unsubscribe();
    this.#receivedSubject.complete();
    this.log({ kind: 'event', type: 'gone' });
    this.parts.gone();
  }
}
