import type { Observable } from 'rxjs';

/** As in the W3C API. */
export type RtcDataChannelState = 'connecting' | 'open' | 'closing' | 'closed';

/** As in `RTCDataChannelInit`, without the members that make no sense for a server that opens in-band. */
export interface RtcDataChannelOptions {
  /** Default true. */
  readonly ordered?: boolean;
  /** Retransmissions of a message, at most; 0 is allowed. Not together with `maxPacketLifeTime`. */
  readonly maxRetransmits?: number;
  /** Milliseconds during which a message may be (re)transmitted. */
  readonly maxPacketLifeTime?: number;
  /** Default empty. */
  readonly protocol?: string;
}

/** A DataChannel opened by the lab, in-band (RFC 8832), on an odd stream id. */
export interface RtcDataChannel {
  readonly label: string;
  readonly protocol: string;
  readonly ordered: boolean;
  readonly maxRetransmits: number | undefined;
  readonly maxPacketLifeTime: number | undefined;
  /** SCTP stream id. */
  readonly id: number;
  readonly readyState: RtcDataChannelState;
  /** Bytes accepted by {@link send} and not yet given to the network, as in the W3C API. */
  readonly bufferedAmount: number;

  /** The client acknowledged the channel. Replays when already open; completes after its one value, or without one when the channel closes first. */
  readonly open$: Observable<void>;
  /** Messages of the client: text as string, binary as `Uint8Array`. Hot, no replay; completes when the channel is closed. */
  readonly message$: Observable<string | Uint8Array>;
  /**
   * The association broke: ABORT, or nothing acknowledged for too long. Browsers abort it on a plain `close()` of their peer connection too. Hot, replays;
   * at most one value, before `close$`. Completes with the channel.
   */
  readonly error$: Observable<Error>;
  /** The channel is closed, by whichever side. Replays its one value, then completes. */
  readonly close$: Observable<void>;
  /** The amount buffered fell to zero after a send. Hot, no replay; completes when the channel is closed. */
  readonly drain$: Observable<void>;

  /**
   * Queues one message. Allowed from creation on: what is sent before the client has acknowledged the channel follows the open message in order.
   *
   * @throws Error when the channel is closing or closed, or the message is larger than the client's `a=max-message-size`.
   */
  send(data: string | Uint8Array): void;
  /** Resets the stream after what is queued (RFC 8831 section 6.7). `close$` fires when the client has reset its side. */
  close(): void;
}
