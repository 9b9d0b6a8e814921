import { CallScript } from './call-script.ts';
import { domError } from './dom-error.ts';
import { FakeDataChannel, type FakeDataChannelInit, type FakeDataChannelMethod } from './fake-data-channel.ts';
import { FakeEventTarget, type FakeListener } from './fake-event-target.ts';
import { FakeMediaStream, FakeMediaStreamTrack } from './fake-media.ts';
import { answeredDirection, readFakeSdp, writeFakeSdp, type FakeMediaSection } from './fake-sdp.ts';
import { FakePeerConnectionRemote, type FakePeerConnectionStates } from './fake-peer-connection-remote.ts';
import { FakeRtpReceiver, FakeRtpSender, FakeTransceiver } from './fake-transceiver.ts';
import { fakeWorld, type FakeWorld } from './fake-world.ts';
import { SyncThenable } from './sync-thenable.ts';

/** The methods and getters of a peer connection that can be scripted. */
export type FakePeerConnectionMethod =
  | 'new'
  | 'createOffer'
  | 'createAnswer'
  | 'setLocalDescription'
  | 'setRemoteDescription'
  | 'addIceCandidate'
  | 'addTrack'
  | 'addTransceiver'
  | 'getStats'
  | 'setConfiguration'
  | 'close'
  | 'connectionState'
  | 'iceConnectionState';

/** A description as methods take and give it. */
export interface FakeDescription {
  readonly type: 'offer' | 'answer' | 'rollback';
  readonly sdp: string;
}

/** What a peer connection is made with. */
export interface FakePeerConnectionContext {
  readonly world: FakeWorld;
  readonly name: string;
  /** False for a runtime that does not implement `connectionState` (T27). */
  readonly connectionStateDefined: boolean;
  readonly script: CallScript<FakePeerConnectionMethod> | null;
  readonly channelScript: CallScript<FakeDataChannelMethod> | null;
}

const EVENTS = [
  'connectionstatechange',
  'iceconnectionstatechange',
  'icegatheringstatechange',
  'signalingstatechange',
  'negotiationneeded',
  'icecandidate',
  'icecandidateerror',
  'track',
  'datachannel',
];

/**
 * An RTCPeerConnection without a network; its far end and its states are played by a test through {@link FakePeerConnection.remote}.
 *
 * Descriptions are parsed as far as the m-lines go: transceivers, mids, directions, and the `track` event for media that the far end sends.
 * Methods called in the wrong signaling state are rejected, as in a browser.
 *
 * @source W3C WebRTC 4.4
 */
export class FakePeerConnection extends FakeEventTarget {
  /** What it was made with, or what was set last. */
  configuration: object;
  readonly sctp: { readonly maxMessageSize: number; readonly state: string } = { maxMessageSize: 262_144, state: 'connected' };
  onconnectionstatechange: FakeListener | null = null;
  oniceconnectionstatechange: FakeListener | null = null;
  onicegatheringstatechange: FakeListener | null = null;
  onsignalingstatechange: FakeListener | null = null;
  onnegotiationneeded: FakeListener | null = null;
  onicecandidate: FakeListener | null = null;
  onicecandidateerror: FakeListener | null = null;
  ontrack: FakeListener | null = null;
  ondatachannel: FakeListener | null = null;
  /** How its methods behave next. */
  readonly script: CallScript<FakePeerConnectionMethod>;
  /** Milliseconds of every call of `close()`. */
  readonly closeCalls: { readonly at: number }[] = [];
  /** Every channel that the far end or the application made, in order. */
  readonly channels: FakeDataChannel[] = [];
  /** What `getStats()` gives, in order. */
  stats: Record<string, unknown>[] = [];
  localDescription: FakeDescription | null = null;
  remoteDescription: FakeDescription | null = null;
  /** What the far end and the network do. */
  readonly remote: FakePeerConnectionRemote;
  readonly #context: FakePeerConnectionContext;
  readonly #transceivers: FakeTransceiver[] = [];
  /** Made by `addTrack` and not associated with an m-line: an offer takes them first. @source RFC 8829 5.10 */
  readonly #waiting = new Set<FakeTransceiver>();
  readonly #states: FakePeerConnectionStates = { connection: 'new', ice: 'new', gathering: 'new', signaling: 'stable' };
  #everRemote = false;
  /** Operations that wait for the one that runs. @source W3C WebRTC 4.4.1.2 */
  readonly #operations: (() => void)[] = [];
  #isOperating = false;

  constructor(configuration: object = {}, context: Partial<FakePeerConnectionContext> = {}) {
    const { world = fakeWorld(), name = '1', connectionStateDefined = true, script = null, channelScript = null } = context;
    super(world, 'peer-connection', name, EVENTS);
    this.#context = { world, name, connectionStateDefined, script, channelScript };
    this.script = new CallScript(world.unheard, script);
    this.script.call('new', () => undefined);
    this.configuration = configuration;
    this.remote = new FakePeerConnectionRemote(this, this.#states);
    this.note('new');
  }

  get connectionState(): string | undefined {
    return this.script.call('connectionState', () => (this.#context.connectionStateDefined ? this.#states.connection : undefined));
  }

  get iceConnectionState(): string {
    return this.script.call('iceConnectionState', () => this.#states.ice);
  }

  get iceGatheringState(): string {
    return this.#states.gathering;
  }

  get signalingState(): string {
    return this.#states.signaling;
  }

  get currentRemoteDescription(): FakeDescription | null {
    return this.remoteDescription;
  }

  get currentLocalDescription(): FakeDescription | null {
    return this.localDescription;
  }

  /** Whether it was never given a remote description: made to write an offer, or made in advance and not used. */
  get isThrowAway(): boolean {
    return !this.#everRemote;
  }

  /** Whether the runtime has `connectionState`. */
  get connectionStateDefined(): boolean {
    return this.#context.connectionStateDefined;
  }

  get closed(): boolean {
    return this.#states.signaling === 'closed';
  }

  /** Knows the legacy options of W3C WebRTC 4.4.3.2, as browsers do. */
  createOffer(
    options: { readonly offerToReceiveAudio?: boolean; readonly offerToReceiveVideo?: boolean } = {},
  ): SyncThenable<FakeDescription> {
    this.note('createOffer', options);
    return this.#operate('createOffer', () => {
      this.#mustBeOpen();
      if (options.offerToReceiveVideo) this.#add('video', null).direction = 'recvonly';
      if (options.offerToReceiveAudio) this.#add('audio', null).direction = 'recvonly';
      const lines = this.#transceivers.map(({ receiver, direction }, index) => sectionOf(receiver.track.kind, String(index), direction));
      return { type: 'offer', sdp: writeFakeSdp([...lines, sectionOf('application', String(lines.length), 'sendrecv')]) };
    });
  }

  createAnswer(options?: object): SyncThenable<FakeDescription> {
    this.note('createAnswer', options);
    return this.#operate('createAnswer', () => {
      this.#mustBeOpen();
      if (!this.remoteDescription || this.#states.signaling !== 'have-remote-offer') {
        throw domError('InvalidStateError', 'there is no offer to answer');
      }
      return { type: 'answer', sdp: this.#answerSdp() };
    });
  }

  setLocalDescription(description?: Partial<FakeDescription>): SyncThenable<undefined> {
    this.note('setLocalDescription', { type: description?.type });
    return this.#operate('setLocalDescription', () => {
      this.#mustBeOpen();
      const { signaling } = this.#states;
      const type = description?.type ?? (signaling === 'have-remote-offer' ? 'answer' : 'offer');
      if (type === 'answer' && signaling !== 'have-remote-offer') throw domError('InvalidStateError', 'there is no offer to answer');
      this.localDescription = { type, sdp: description?.sdp ?? (type === 'answer' ? this.#answerSdp() : '') };
      this.#signaling(type === 'answer' ? 'stable' : 'have-local-offer');
      return undefined;
    });
  }

  setRemoteDescription(description: FakeDescription): SyncThenable<undefined> {
    this.note('setRemoteDescription', { type: description.type });
    this.#everRemote = true;
    return this.#operate('setRemoteDescription', () => {
      this.#mustBeOpen();
      const { type } = description;
      if (type === 'answer' && this.#states.signaling !== 'have-local-offer') throw domError('InvalidStateError', 'nothing was offered');
      this.remoteDescription = description;
      this.#signaling(type === 'offer' ? 'have-remote-offer' : 'stable');
      if (type === 'offer') for (const line of readFakeSdp(description.sdp)) this.#receive(line);
      return undefined;
    });
  }

  addIceCandidate(candidate?: unknown): SyncThenable<undefined> {
    this.note('addIceCandidate', candidate);
    return this.#operate('addIceCandidate', () => undefined);
  }

  addTrack(track: FakeMediaStreamTrack, ...streams: readonly FakeMediaStream[]): FakeRtpSender {
    this.note('addTrack', { kind: track.kind });
    return this.script.call('addTrack', () => {
      this.#mustBeOpen();
      const free = this.#transceivers.find(({ receiver, sender }) => receiver.track.kind === track.kind && sender.track === null);
      const transceiver = free ?? this.#add(track.kind, null);
      if (free === undefined) this.#waiting.add(transceiver);
      transceiver.sender.track = track;
      transceiver.sender.setStreams(...streams);
      transceiver.direction = 'sendrecv';
      return transceiver.sender;
    });
  }

  removeTrack(sender: FakeRtpSender): void {
    this.note('removeTrack');
    sender.track = null;
  }

  addTransceiver(
    trackOrKind: FakeMediaStreamTrack | 'audio' | 'video',
    init: { readonly direction?: FakeTransceiver['direction']; readonly sendEncodings?: Record<string, unknown>[] } = {},
  ): FakeTransceiver {
    this.note('addTransceiver');
    return this.script.call('addTransceiver', () => {
      this.#mustBeOpen();
      const transceiver = this.#add(typeof trackOrKind === 'string' ? trackOrKind : trackOrKind.kind, null);
      if (typeof trackOrKind !== 'string') transceiver.sender.track = trackOrKind;
      transceiver.direction = init.direction ?? 'sendrecv';
      return transceiver;
    });
  }

  getTransceivers(): FakeTransceiver[] {
    return [...this.#transceivers];
  }

  getSenders(): FakeRtpSender[] {
    return this.#transceivers.map(({ sender }) => sender);
  }

  getReceivers(): FakeTransceiver['receiver'][] {
    return this.#transceivers.map(({ receiver }) => receiver);
  }

  getStats(): SyncThenable<Map<string, Record<string, unknown>>> {
    this.note('getStats');
    return this.script.promise(
      'getStats',
      () => new Map(this.stats.map((report, index) => [typeof report['id'] === 'string' ? report['id'] : String(index), report])),
    );
  }

  setConfiguration(configuration: object): void {
    this.note('setConfiguration');
    this.script.call('setConfiguration', () => {
      this.#mustBeOpen();
      this.configuration = configuration;
    });
  }

  getConfiguration(): object {
    return this.configuration;
  }

  createDataChannel(label: string, init: FakeDataChannelInit = {}): FakeDataChannel {
    this.note('createDataChannel', { label });
    return this.newChannel(label, init);
  }

  close(): void {
    this.closeCalls.push({ at: this.world.now() });
    this.note('close');
    this.script.call('close', () => {
      this.#states.signaling = 'closed';
      this.#states.connection = 'closed';
      this.#states.ice = 'closed';
      for (const channel of this.channels) channel.remote.gone();
    });
  }

  /** Makes a channel that belongs to this peer connection, without an event. */
  newChannel(label: string, init: FakeDataChannelInit): FakeDataChannel {
    const channel = new FakeDataChannel(label, init, this.world, this.channels.length, this.#context.channelScript);
    this.channels.push(channel);
    return channel;
  }

  #answerSdp(): string {
    const lines = readFakeSdp(this.remoteDescription?.sdp ?? '').map((line) => {
      if (line.kind === 'application') return line;
      const own = this.#transceivers.find(({ mid }) => mid === line.mid);
      return sectionOf(line.kind, line.mid, answeredDirection(line.direction, own?.sender.track != null));
    });
    return writeFakeSdp(lines);
  }

  /** Operations run one after the other, in the order of their calls. */
  #operate<Value>(method: FakePeerConnectionMethod, run: () => Value): SyncThenable<Value> {
    return new SyncThenable<Value>((resolve, reject) => {
      const begin = (): void => {
        this.#isOperating = true;
        const end = (settle: () => void): void => {
          this.#isOperating = false;
          settle();
          this.#operateNext();
        };
        this.script.promise(method, run).then(
          (value) => end(() => resolve(value)),
          (error: unknown) => end(() => reject(error)),
        );
      };
      if (this.#isOperating) this.#operations.push(begin);
      else begin();
    }, this.world.unheard);
  }

  #operateNext(): void {
    if (!this.#isOperating) this.#operations.shift()?.();
  }

  #mustBeOpen(): void {
    if (this.closed) throw domError('InvalidStateError', 'the peer connection is closed');
  }

  #signaling(state: string): void {
    if (this.#states.signaling === state) return;
    this.#states.signaling = state;
    this.fire('signalingstatechange');
  }

  #add(kind: 'audio' | 'video', mid: string | null): FakeTransceiver {
    const receiver = new FakeRtpReceiver(new FakeMediaStreamTrack(kind, undefined, this.world));
    const transceiver = new FakeTransceiver(new FakeRtpSender(this.world), receiver, mid, 'recvonly');
    this.#transceivers.push(transceiver);
    return transceiver;
  }

  /** One m-line of the far end: media that begins gives a `track` event, media that ends leaves its stream. */
  #receive({ kind, mid, direction, msid }: FakeMediaSection): void {
    if (kind === 'application') return;
    const transceiver =
      this.#transceivers.find((known) => known.mid === mid) ?? this.#associated(kind, mid, direction) ?? this.#add(kind, mid);
    const { track } = transceiver.receiver;
    const sends = direction === 'sendrecv' || direction === 'sendonly';
    transceiver.currentDirection = answeredDirection(direction, transceiver.sender.track !== null);
    if (transceiver.remoteStream && (!sends || msid?.stream !== transceiver.remoteStream.id)) {
      transceiver.remoteStream.loseTrack(track);
      transceiver.remoteStream = null;
      track.mute(true);
    }
    if (!sends || transceiver.remoteStream) return;
    const streams = msid ? [this.#remoteStream(msid.stream)] : [];
    transceiver.remoteStream = streams[0] ?? null;
    for (const stream of streams) stream.gainTrack(track);
    track.mute(false);
    this.fire('track', { track, streams, receiver: transceiver.receiver, transceiver });
  }

  #associated(kind: 'audio' | 'video', mid: string, direction: FakeMediaSection['direction']): FakeTransceiver | null {
    if (direction !== 'sendrecv' && direction !== 'recvonly') return null;
    for (const transceiver of this.#waiting) {
      if (transceiver.receiver.track.kind !== kind) continue;
      this.#waiting.delete(transceiver);
      transceiver.mid = mid;
      return transceiver;
    }
    return null;
  }

  #remoteStream(id: string): FakeMediaStream {
    const known = this.#transceivers.find(({ remoteStream }) => remoteStream?.id === id)?.remoteStream;
    return known ?? new FakeMediaStream([], id, this.world);
  }
}

function sectionOf(kind: FakeMediaSection['kind'], mid: string, direction: FakeMediaSection['direction']): FakeMediaSection {
  return { kind, mid, direction };
}
