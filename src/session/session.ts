import type { Observable } from 'rxjs';
import type { RemoteStream, RemoteTrack } from '../media/remote-streams.ts';
import type { JsonValue } from '../signaling/json.ts';
import type { NotifyMessage, OfferMessage, PushMessage, SwitchedMessage } from '../signaling/messages.ts';
import type { DataChannelInfo, DataMessage } from '../signaling/messaging.ts';
import type { RpcMethod, RpcParams, RpcResult } from '../signaling/rpc-methods.ts';
import type { RpcOptions } from '../signaling/rpc.ts';
import type { Termination, Via } from '../termination/reason.ts';
import type { DataChannelEvent } from '../transports/data-channel-event.ts';
import type { PeerConnectionEvent } from '../transports/peer-connection-event.ts';
import type { WebSocketEvent } from '../transports/web-socket-event.ts';
import type { StatsSample } from '../media/stats.ts';
import type { TimelineEntry } from './timeline.ts';

declare global {
  /** Said here as well, for those who compile without `lib: esnext.disposable`. */
  interface SymbolConstructor {
    readonly asyncDispose: unique symbol;
  }
}

/** Where a session stands. A redirect returns it to `opening`; `ending` begins with the cause, `ended` stands just before `termination$`. */
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
  /** The URL from which the offer came; another one after a redirect. */
  readonly connectedUrl: string;
  readonly simulcast: boolean;
  readonly spotlight: boolean;
  /** The methods that this connection may call. */
  readonly rpcMethods: readonly string[];
  /** What the authentication of the server handed out. Never in a log or timeline. */
  readonly authMetadata?: JsonValue;
}

/** One message of signaling, sent or received. */
export interface SignalingTraffic {
  readonly direction: 'sent' | 'received';
  readonly transport: Via;
  /** Label of the DataChannel; absent on the WebSocket. */
  readonly label?: string;
  readonly at: number;
  /** As it was on the wire; redact it before it leaves the application. */
  readonly message: { readonly type: string };
  /** What the server sent otherwise than the documents say: unknown members and types. */
  readonly drift?: readonly string[];
}

/**
 * One session with Sora, from `connect()` to its `termination$`. A session lives once.
 *
 * Event streams are hot and replay nothing; state streams replay their latest value. All complete when the session has ended, after
 * `termination$` has emitted; none ever errors. An observer that throws disturbs nobody else: RxJS reports the error through
 * `config.onUnhandledError`.
 */
export interface Session {
  /** Where the session stands, then every change. Hot, replays the latest; ends with `ended`. */
  readonly state$: Observable<SessionState>;
  /** The facts of the connection, once the peer connection is connected. Replayed; completes with its value, or without one if the session ends first. */
  readonly connected$: Observable<ConnectedInfo>;
  /** The reason why the session ended: exactly one value, then completion. Replayed to late subscribers. @source rules T01-T29 */
  readonly termination$: Observable<Termination>;

  /** Events of every WebSocket of this session, told apart by `url`. Hot, no replay. */
  readonly webSocket$: Observable<WebSocketEvent>;
  /** Events of all DataChannels. Hot, no replay. */
  readonly dataChannel$: Observable<DataChannelEvent>;
  /** Events of the peer connection. Hot, no replay. */
  readonly peerConnection$: Observable<PeerConnectionEvent>;

  /**
   * Every message of signaling in both directions, as it was on the wire, with the transport. Hot, no replay; emits before the streams of its
   * content, whoever subscribed first. Carries secrets: `timeline$` is what may be kept.
   */
  readonly signaling$: Observable<SignalingTraffic>;
  /** The server's offer. Hot, no replay. */
  readonly offer$: Observable<OfferMessage>;
  /** What happens in the channel. Hot, no replay; unknown events pass. `roster()`, `spotlight()`, `receivedLayers()` and `networkStatus()` fold it. */
  readonly notify$: Observable<NotifyMessage>;
  /** What the server's push API sends. Hot, no replay. */
  readonly push$: Observable<PushMessage>;
  /** Signaling has moved to the DataChannels. Hot, no replay; at most one. */
  readonly switched$: Observable<SwitchedMessage>;
  /** A remote track has come. Hot, no replay; not one's own, not placeholders. */
  readonly track$: Observable<RemoteTrack>;
  /** A remote track has gone. Hot, no replay. */
  readonly removeTrack$: Observable<RemoteTrack>;
  /** The remote streams there are, then every change. Hot, replays the latest. */
  readonly remoteStreams$: Observable<readonly RemoteStream[]>;
  /** The open channels of the application, then every change. Hot, replays the latest. */
  readonly dataChannels$: Observable<readonly DataChannelInfo[]>;
  /** All of the above in order, redacted. Hot, replays the last 1000 entries. */
  readonly timeline$: Observable<TimelineEntry>;

  /** Messages of the application's channels, of one label or of all; in order per label. Hot, no replay. */
  messages(label?: string): Observable<DataMessage>;
  /**
   * Statistics of the peer connection with what they say of the time since the sample before, every `periodMs` milliseconds (1000), from when
   * there is a peer connection. Cold; ends with the session. Throws a SoraOptionsError for a period below 1.
   */
  stats(periodMs?: number): Observable<StatsSample>;

  /**
   * Connects. The same promise for every call; rejects with a SoraTerminatedError if the session ends before it is connected, and with a
   * SoraOptionsError, without having begun, where the runtime lacks a WebSocket, an RTCPeerConnection or what `simulcast` needs.
   */
  connect(): Promise<ConnectedInfo>;
  /** Disconnects. Idempotent; resolves with the value of `termination$`. @source T16-T24 */
  disconnect(): Promise<Termination>;
  /**
   * Sends a message over a channel of the application. Resolves when the channel has taken it, in order and without queueing more than 1 MiB;
   * rejects with a SoraSendError, which ends nothing. Bytes are read when their turn has come: leave them alone until the promise is settled.
   */
  send(label: string, data: Uint8Array | ArrayBuffer | string): Promise<void>;
  /**
   * Calls a method of the server over the channel `rpc`, which is waited for where the offer announced it. Rejects with a SoraRpcError: the
   * server's code, `timeout`, `unavailable` where there is no such channel, or `ended` with the Termination. What has timed out while it waited
   * is not sent afterwards. A wrong `timeoutMs` is a SoraOptionsError. @source JSON-RPC 2.0
   */
  rpc<Method extends RpcMethod>(method: Method, params: RpcParams<Method>, options?: RpcOptions): Promise<RpcResult<Method>>;
  /**
   * Sends another track of a kind, or none: then the old one is switched off for 100 ms before it goes, so that nobody keeps a frozen picture.
   * One after another per kind; simulcast layers, content hint and degradation preference are set again. Rejects with a SoraTrackError
   * (`no-sender`, `ended`) or with what the browser said; that ends nothing.
   */
  replaceTrack(kind: 'audio' | 'video', track: MediaStreamTrack | null): Promise<void>;
  /** The escape hatch: the live peer connection; null before the offer and after the end. */
  readonly peerConnection: RTCPeerConnection | null;
  /** Leaving an `await using` scope is `disconnect()`. Absent on runtimes without `Symbol.asyncDispose`. @source Q79 */
  [Symbol.asyncDispose](): Promise<void>;
}
