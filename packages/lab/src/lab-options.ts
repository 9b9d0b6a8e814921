import type { Observable } from 'rxjs';
import type { AuthRequest, AuthResponse } from './auth/shapes.ts';
import type { FaultRule } from './faults/fault.ts';
import type { VideoCodec } from './wire/words.ts';

/** What `port` of an address cannot be: a wrong option, named. Thrown by `startLab` before anything is opened. */
export class LabOptionsError extends Error {
  override readonly name: string = 'LabOptionsError';
  readonly code = 'invalid-option' as const;
  /** The option's name, such as `pingIntervalMs`. */
  readonly path: string;

  constructor(path: string, message: string) {
    super(`${path} ${message}`);
    this.path = path;
  }
}

/** A close code with its text, as the lab sends it where the vendor's code is not known (O3, O4). */
export interface CloseCode {
  readonly code: number;
  readonly reason: string;
}

/** Which close code and reason the lab uses where no source tells what Sora does. */
export interface LabCloseCodes {
  /** No pong in time (S7). Default 4490 `LAB-PONG-TIMEOUT`. */
  readonly pongTimeout: CloseCode;
  /** The lab's ICE supervision gave the client up (S8). Default 4490 `LAB-ICE-FAILED`. */
  readonly iceFailed: CloseCode;
  /** The media path did not come up in time. Default 4490 `TIMEOUT` (O4). */
  readonly connectTimeout: CloseCode;
  /** The lab was stopped (S12). Default 1000 `LAB-STOPPED`, the reason only with {@link LabOptions.normalCloseReason}. */
  readonly stopped: CloseCode;
}

/** All options of a lab are optional: `startLab()` is a Sora without authentication on a free port. */
export interface LabOptions {
  /** Address to listen on. Default `127.0.0.1`: nobody else on the network reaches the lab unless told so. */
  readonly host?: string;
  /** TCP port of the first node for signaling, HTTP API and control; further nodes take the ports after it. 0, the default, takes free ones. */
  readonly port?: number;
  /** A second TCP port for the HTTP API alone, as a real Sora has it (3000 there). Absent: none; the API then answers on {@link port} only. */
  readonly apiPort?: number;
  /** Number of nodes of the cluster, 1 to 8. Channels are common to all of them. Default 1. */
  readonly cluster?: number;
  /**
   * When a node sends `redirect`: `never`, or `channel-owner`, where each channel belongs to one node and every other node sends clients
   * there once (O30). Default `channel-owner` in a cluster, `never` alone.
   */
  readonly redirect?: 'never' | 'channel-owner';
  /** `version` of the offer. Default `lab-0.1.0` (O24). */
  readonly version?: string;

  /** Decides about each connection and may override its values, as Sora's auth webhook does. Absent: everybody is allowed. */
  auth?(request: AuthRequest): AuthResponse | PromiseLike<AuthResponse> | Observable<AuthResponse>;
  /** URL that gets the auth request as a JSON POST. Excludes {@link auth}. */
  readonly authWebhookUrl?: string;

  /** DataChannel signaling for clients that do not say. Default false. */
  readonly dataChannelSignaling?: boolean;
  /** `ignore_disconnect_websocket` for clients that do not say. Default false. */
  readonly ignoreDisconnectWebSocket?: boolean;
  /** Whether the built-in DataChannels are compressed; a record says it per label. Default true. */
  readonly compress?: boolean | Readonly<Record<string, boolean>>;
  /** Whether `#` channels are opened. Default true. */
  readonly messaging?: boolean;
  /** Whether the `rpc` channel is opened. Default true. */
  readonly rpc?: boolean;
  /** RPC methods for clients whose auth response names none. Default: all five known ones. */
  readonly rpcMethods?: readonly string[];
  /** `signaling_bundle_id`: whether a client may set its bundle id. Default false, as in Sora. */
  readonly bundleId?: boolean;
  /** `signaling_notify`. Default true. */
  readonly notify?: boolean;
  /** `signaling_notify_metadata`: whether notify carries metadata and `data`. Default true. */
  readonly notifyMetadata?: boolean;
  /** `data_channel_signaling_close_message`: whether a DataChannel-only client is told the end with `type: close`. Default false, as in Sora. */
  readonly closeMessage?: boolean;
  /** `signaling_normal_close_reason`: whether ends with code 1000 carry their reason. Default false, as in Sora. */
  readonly normalCloseReason?: boolean;
  /** Codec of clients that name none. Default VP9. */
  readonly videoCodec?: VideoCodec;
  /** `spotlight_number` of clients that name none, 1 to 8. Default 3. */
  readonly spotlightNumber?: number;

  /** Between two pings on the WebSocket. Default 5000; 0 sends none. */
  readonly pingIntervalMs?: number;
  /** Without a pong for this long the connection is over (S7). Default 60000; 0 waits for ever. */
  readonly pongTimeoutMs?: number;
  /** Every n-th ping asks for statistics; 0, the default, never does (O7). */
  readonly pingStatsEvery?: number;
  /** Between two `req-stats` on the `stats` channel. Default 15000; 0 sends none (O7). */
  readonly statsIntervalMs?: number;
  /** Between two `connection.updated` of each connection. Default 60000; 0 sends none (O10). */
  readonly updateIntervalMs?: number;
  /** From the offer to a connected media path (O4). Default 60000; 0 waits for ever. */
  readonly connectTimeoutMs?: number;
  /** Lifetime of every connection (S6), unless its auth response says otherwise. Default 0: no limit. */
  readonly lifetimeMs?: number;
  /** How long a media path that has ended is still listened to, so that a last message or the client's own goodbye is heard. Default 1000. */
  readonly lingerMs?: number;
  /** `ice_connection_state_disconnected_timeout`. Default 5000. */
  readonly iceDisconnectedTimeoutMs?: number;
  /** `ice_connection_state_failed_timeout`. Default 10000. */
  readonly iceFailedTimeoutMs?: number;
  readonly closeCodes?: Partial<LabCloseCodes>;

  /** Connections and sockets at one time, of all nodes. Default 1000. */
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
  /** `#` channels of one connection. Default 32. */
  readonly maxUserChannels?: number;

  /** Faults that are there from the start; more come and go through `lab.faults`. */
  readonly faults?: readonly FaultRule[];
  /** Entries of the log that late readers still get. Default 10000. */
  readonly logCapacity?: number;
}

/** Options with every default filled in. */
export type LabSettings = Required<Omit<LabOptions, 'auth' | 'authWebhookUrl' | 'apiPort' | 'faults' | 'closeCodes'>> &
  Pick<LabOptions, 'auth' | 'authWebhookUrl' | 'apiPort' | 'faults'> & { readonly closeCodes: LabCloseCodes };
