import type { Observable } from 'rxjs';
import type { FaultRule } from './faults/fault.ts';
import type { AuthRequest, AuthResponse } from './wire/auth-webhook.ts';
import type { VideoCodec } from './wire/words.ts';

export { LabOptionsError } from './lab-options-error.ts';

/** A close code and its reason. */
export interface CloseCode {
  readonly code: number;
  readonly reason: string;
}

/** Close codes and reasons of ends for which no source gives both. The reasons are the vendor's words where a source has them. */
export interface LabCloseCodes {
  /** No pong in time (S7, O3). Default 4490 `PONG-TIMEOUT-ERROR`. */
  readonly pongTimeout: CloseCode;
  /** ICE of a connected client failed (S8, O3). Default 4490 `ICE-CONNECTION-STATE-FAILED`. */
  readonly iceFailed: CloseCode;
  /** The DTLS handshake failed. Default 4490 `LAB-DTLS-FAILED`; the reason of the failure follows after a colon. */
  readonly dtlsFailed: CloseCode;
  /** No `connect` in time. Default 4490 `CONNECT-WAIT-TIMEOUT-ERROR`. */
  readonly connectWaitTimeout: CloseCode;
  /** No answer to the offer in time. Default 4490 `ANSWER-TIMEOUT-ERROR`. */
  readonly answerTimeout: CloseCode;
  /** The media path did not connect in time (O4). Default 4490 `CONNECTION-CREATED-WAIT-TIMEOUT-ERROR`. */
  readonly connectTimeout: CloseCode;
  /** The lab was stopped (S12). Default 1000 `LAB-STOPPED`, the reason only with {@link LabOptions.normalCloseReason}. */
  readonly stopped: CloseCode;
}

/** Options of a lab. All are optional: `startLab()` is a Sora without authentication on a free port. */
export interface LabOptions {
  /**
   * Address to listen on. Default `127.0.0.1`, which only this machine reaches. Any other address opens the lab, with a log that holds tokens, to
   * the network: it needs {@link LabOptions.hostNames}, and the process warns.
   */
  readonly host?: string;
  /**
   * Host names and addresses by which clients may call the lab, besides `localhost` and the loopback addresses; requests with another Host header
   * are refused. Pages that are served from these hosts may open sessions. Required where {@link LabOptions.host} is not a loopback address; the first one
   * then stands in `lab.url`.
   */
  readonly hostNames?: readonly string[];
  /**
   * Origins, such as `https://app.example`, whose pages may open sessions and call the HTTP API and the control (CORS). Without it pages of any
   * other host can do neither; pages of this machine can open sessions from whichever port.
   */
  readonly allowedOrigins?: readonly string[];
  /** Certificate in PEM, or the path of a file with it: URLs are then `wss:` and `https:`. Needs {@link LabOptions.tlsKey}. */
  readonly tlsCert?: string;
  /** Private key of {@link LabOptions.tlsCert} in PEM, or the path of a file with it. */
  readonly tlsKey?: string;
  /** TCP port of the first node for signaling, HTTP API and control; further nodes take the ports after it. 0, the default, takes free ones. */
  readonly port?: number;
  /** A second TCP port for the HTTP API alone, as a real Sora has one (3000 there). Absent: the API answers on {@link LabOptions.port} only. */
  readonly apiPort?: number;
  /** Number of nodes of the cluster, 1 to 8. They share the channels. Default 1. */
  readonly cluster?: number;
  /**
   * When a node sends `redirect`: `never`, or `channel-owner`, where each channel belongs to one node and every other node sends clients
   * there once (O30). Default `channel-owner` in a cluster, `never` alone.
   */
  readonly redirect?: 'never' | 'channel-owner';
  /** `version` of the offer. Default `lab-0.1.0` (O24). */
  readonly version?: string;

  /** Decides about each connection and may override its values, as Sora's auth webhook does. Absent: every client is allowed. */
  auth?(request: AuthRequest): AuthResponse | PromiseLike<AuthResponse> | Observable<AuthResponse>;
  /** URL that gets the auth request as a JSON POST. Excludes {@link LabOptions.auth}. */
  readonly authWebhookUrl?: string;
  /**
   * Whether the claims of a JWT in `metadata.access_token` decide about each connection, named like the members of an auth response. Default false,
   * or true where {@link LabOptions.accessTokenSecret} is given. Excludes {@link LabOptions.auth} and {@link LabOptions.authWebhookUrl}.
   */
  readonly accessToken?: boolean;
  /**
   * Secret with which access tokens must be signed (HS256). A client without a valid token is refused: wrong signature, expired, another
   * `channel_id`. Without a secret tokens are decoded and not verified.
   */
  readonly accessTokenSecret?: string;

  /** DataChannel signaling for clients that do not set it. Default false. */
  readonly dataChannelSignaling?: boolean;
  /** `ignore_disconnect_websocket` for clients that do not set it. Default false. */
  readonly ignoreDisconnectWebSocket?: boolean;
  /** Whether the built-in DataChannels are compressed, for all of them or per label. Default true. */
  readonly compress?: boolean | Readonly<Record<string, boolean>>;
  /** Whether `#` channels are opened. Default true. */
  readonly messaging?: boolean;
  /** Whether the `rpc` channel is opened. Default true. */
  readonly rpc?: boolean;
  /** RPC methods for clients whose auth response lists none. Default: all five known ones. */
  readonly rpcMethods?: readonly string[];
  /** `signaling_bundle_id`: whether a client may set its bundle id. Default false, as in Sora. */
  readonly bundleId?: boolean;
  /** `signaling_notify`. Default true. */
  readonly notify?: boolean;
  /** `signaling_notify_metadata`: whether notify carries metadata and `data`. Default true. */
  readonly notifyMetadata?: boolean;
  /** `data_channel_signaling_close_message`: whether the end of a DataChannel-only connection is announced with `type: close`. Default false, as in Sora. */
  readonly closeMessage?: boolean;
  /** `signaling_normal_close_reason`: whether ends with code 1000 carry their reason. Default false, as in Sora. */
  readonly normalCloseReason?: boolean;
  /** Codec for clients that choose none. Default VP9. */
  readonly videoCodec?: VideoCodec;
  /** `spotlight_number` for clients that set none, 1 to 8. Default 3. */
  readonly spotlightNumber?: number;

  /** Between two pings on the WebSocket. Default 5000; 0 sends none. */
  readonly pingIntervalMs?: number;
  /** Without a pong for this long the connection ends (S7). Default 60000; 0 waits for ever. */
  readonly pongTimeoutMs?: number;
  /** Every n-th ping asks for statistics; 0, the default, never does (O7). */
  readonly pingStatsEvery?: number;
  /** Between two `req-stats` on the `stats` channel. Default 15000; 0 sends none (O7). */
  readonly statsIntervalMs?: number;
  /** Between two `connection.updated` of each connection. Default 60000; 0 sends none (O10). */
  readonly updateIntervalMs?: number;
  /** From the opening of the WebSocket to `connect`. Default 5000, as in Sora; 0 waits for ever. */
  readonly connectWaitTimeoutMs?: number;
  /** `connection_created_wait_timeout`: from `connect` to a connected media path (O4). Default 30000, as in Sora; 0 waits for ever. */
  readonly connectTimeoutMs?: number;
  /** Lifetime of every connection (S6), unless its auth response sets another. Default 0: no limit. */
  readonly lifetimeMs?: number;
  /** How long the lab still listens to a connection that has ended, for last messages and the client's own closes. Default 1000. */
  readonly lingerMs?: number;
  /** `ice_connection_state_disconnected_timeout`. Default 5000. */
  readonly iceDisconnectedTimeoutMs?: number;
  /** `ice_connection_state_failed_timeout`. Default 10000. */
  readonly iceFailedTimeoutMs?: number;
  readonly closeCodes?: Partial<LabCloseCodes>;

  /** Maximum number of open sockets, of all nodes together. Default 1000; further clients get HTTP 503. */
  readonly maxConnections?: number;
  /** Largest WebSocket message. Default 1 MiB; a larger one closes the socket with 1009. */
  readonly maxWebSocketMessageBytes?: number;
  /** Largest DataChannel message, as sent. Default 262144 (256 KiB). */
  readonly maxDataChannelMessageBytes?: number;
  /** Largest DataChannel message after inflating. Default 4 MiB. */
  readonly maxInflatedBytes?: number;
  /** What happens to a DataChannel message over a limit (O15): `drop` it, or `close` the connection. Default `drop`. */
  readonly oversized?: 'drop' | 'close';
  /** Messages per second and client on average; more are dropped on DataChannels and end the connection on the WebSocket. 0, the default, has no limit. */
  readonly maxMessagesPerSecond?: number;
  /** Maximum number of `#` channels of one connection. Default 32. */
  readonly maxUserChannels?: number;

  /** Faults from the start on; more are added and removed through `lab.faults`. */
  readonly faults?: readonly FaultRule[];
  /** Entries of the log that late readers still get. Default 10000. */
  readonly logCapacity?: number;
  /** Memory that these entries may take, approximately. Default 64 MiB. */
  readonly logCapacityBytes?: number;
}

/** Options without a default. */
type OptionalName = 'accessTokenSecret' | 'apiPort' | 'auth' | 'authWebhookUrl' | 'faults' | 'tlsCert' | 'tlsKey';

/** Options with every default filled in. */
export type LabSettings = Required<Omit<LabOptions, OptionalName | 'closeCodes'>> &
  Pick<LabOptions, OptionalName> & { readonly closeCodes: LabCloseCodes };
