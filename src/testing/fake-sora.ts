import { fakeDeflate } from './fake-compression.ts';
import type { HeldCall } from './call-script.ts';
import type { FakeDataChannel } from './fake-data-channel.ts';
import { askedChannels, builtInLabels, fakeClose, fakeNotify, fakeOffer, fakeReOffer } from './fake-messages.ts';
import type { FakePeerConnection } from './fake-peer-connection.ts';
import type { FakePlatform } from './fake-platform.ts';
import { wireData, type FakeWebSocket } from './fake-web-socket.ts';
import { FollowedSession, isOver } from './followed-session.ts';
import { inputsOfValue, type MarbleValue } from './marble-value.ts';
import type {
  ChannelErrorInput,
  CloseMessageInput,
  DataChannelInput,
  ReceivedInput,
  ScenarioInput,
  WebSocketInput,
} from './scenario-event.ts';
import { checkedMode, checkedStart, starts as steps } from './scenario-options.ts';
import type { ScenarioMode, ScenarioStart } from './scenario-row.ts';

/** What kind of server is played. */
export interface FakeSoraOptions {
  readonly mode: ScenarioMode;
  /** Labels beside the four of signaling and those that the session asks for in `dataChannels`: `rpc`, say. */
  readonly labels?: readonly string[];
  /** Whether the channels are compressed. By default they are not. */
  readonly compress?: boolean;
  /** Labels whose channel is handed over while it is still connecting. */
  readonly connecting?: readonly string[];
  /** Members of the offer that differ, in the words of the wire. */
  readonly offer?: Readonly<Record<string, unknown>>;
}

/**
 * The far end of a session that runs on a {@link FakePlatform}: a server, a network and a page, driven by words or typed inputs.
 *
 * It knows which transport carries what at each moment (before and after `switched`), which socket counts, and which channel object is the
 * live one of its label. Everything it does happens at once, in the call. A session that has ended is followed by the next one on the same
 * platform, so one of these is enough for an application that connects again; two sessions at the same time need a platform each.
 */
export class FakeSora {
  readonly mode: ScenarioMode;
  readonly #fake: FakePlatform;
  readonly #options: FakeSoraOptions;
  readonly #followed: FollowedSession;
  /** What the offer said; null before it. */
  #offered: ScenarioMode | null = null;
  #switched = false;
  #inflating: HeldCall | null = null;
  #applying: HeldCall | null = null;
  #failing: HeldCall | null = null;

  constructor(fake: FakePlatform, options: FakeSoraOptions) {
    this.#fake = fake;
    this.#options = options;
    this.#followed = new FollowedSession(fake);
    this.mode = checkedMode(options.mode);
  }

  /** All labels, those of signaling first. Empty in W. */
  get labels(): readonly string[] {
    if (this.mode === 'W') return [];
    const asked = askedChannels(this.#follow().connectMessage).map(({ label }) => label);
    return [...new Set([...builtInLabels, ...(this.#options.labels ?? []), ...asked])];
  }

  /** The socket that counts: the one that opened, or the first that may still open. */
  get socket(): FakeWebSocket {
    const { socket } = this.#follow();
    if (!socket) throw new Error('the session has opened no WebSocket: session.connect(), or a subscription to connect(), comes first');
    return socket;
  }

  /** The sockets that were opened together: all signaling URLs, or the one of a redirect. */
  get group(): readonly FakeWebSocket[] {
    return this.#follow().group;
  }

  /** The socket of the group that opened; null as long as none did. */
  get chosenSocket(): FakeWebSocket | null {
    return this.#follow().chosen;
  }

  get peerConnection(): FakePeerConnection {
    const { peerConnection } = this.#follow();
    if (!peerConnection) throw new Error('the session has made no peer connection: the offer comes first');
    return peerConnection;
  }

  /** The channel of a label, or the one that it replaced; undefined where there is none. */
  channel(label: string, stale = false): FakeDataChannel | undefined {
    return this.#follow()
      .peerConnection?.channels.filter((channel) => channel.label === label)
      .at(stale ? -2 : -1);
  }

  /**
   * Brings a session that has begun to connect to a state, without letting time pass. What was reached before is not done again.
   *
   * @param settle lets timers run that are due at once, where the session needs them to go on
   * @throws Error where the session does not get there, with what is missing; a session that has ended is not woken
   */
  reach(start: ScenarioStart, settle: () => void = () => undefined): void {
    const goal = steps.indexOf(checkedStart(start));
    if (goal >= steps.indexOf('signaling') && isOver(this.socket) && !this.#switched) {
      throw new Error(`"${start}" cannot be reached: the WebSocket is closed, and no session that follows has opened another`);
    }
    if (goal >= steps.indexOf('signaling') && !this.chosenSocket) this.apply({ kind: 'ws.open' });
    if (goal >= steps.indexOf('negotiating') && this.#offered === null) {
      this.#until(() => this.#follow().connectMessage !== null, settle, 'the session sent no connect');
      this.apply({ kind: 'rx.offer' });
      this.#until(() => this.#follow().peerConnection !== null, settle, 'the session made no peer connection');
    }
    if (goal >= steps.indexOf('connected')) {
      this.#until(() => this.peerConnection.remoteDescription !== null, settle, 'the session did not take the offer');
      if (this.peerConnection.iceConnectionState !== 'connected') this.peerConnection.remote.connect();
      for (const label of this.labels.filter((one) => !this.channel(one))) {
        this.peerConnection.remote.dataChannel(label, {}, this.#options.connecting?.includes(label) ? 'later' : 'at-once');
      }
    }
    if (goal < steps.indexOf('switched') || this.#switched) return;
    if (this.mode === 'W') throw new Error('there is no switched without DataChannels');
    this.apply({ kind: 'rx.switched', ignore: this.mode === 'D' });
    this.#until(() => this.mode === 'M' || this.socket.closeCalls.length > 0, settle, 'the session did not close the WebSocket');
  }

  /**
   * Does what the far end, the network or the page can do: whatever a letter of `driveMarbles` can mean, `'ws.close 1006'` say. Inputs of the
   * application are not for this object.
   *
   * @throws ScenarioSyntaxError for words that mean nothing; Error for what cannot happen now
   */
  apply(what: MarbleValue): void {
    for (const input of inputsOfValue(what, 'apply')) this.#apply(input);
  }

  #apply(input: ScenarioInput): void {
    this.#follow();
    switch (input.kind) {
      case 'ws.open':
      case 'ws.closing':
      case 'ws.error':
      case 'ws.close':
        this.#webSocket(input);
        break;
      case 'dc.open':
      case 'dc.closing':
      case 'dc.error':
      case 'dc.close':
        if (input.label === '*' && this.mode === 'W')
          throw new Error('in mode W there are no DataChannels: everything takes the WebSocket');
        for (const label of input.label === '*' ? this.labels : [input.label]) this.#dataChannel(input, label);
        break;
      case 'pc':
      case 'pc~':
        this.peerConnection.remote.connectionState(input.state, input.kind === 'pc~');
        break;
      case 'ice':
      case 'ice~':
        this.peerConnection.remote.iceConnectionState(input.state, input.kind === 'ice~');
        break;
      case 'pagehide':
      case 'pagehide-persisted':
        this.#fake.page.fire('pagehide', { persisted: input.kind === 'pagehide-persisted' });
        break;
      case 'freeze':
        this.#fake.page.fire('freeze');
        break;
      case 'page':
        this.#fake.page.fire(input.type);
        break;
      case 'internal':
        this.#internal();
        break;
      case 'call':
        input.run();
        break;
      case 'connect':
      case 'disconnect':
      case 'unsub':
      case 'abort':
      case 'dispose':
      case 'suspend':
        throw new Error(
          `"${input.kind}" is not done by the far end but by the application: call it on the session, or give the letter a function`,
        );
      default:
        this.#receive(input);
    }
  }

  /** The next `internal` makes this call fail, instead of one that it makes the session do. */
  failNext(held: HeldCall): void {
    this.#failing = held;
  }

  /** A message of the server, over the WebSocket or over the DataChannel of a label; compressed where the channel is. */
  send(message: string | object, label: string | null = null): void {
    if (label === null) {
      this.socket.fire('message', { data: wireData(message) });
      return;
    }
    const channel = this.channel(label);
    if (!channel) throw this.#noChannel(label);
    const compress = this.#options.compress ?? false;
    channel.fire('message', {
      data: compress ? fakeDeflate(typeof message === 'string' ? message : JSON.stringify(message)).buffer : wireData(message),
    });
  }

  #webSocket(input: WebSocketInput): void {
    const socket = input.socket === undefined ? this.socket : this.#fake.sockets[input.socket - 1];
    if (!socket) throw new Error(`there is no WebSocket #${input.socket ?? 0}: there are ${this.#fake.sockets.length}, counted from 1`);
    switch (input.kind) {
      case 'ws.open':
        // A late open or error is fired all the same: that nobody listens any more is what a scenario wants to see.
        if (socket.state === socket.CONNECTING) {
          this.#follow().choose(socket);
          socket.remote.open();
        } else socket.fire('open');
        break;
      case 'ws.closing':
        socket.remote.closing();
        break;
      case 'ws.error':
        if (socket.closeFired) socket.fire('error');
        else socket.remote.error();
        break;
      case 'ws.close':
        socket.remote.close(input.code, input.reason, input.wasClean);
    }
  }

  #dataChannel(input: DataChannelInput, label: string): void {
    const channel = this.channel(label, input.stale);
    if (input.kind === 'dc.open') {
      if (channel?.state === 'connecting') channel.remote.open();
      else this.peerConnection.remote.dataChannel(label);
      return;
    }
    if (!channel && input.label !== '*') throw input.stale ? new Error(`no DataChannel ${label} was replaced`) : this.#noChannel(label);
    switch (input.kind) {
      case 'dc.closing':
        channel?.remote.closing();
        break;
      case 'dc.close':
        channel?.remote.close();
        break;
      default:
        channel?.remote.error(input as ChannelErrorInput);
    }
  }

  #receive(input: ReceivedInput): void {
    const signaling = this.#switched ? 'signaling' : null;
    switch (input.kind) {
      case 'rx.offer':
        this.#offered = input.mode ?? this.mode;
        this.send(this.offer(input.mode), signaling);
        break;
      case 'rx.redirect': {
        const before = this.#fake.sockets.length;
        const location = redirectTarget(input.location, this.#fake.sockets[0]?.url) ?? `wss://node${before + 1}.sora.test/signaling`;
        this.#follow().redirect((socket) => socket?.fire('message', { data: wireData({ type: 'redirect', location }) }));
        break;
      }
      case 'rx.switched': {
        this.send({ type: 'switched', ...(input.ignore !== undefined && { ignore_disconnect_websocket: input.ignore }) });
        // Before an offer, and where it has no DataChannel signaling, there is nothing to switch to, and the session ignores it (Q64).
        if (this.#offered !== null && this.#offered !== 'W') this.#switched = true;
        break;
      }
      case 'rx.reoffer':
        this.send(fakeReOffer(this.mode), signaling);
        break;
      case 'rx.reoffer-begin':
        this.#applying = this.#fake.scripts.peerConnection.hold('setRemoteDescription');
        this.send(fakeReOffer(this.mode), signaling);
        break;
      case 'rx.reoffer-end':
        this.#applying?.release();
        this.#applying = null;
        break;
      case 'rx.update':
        this.send({ ...fakeReOffer(this.mode), type: 'update' }, signaling);
        break;
      case 'rx.notify':
        this.send(fakeNotify(input.eventType), this.#switched ? 'notify' : null);
        break;
      case 'rx.push':
        this.send({ type: 'push', data: { text: 'pushed' } }, this.#switched ? 'push' : null);
        break;
      case 'rx.ping':
        this.send({ type: 'ping', ...(input.stats !== undefined && { stats: input.stats }) });
        break;
      case 'rx.req-stats':
        this.send({ type: 'req-stats' }, 'stats');
        break;
      case 'rx.close':
        this.send(fakeClose(input), placeOf(input.where, 'signaling'));
        break;
      case 'rx.close-begin':
        this.beginClose({ code: 1000 });
        break;
      case 'rx.close-end':
        this.#inflating?.release();
        this.#inflating = null;
        break;
      case 'rx.invalid':
        this.send('{"type":', placeOf(input.where, signaling));
        break;
      case 'rx.unknown':
        this.send({ type: 'not-known-yet', since: 2099 }, placeOf(input.where, signaling));
        break;
      case 'rx':
        this.send(input.message, input.label ?? null);
    }
  }

  /** The offer that answers the last `connect`; `mode` is what the server decided. */
  offer(mode: ScenarioMode = this.mode): Record<string, unknown> {
    const { compress = false, offer: overrides = {} } = this.#options;
    const connect = this.#follow().connectMessage ?? {};
    return fakeOffer({ mode, labels: this.labels, compress, connect, overrides });
  }

  /** A compressed `type: close` arrives and begins to be inflated; `rx.close-end` is when that is done. */
  beginClose(fields: Omit<CloseMessageInput, 'kind'>): void {
    this.#inflating = this.#fake.scripts.decompression.hold('transform');
    this.send(fakeClose(fields), 'signaling');
  }

  /** One failure inside the SDK, of the sort that can happen at this moment. */
  #internal(): void {
    const failing = this.#failing;
    this.#failing = null;
    if (failing) {
      failing.fail(new Error('made to fail'));
      return;
    }
    const script = this.#fake.scripts.peerConnection;
    if (this.#offered === null) {
      script.next('new', { throws: new Error('made to fail') });
      this.apply({ kind: 'rx.offer' });
    } else {
      script.next('setRemoteDescription', { rejects: new Error('made to fail') });
      this.apply({ kind: 'rx.reoffer' });
    }
  }

  /** What is known of the session that counts now, which may be another one than before. */
  #follow(): FollowedSession {
    if (this.#followed.followsAnother()) {
      this.#offered = null;
      this.#switched = false;
      this.#inflating = null;
      this.#applying = null;
    }
    return this.#followed;
  }

  #noChannel(label: string): Error {
    if (this.mode === 'W') return new Error(`there is no DataChannel ${label}: in mode W everything takes the WebSocket`);
    const there = [...new Set(this.#follow().peerConnection?.channels.map((channel) => channel.label))];
    return new Error(`there is no DataChannel ${label}: there ${there.length > 0 ? `are ${there.join(', ')}` : 'is none yet'}`);
  }

  #until(isReached: () => boolean, settle: () => void, otherwise: string): void {
    if (!isReached()) settle();
    if (!isReached()) throw new Error(`the start state was not reached: ${otherwise}`);
  }
}

/** A location in words: a URL, `known` for one that was there already, `insecure` for a step back to `ws:`. */
function redirectTarget(location: string | undefined, known: string | undefined): string | undefined {
  if (location === 'known') return known;
  return location === 'insecure' ? 'ws://insecure.sora.test/signaling' : location;
}

/** Null is the WebSocket. */
function placeOf(where: string | undefined, usual: string | null): string | null {
  if (where === undefined) return usual;
  return where === 'ws' ? null : where;
}
