import { BehaviorSubject, Subject } from 'rxjs';
import type { Observable } from 'rxjs';
import { DataChannels } from './channels/data-channels.ts';
import type { RtcDataChannel, RtcDataChannelOptions } from './data-channel.ts';
import { fingerprintOf } from './dtls/certificate.ts';
import type { DtlsCertificate } from './dtls/certificate.ts';
import { DtlsServer } from './dtls/dtls-server.ts';
import type { RemoteAddress } from './link/address.ts';
import { addressKey } from './link/address.ts';
import type { DatagramKind } from './link/datagram-kind.ts';
import { ImpairedPath, healthy } from './link/impaired-path.ts';
import { MediaSession } from './media/media-session.ts';
import type { RtcReceiver, RtcReceiverOptions, RtcSender, RtcSenderOptions } from './media/section.ts';
import type { CloseDtlsOptions, IceState, IceStateChange, Impairment, RtcPeer, RtcPeerOptions, RtcPeerState } from './peer.ts';
import { Negotiation } from './sdp/negotiation.ts';
import type { RemoteTransport } from './sdp/negotiation.ts';
import { IceAgent } from './stun/ice-agent.ts';
import { parseStun } from './stun/stun-message.ts';

export interface LabPeerHost {
  readonly host: string;
  readonly port: number;
  readonly certificate: DtlsCertificate;
  readonly send: (datagram: Buffer, to: RemoteAddress) => void;
  readonly onAddress: (address: RemoteAddress) => void;
  readonly onClosed: () => void;
}

const sctpPort = 5000;
const defaultMaxMessageBytes = 262_144;
/** A ClientHello can overtake the answer: so many datagrams wait for it. */
const maxEarlyDatagrams = 8;

/** Names of hash functions in SDP (RFC 8122) and in Node. */
const hashNames: Readonly<Record<string, string>> = { 'sha-1': 'sha1', 'sha-256': 'sha256', 'sha-384': 'sha384', 'sha-512': 'sha512' };

export class LabPeer implements RtcPeer {
  readonly #host: LabPeerHost;
  readonly #path = new ImpairedPath();
  readonly #ice: IceAgent;
  readonly #negotiation: Negotiation;
  readonly #media: MediaSession;
  readonly #channels: DataChannels | undefined;
  readonly #stateSubject = new BehaviorSubject<RtcPeerState>('new');
  readonly state$: Observable<RtcPeerState> = this.#stateSubject.asObservable();
  readonly #iceChangeSubject = new Subject<IceStateChange>();
  readonly iceChange$: Observable<IceStateChange> = this.#iceChangeSubject.asObservable();
  /** Undefined until the client has reached us. */
  #iceState: IceState | undefined;
  #dtls: DtlsServer | undefined;
  #early: Buffer[] = [];
  #failure: Error | undefined;
  #dropped = 0;

  constructor(host: LabPeerHost, options: RtcPeerOptions) {
    this.#host = host;
    const maxIncomingBytes = options.maxMessageSizeBytes ?? defaultMaxMessageBytes;
    this.#ice = new IceAgent({
      supervision: options.supervision ?? {},
      send: (datagram, to) => this.#send(datagram, to),
      onAddress: host.onAddress,
      onState: (state) => this.#supervised(state),
    });
    this.#negotiation = new Negotiation({
      host: host.host,
      port: host.port,
      ufrag: this.#ice.local.ufrag,
      password: this.#ice.local.password,
      fingerprint: host.certificate.fingerprint,
      application:
        options.dataChannels === true ? { kind: 'application', mid: 'data', sctpPort, maxMessageBytes: maxIncomingBytes } : undefined,
    });
    this.#media = new MediaSession({
      negotiation: this.#negotiation,
      send: (datagram) => this.#sendSelected(datagram),
      impaired: () => this.#path.impairment !== healthy,
    });
    if (options.dataChannels === true) {
      this.#channels = new DataChannels({
        sctpPort,
        maxIncomingBytes,
        sendPacket: (packet) => this.#dtls?.send(packet),
        onDropped: () => this.#drop(),
      });
    }
  }

  get id(): string {
    return this.#ice.local.ufrag;
  }

  get state(): RtcPeerState {
    return this.#stateSubject.value;
  }

  get remoteAddress(): string | undefined {
    return this.#ice.selected === undefined ? undefined : addressKey(this.#ice.selected);
  }

  get failure(): Error | undefined {
    return this.#failure;
  }

  get dropped(): number {
    return this.#dropped;
  }

  get receivers(): readonly RtcReceiver[] {
    return this.#media.receivers;
  }

  get senders(): readonly RtcSender[] {
    return this.#media.senders;
  }

  get negotiationNeeded(): boolean {
    return this.#negotiation.needed;
  }

  get dataChannels(): readonly RtcDataChannel[] {
    return this.#channels?.list ?? [];
  }

  get silent(): boolean {
    return this.#path.silent;
  }

  get impairment(): Required<Impairment> {
    return this.#path.impairment;
  }

  addReceiver(options: RtcReceiverOptions): RtcReceiver {
    this.#mustBeOpen();
    return this.#media.addReceiver(options);
  }

  addSender(options: RtcSenderOptions): RtcSender {
    this.#mustBeOpen();
    return this.#media.addSender(options);
  }

  createOffer(): string {
    this.#mustBeOpen();
    return this.#negotiation.offer();
  }

  acceptAnswer(sdp: string): void {
    this.#mustBeOpen();
    const transport = this.#negotiation.answer(sdp);
    if (this.#channels !== undefined && transport.maxMessageBytes !== undefined)
      this.#channels.maxOutgoingBytes = transport.maxMessageBytes;
    if (this.#dtls !== undefined) return;
    this.#dtls = this.#createDtls(transport);
    this.#setState('connecting');
    this.#ice.start({ ufrag: transport.ufrag, password: transport.password });
    for (const datagram of this.#early.splice(0)) this.#receiveDtls(datagram);
  }

  createDataChannel(label: string, options: RtcDataChannelOptions = {}): RtcDataChannel {
    this.#mustBeOpen();
    if (this.#channels === undefined) throw new Error('the peer was created without DataChannels');
    return this.#channels.create(label, options);
  }

  silence(silent: boolean): void {
    this.#path.silent = silent;
  }

  impair(impairment: Impairment): void {
    this.#path.impair(impairment);
  }

  abortSctp(): void {
    this.#channels?.abort();
  }

  closeDtls({ notify = true }: CloseDtlsOptions = {}): void {
    this.#dtls?.close(notify);
    this.#media.close();
    this.#channels?.close();
  }

  close({ notify = true }: CloseDtlsOptions = {}): void {
    if (this.state === 'closed') return;
    this.#dtls?.close(notify);
    this.#ice.stop();
    this.#path.close();
    this.#early = [];
    this.#setState('closed');
    this.#media.close();
    this.#channels?.close();
    this.#stateSubject.complete();
    this.#iceChangeSubject.complete();
    this.#host.onClosed();
  }

  /** A datagram that the endpoint has found to be for this peer. */
  receive(kind: DatagramKind, datagram: Buffer, from: RemoteAddress): void {
    this.#path.pass(() => this.#receive(kind, datagram, from));
  }

  #receive(kind: DatagramKind, datagram: Buffer, from: RemoteAddress): void {
    if (this.state === 'closed') return;
    switch (kind) {
      case 'stun': {
        const message = parseStun(datagram);
        if (message === undefined || !this.#ice.receive(message, from)) this.#drop();
        return;
      }
      case 'dtls':
        if (this.#dtls !== undefined) this.#receiveDtls(datagram);
        else if (this.#early.length < maxEarlyDatagrams) this.#early.push(datagram);
        else this.#drop();
        return;
      case 'rtp':
        if (!this.#media.receiveRtp(datagram)) this.#drop();
        return;
      case 'rtcp':
        if (!this.#media.receiveRtcp(datagram)) this.#drop();
        return;
      default:
        this.#drop();
    }
  }

  #receiveDtls(datagram: Buffer): void {
    if (this.#dtls?.receive(datagram) !== true) this.#drop();
  }

  #createDtls({ fingerprints }: RemoteTransport): DtlsServer {
    return new DtlsServer({
      certificate: this.#host.certificate,
      isExpectedCertificate: (der) =>
        fingerprints.some(({ algorithm, value }) => {
          const hash = hashNames[algorithm];
          return hash !== undefined && fingerprintOf(der, hash) === value;
        }),
      send: (datagram) => this.#sendSelected(datagram),
      onConnected: (srtpKeys) => {
        if (srtpKeys !== undefined) this.#media.secure(srtpKeys);
        this.#setState('connected');
        this.#channels?.start();
      },
      onData: (data) => this.#channels?.receive(data),
      onClosed: (error) => this.#dtlsClosed(error),
    });
  }

  /** The client said goodbye, or the handshake failed. */
  #dtlsClosed(error: Error | undefined): void {
    if (error === undefined) {
      this.close({ notify: false });
      return;
    }
    this.#failure = error;
    this.#media.close();
    this.#channels?.close(error);
    this.#setState('failed');
  }

  #supervised(state: IceState): void {
    if (this.state === 'closed' || this.state === 'failed') return;
    const previous = this.#iceState;
    this.#iceState = state;
    if (previous !== undefined) this.#iceChangeSubject.next({ current: state, previous });
    if (state === 'failed') {
      this.#ice.stop();
      this.#setState('failed');
    } else if (this.#dtls?.connected === true) this.#setState(state === 'disconnected' ? 'disconnected' : 'connected');
  }

  #sendSelected(datagram: Buffer): void {
    const to = this.#ice.selected;
    if (to !== undefined) this.#send(datagram, to);
  }

  #send(datagram: Buffer, to: RemoteAddress): void {
    this.#path.pass(() => this.#host.send(datagram, to));
  }

  #setState(state: RtcPeerState): void {
    if (state !== this.state) this.#stateSubject.next(state);
  }

  #drop(): void {
    this.#dropped++;
  }

  #mustBeOpen(): void {
    if (this.state === 'closed') throw new Error('the peer is closed');
  }
}
