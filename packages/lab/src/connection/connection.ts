import { AsyncSubject, BehaviorSubject, Subscription, timer, type Observable } from 'rxjs';
import type { Agreement } from '../agreement.ts';
import type { Member } from '../channel/member.ts';
import type { ActionFault, ShapingFault } from '../faults/fault.ts';
import type { LabConnectionEnd, LabConnectionState } from '../lab-connection.ts';
import type { LabLogEntry } from '../log/log-entry.ts';
import type { MemberMedia } from '../media/member-media.ts';
import type { MediaSource } from '../media/source.ts';
import { answerRpc } from '../rpc/answer-rpc.ts';
import type { RtcPeerState } from '../rtc/endpoint.ts';
import { closeReason } from '../wire/close-frame.ts';
import type { ForwardingFilter } from '../wire/forwarding-filter.ts';
import { withoutUndefined, type JsonObject } from '../wire/json.ts';
import type { NotifyMetadata, NotifySubject } from '../wire/notify-message.ts';
import type { Transport } from '../wire/words.ts';
import { observe } from '../observe.ts';
import { assemble, type Assembly, type Life } from './assembly.ts';
import type { ConnectionParts } from './connection-parts.ts';
import { planEnd } from './end-plan.ts';
import { sendFirstOffer } from './first-offer.ts';
import { after, every } from './heartbeat.ts';
import { notifySubjectOf } from './notify-subject.ts';
import type { SocketClose } from './signaling-socket.ts';

/** One client from its accepted `connect` to the last datagram. */
export class Connection implements Member {
  readonly agreement: Agreement;
  readonly parts: ConnectionParts;
  readonly media: MemberMedia;
  readonly #pieces: Assembly;
  readonly #stateSubject = new BehaviorSubject<LabConnectionState>('negotiating');
  readonly #endSubject = new AsyncSubject<LabConnectionEnd>();
  /** Ends with the connection. */
  readonly #alive = new Subscription();
  /** Ends when nothing is left of it: what a client says after the end is still logged. */
  readonly #listening = new Subscription();
  #metadata: NotifyMetadata;
  #filters: readonly ForwardingFilter[];
  #ignoresWebSocket = false;
  #connectedAt = 0;

  readonly state$: Observable<LabConnectionState> = this.#stateSubject.asObservable();
  readonly ended$: Observable<LabConnectionEnd> = this.#endSubject.asObservable();
  readonly received$: Observable<LabLogEntry>;

  constructor(parts: ConnectionParts) {
    const { agreement } = parts;
    this.parts = parts;
    this.agreement = agreement;
    this.#metadata = { authn: agreement.authnMetadata, authz: agreement.authzMetadata, extension: agreement.metadataExtension };
    this.#filters = agreement.forwardingFilters;
    this.#pieces = assemble(parts, this.#life());
    this.media = this.#pieces.media;
    this.received$ = this.#pieces.log.received$;
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
    return this.#pieces.pulse.clientStats;
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
    const { socket, settings, shape } = this.parts;
    const { channels, conversation, faults, log, peer } = this.#pieces;
    const { role, mode, eventMetadata, audioStreamingLanguageCode } = this.agreement;
    const told = { event_metadata: eventMetadata, audio_streaming_language_code: audioStreamingLanguageCode };
    log.add({ kind: 'event', type: 'accepted', detail: { role, mode, ...withoutUndefined(told) } });
    this.#listening.add(observe(socket.message$, (frame) => conversation.onFrame(frame)));
    this.#listening.add(observe(channels.message$, (message) => conversation.onChannelMessage(message)));
    this.#listening.add(
      observe(socket.error$, (error) => log.add({ kind: 'event', type: 'websocket-error', detail: { message: error.message } })),
    );
    this.#listening.add(observe(socket.close$, (close) => this.#onSocketClose(close)));
    this.#listening.add(observe(channels.closed$, (label) => this.#onChannelClosed(label)));
    this.#listening.add(
      observe(channels.failed$, ({ label, error }) =>
        log.add({ kind: 'event', type: 'channel-error', label, detail: { message: error.message } }),
      ),
    );
    this.#alive.add(observe(peer.iceChange$, (change) => this.parts.channel.iceChanged(this, change)));
    this.#alive.add(observe(peer.state$, (state) => this.#onPeerState(state)));
    this.#alive.add(observe(after(settings.connectTimeoutMs), () => this.#onConnectTimeout()));
    this.refreshMedia();
    faults.reach('connect');
    this.#later(shape.delayMs('offer-delayed'), () => this.#sendOffer());
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
    this.#pieces.pulse.stop();
    this.media.dispose();
    this.#pieces.log.add({ kind: 'event', type: 'ended', detail: { ...value } });
    this.#pieces.farewell.say(plan);
    channel.leave(this);
    ended();
    this.#stateSubject.complete();
    this.#endSubject.next(value);
    this.#endSubject.complete();
  }

  /** Lets go of everything that is left, without ceremony. */
  dispose(): void {
    this.end({ cause: 'stopped' });
    this.#pieces.farewell.finish();
  }

  notify(message: JsonObject): void {
    if (this.agreement.notify) this.#pieces.outbox.send(message, 'notify');
  }

  push(data: JsonObject): void {
    this.#pieces.outbox.send({ type: 'push', data }, 'push');
  }

  send(message: JsonObject): void {
    this.#pieces.outbox.send(message);
  }

  deliver(label: string, payload: Uint8Array, senderConnectionId: string): boolean {
    return this.#pieces.messages.deliver(label, payload, senderConnectionId);
  }

  setForwardingFilters(filters: readonly ForwardingFilter[]): void {
    this.#filters = filters;
    this.refreshMedia();
  }

  /** Replaces what others are told as its metadata: with the extension that alone, else whatever makes it up. */
  setMetadata(metadata: unknown): void {
    const { authz, extension } = this.#metadata;
    if (extension !== undefined) this.#metadata = { ...this.#metadata, extension: { value: metadata } };
    else this.#metadata = { authn: metadata, authz: authz === undefined ? undefined : metadata };
  }

  refreshMedia(): void {
    if (this.state === 'ended') return;
    this.media.refresh(this);
    this.#pieces.negotiation.renegotiate();
  }

  /** Breaks the connection in the way described; shaping faults count from now on. */
  inject(fault: ActionFault | ShapingFault): void {
    this.#pieces.faults.inject(fault);
  }

  #life(): Life {
    return {
      later: (ms, action) => this.#later(ms, action),
      when: (event$, action) => this.#alive.add(observe(event$, action)),
      notify: (message) => this.notify(message),
      relay: (label, payload) => this.parts.channel.relay(this, label, payload),
      answerRpc: (request, forced) => answerRpc(this, request, forced),
      answered: () => this.#onAnswered(),
      switched: (ignoresWebSocket) => this.#onSwitched(ignoresWebSocket),
      disconnected: (reason, via) => this.#onDisconnect(reason, via),
      anomaly: (detail, via) => this.#anomaly(detail, via),
      pongTimeout: () => this.end({ cause: 'pong-timeout' }),
      gone: () => this.#onGone(),
    };
  }

  /** Does something now or later, but not after the end. */
  #later(ms: number, action: () => void): void {
    if (this.state === 'ended') return;
    if (ms === 0) action();
    else this.#alive.add(observe(timer(ms), action));
  }

  #anomaly(detail: string, via: Transport): void {
    this.end({ cause: 'signaling-error', via, detail, code: 4490, reason: closeReason(detail) });
  }

  #sendOffer(): void {
    const { settings, channel, shape } = this.parts;
    const { faults, media, negotiation, outbox, pulse } = this.#pieces;
    if (shape.has('offer-withheld')) return;
    const sdp = negotiation.firstOffer();
    sendFirstOffer(this.agreement, { sdp, version: settings.version, sessionId: channel.sessionId, mid: media.mid }, shape, outbox);
    pulse.start();
    faults.reach('offer');
  }

  #onAnswered(): void {
    this.#pieces.faults.reach('answer');
    if (this.state !== 'ended' && this.agreement.mode !== 'websocket') this.#pieces.switching.start();
  }

  #onDisconnect(reason: string | undefined, via: Transport): void {
    if (this.parts.shape.has('disconnect-ignored')) return;
    const end: LabConnectionEnd = { cause: 'type-disconnect', via, ...(reason === undefined ? {} : { clientReason: reason }) };
    this.#later(this.parts.shape.delayMs('disconnect-delayed'), () => this.end(end));
  }

  #onPeerState(state: RtcPeerState): void {
    this.#pieces.log.add({ kind: 'event', type: 'peer-state', detail: { state } });
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
    if (this.agreement.mode === 'websocket') this.#pieces.negotiation.release();
    this.#pieces.faults.reach('connected');
  }

  #onSwitched(ignoresWebSocket: boolean): void {
    this.#ignoresWebSocket = ignoresWebSocket;
    if (ignoresWebSocket) this.#pieces.pulse.stop();
    this.#stateSubject.next('switched');
    this.#alive.add(
      observe(every(this.parts.settings.statsIntervalMs), () => this.#pieces.outbox.onChannel('stats', { type: 'req-stats' })),
    );
    this.#pieces.negotiation.release();
    this.#pieces.faults.reach('switched');
  }

  #onSocketClose({ code, reason }: SocketClose): void {
    this.#pieces.log.add({ kind: 'event', type: 'websocket-close', transport: 'websocket', detail: { code, reason } });
    if (this.state === 'switched' && this.#ignoresWebSocket) return;
    this.end({ cause: 'websocket-lost', via: 'websocket' });
  }

  #onChannelClosed(label: string): void {
    this.#pieces.log.add({ kind: 'event', type: 'channel-close', transport: 'datachannel', label });
    if (label !== 'signaling' || !this.#ignoresWebSocket || this.#pieces.faults.expectsLoss) return;
    this.end({ cause: 'peer-closed', via: 'datachannel' });
  }

  #onGone(): void {
    this.#listening.unsubscribe();
    this.#pieces.log.close();
    this.#pieces.log.add({ kind: 'event', type: 'gone' });
    this.parts.gone();
  }
}
