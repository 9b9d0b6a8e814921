import type { Observable } from 'rxjs';
import type { DataChannelEvent, PeerConnectionEvent, WebSocketEvent } from '../model/session-event.ts';
import type { Via } from '../model/words.ts';
import type { DataChannelInfo } from '../signaling/open-channels.ts';
import type { Termination } from '../termination/reason.ts';
import type { RemoteStream, RemoteTrack } from '../tracks/remote-tracks.ts';
import type { JsonValue } from '../wire/json.ts';
import type { NotifyMessage, OfferMessage, PushMessage, SwitchedMessage } from '../wire/wire.ts';

/** Where a session stands. A redirect returns it to `opening`; `ending` begins with the cause, `ended` comes just before `termination$`. */
export type SessionState = 'idle' | 'opening' | 'signaling' | 'negotiating' | 'connected' | 'ending' | 'ended';

/** What is known once the peer connection is connected. */
export interface ConnectedInfo {
  readonly connectionId: string;
  readonly clientId: string;
  readonly bundleId: string;
  readonly sessionId?: string;
  readonly channelId: string;
  /** The URL to which the first `connect` was sent. */
  readonly contactUrl: string;
  /** The URL from which the offer came; differs from `contactUrl` after a redirect. */
  readonly connectedUrl: string;
  readonly simulcast: boolean;
  readonly spotlight: boolean;
  /** The methods that this connection may call with `rpc()`. */
  readonly rpcMethods: readonly string[];
  /** The metadata that the server's authentication returned. Secret: it never enters a log or timeline. */
  readonly authMetadata?: JsonValue;
  /** Milliseconds from the start of the session to connected. */
  readonly connectedAt: number;
}

/** One message of signaling, sent or received. */
export interface SignalingTraffic {
  readonly direction: 'sent' | 'received';
  readonly transport: Via;
  /** The label of the DataChannel; absent on the WebSocket. */
  readonly label?: string;
  /** Milliseconds on the session's clock. */
  readonly at: number;
  /** As it was on the wire. It carries secrets: redact it before it leaves the application. */
  readonly message: { readonly type: string };
}

/** A message of the application from another client. */
export interface DataMessage {
  readonly label: string;
  readonly data: Uint8Array;
  /** The connection that sent it, where the channel was opened with a `header`. */
  readonly senderConnectionId?: string;
}

/** `await using` ends a session by `disconnect()`; the member is absent where the runtime or the compiler lacks `Symbol.asyncDispose`. @source Q79 */
export type AsyncDisposal = SymbolConstructor extends { readonly asyncDispose: infer Key extends symbol }
  ? { readonly [Name in Key]: () => Promise<void> }
  : object;

/**
 * One session with Sora, from `connect()` to its `termination$`. A session lives once.
 *
 * Event streams are hot and replay nothing; state streams replay their latest value. All complete when the session has ended, after `termination$`
 * has emitted; none ever errors. An observer that throws disturbs no other: RxJS reports the error through `config.onUnhandledError`.
 */
export interface Session extends AsyncDisposal {
  /** Where the session stands, then every change. Hot, replays the latest value; ends with `ended`. */
  readonly state$: Observable<SessionState>;
  /** The facts of the connection, once it is connected. Replayed; completes with its value, or without one if the session ends first. */
  readonly connected$: Observable<ConnectedInfo>;
  /** Why the session ended: exactly one value, then completion. Replayed to late subscribers. @source rules T01-T29 */
  readonly termination$: Observable<Termination>;

  /** Events of every WebSocket of the session, which differ by `url`. Hot, no replay. */
  readonly webSocket$: Observable<WebSocketEvent>;
  /** Events of all DataChannels. Hot, no replay. */
  readonly dataChannel$: Observable<DataChannelEvent>;
  /** Events of the peer connection, from the offer on. Hot, no replay. */
  readonly peerConnection$: Observable<PeerConnectionEvent>;

  /**
   * Every message of signaling in both directions, as it was on the wire. Hot, no replay; emits before the streams of its content. It carries secrets:
   * `timeline(session)` is what may be kept.
   */
  readonly signaling$: Observable<SignalingTraffic>;
  /** The offer of the server. Hot, no replay; at most one. */
  readonly offer$: Observable<OfferMessage>;
  /** What happens in the channel. Hot, no replay; unknown events pass. `roster()`, `spotlight()`, `receivedLayers()` and `networkStatus()` fold it. */
  readonly notify$: Observable<NotifyMessage>;
  /** Messages of the server's push API. Hot, no replay. */
  readonly push$: Observable<PushMessage>;
  /** Signaling has moved to the DataChannels. Hot, no replay; at most one. */
  readonly switched$: Observable<SwitchedMessage>;
  /** A remote track was added; neither one's own nor a placeholder. Hot, no replay. */
  readonly track$: Observable<RemoteTrack>;
  /** A remote track was removed. Hot, no replay. */
  readonly removeTrack$: Observable<RemoteTrack>;
  /** The remote streams, then every change. Hot, replays the latest value. */
  readonly remoteStreams$: Observable<readonly RemoteStream[]>;
  /** The open channels of the application, then every change. Hot, replays the latest value. */
  readonly dataChannels$: Observable<readonly DataChannelInfo[]>;

  /** Messages of one channel of the application, or of all; in order per label. Hot, no replay. */
  messages(label?: string): Observable<DataMessage>;

  /**
   * Connects. Returns the same promise for every call. Rejects with a SoraTerminatedError if the session ends before it is connected, and always after
   * its end (Q88); rejects with a SoraOptionsError, without having begun, where the runtime lacks a WebSocket or an RTCPeerConnection.
   */
  connect(): Promise<ConnectedInfo>;
  /** Disconnects. Idempotent; resolves with the value of `termination$`. @source T16-T24 */
  disconnect(): Promise<Termination>;
  /**
   * Sends a message over a channel of the application. Resolves when the channel has taken it, in order and with at most 1 MiB queued; rejects with a
   * SoraSendError, after which the session goes on. While connecting it waits for the offer and for the channel (Q87). Bytes that have to wait are
   * copied in this call.
   */
  send(label: string, data: Uint8Array | ArrayBuffer | Blob | string): Promise<void>;
  /** The live peer connection, as an escape hatch; null before the offer and after the end. */
  readonly peerConnection: RTCPeerConnection | null;
}
