import type { Observable } from 'rxjs';
import type { RtcDataChannel, RtcDataChannelOptions } from './data-channel.ts';
import type { RtcReceiver, RtcReceiverOptions, RtcSender, RtcSenderOptions } from './media/section.ts';

/** As in the W3C API; `checking` of Sora's own supervision shows as `connected`. */
export type RtcPeerState = 'new' | 'connecting' | 'connected' | 'disconnected' | 'failed' | 'closed';

/** States of Sora's server-side supervision of ICE. */
export type IceState = 'connected' | 'checking' | 'disconnected' | 'failed';

/** The supervision sees the client in another state than before. */
export interface IceStateChange {
  readonly current: IceState;
  readonly previous: IceState;
}

/**
 * When the lab takes a client for lost. The defaults are those of Sora: a binding request every 2.5 s, then every second, then every 50 ms, and
 * about 17.5 s from the last answer to `failed`. Any authentic STUN message of the client counts as an answer. All in milliseconds.
 */
export interface IceSupervision {
  /** Between requests while all is well. Default 2500. */
  readonly connectedIntervalMs?: number;
  /** Without an answer for this long the client is checked more often. Default 2500. */
  readonly connectedTimeoutMs?: number;
  /** Between requests while checking. Default 1000. */
  readonly checkingIntervalMs?: number;
  /** From the start of checking to `disconnected`. Default 5000. */
  readonly checkingTimeoutMs?: number;
  /** Between requests while disconnected. Default 50. */
  readonly disconnectedIntervalMs?: number;
  /** From `disconnected` to `failed`. Default 10000. */
  readonly disconnectedTimeoutMs?: number;
  /** From the answer to `failed` when the client never arrives. Default 60000. */
  readonly connectTimeoutMs?: number;
}

export interface RtcPeerOptions {
  /** Whether the offer has an application section, without which no DataChannel can be opened. Default false. */
  readonly dataChannels?: boolean;
  /** Largest message in bytes that the client may send (`a=max-message-size`). Default 262144. */
  readonly maxMessageSizeBytes?: number;
  readonly supervision?: IceSupervision;
}

/** What a bad network does to the datagrams of one peer, in both directions. */
export interface Impairment {
  /** Share of datagrams that are lost, 0 to 1. Default 0. */
  readonly lossRatio?: number;
  /** Added to every datagram, milliseconds. Default 0. */
  readonly delayMs?: number;
  /** Up to this many milliseconds more, evenly distributed; datagrams may overtake each other. Default 0. */
  readonly jitterMs?: number;
}

export interface CloseDtlsOptions {
  /** Whether a close_notify alert is sent. Default true. */
  readonly notify?: boolean;
}

/**
 * One client as the lab sees it: ICE (lite, with supervision of its own), DTLS server, SCTP and SRTP. The lab offers, the client answers.
 *
 * Nothing that a client sends makes a peer throw; what cannot be understood is dropped and counted in {@link dropped}.
 */
export interface RtcPeer {
  /** The local ICE user name fragment, unique in the endpoint; good for logs. */
  readonly id: string;
  readonly state: RtcPeerState;
  /**
   * States from now on, the current one first. Completes after `closed`, which {@link close} brings about and a client that says goodbye (close_notify:
   * browsers do so when their peer connection is closed, werift and closed pages do not). A `failed` peer stays until it is closed.
   */
  readonly state$: Observable<RtcPeerState>;
  /**
   * Changes of what supervision thinks of the client, from the first `connected` on, which is none. Hot, no replay; each before the change of
   * {@link state} that it brings about, if any. Completes with {@link state$}.
   */
  readonly iceChange$: Observable<IceStateChange>;
  /** The client's address and port once ICE has found it. */
  readonly remoteAddress: string | undefined;
  /** Why DTLS made the peer `failed`; undefined where the client was lost, and in other states. */
  readonly failure: Error | undefined;
  /** Datagrams dropped because they were malformed, not authentic or not expected. */
  readonly dropped: number;

  // -- negotiation ------------------------------------------------------------------------------------------------------------------------

  /** A section to receive media from the client. Shows in the next offer. */
  addReceiver(options: RtcReceiverOptions): RtcReceiver;
  /** A section that sends one remote track to the client. Shows in the next offer; reuses a released section of the same kind. */
  addSender(options: RtcSenderOptions): RtcSender;
  readonly receivers: readonly RtcReceiver[];
  readonly senders: readonly RtcSender[];
  /** Whether sections changed since the last offer, that is, whether a re-offer is due. */
  readonly negotiationNeeded: boolean;
  /**
   * The SDP of an offer with the sections as they are now. May be called again at any time; an answer belongs to the last offer made.
   *
   * @throws Error when the peer is closed.
   */
  createOffer(): string;
  /**
   * Takes the client's answer to the last offer. The first one starts ICE, DTLS and SCTP: `new` becomes `connecting`.
   *
   * @throws SdpError when the answer cannot be read or does not belong to the offer; the peer stays as it was.
   */
  acceptAnswer(sdp: string): void;

  // -- DataChannels ---------------------------------------------------------------------------------------------------------------------------

  /**
   * Opens a channel as soon as SCTP is up. Stream ids are given in order of creation: 1, 3, 5 …
   *
   * @throws Error when the peer was created without `dataChannels`, or is closed.
   */
  createDataChannel(label: string, options?: RtcDataChannelOptions): RtcDataChannel;
  /** Channels that are not closed, in order of creation. */
  readonly dataChannels: readonly RtcDataChannel[];

  // -- faults -------------------------------------------------------------------------------------------------------------------------------

  /** Drops every datagram in both directions while true: the cable is cut. Supervision goes on, so the peer ends as `failed` unless silence ends first. */
  silence(silent: boolean): void;
  readonly silent: boolean;
  /** Sends an SCTP ABORT and forgets the association: all channels see `error$`, then `close$`. ICE and DTLS go on. */
  abortSctp(): void;
  /** Ends DTLS, and with it SCTP and media, in this direction. ICE goes on answering. */
  closeDtls(options?: CloseDtlsOptions): void;
  /** Replaces the impairment; `{}` mends the network. */
  impair(impairment: Impairment): void;
  readonly impairment: Required<Impairment>;

  /**
   * Ends the peer. By default with close_notify, which werift clients see at once and browsers do not show. No SCTP ABORT: clients take that for an
   * abnormal end. To close DataChannels properly first, close them and wait for their `close$`. Idempotent.
   */
  close(options?: CloseDtlsOptions): void;
}
