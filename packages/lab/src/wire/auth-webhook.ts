import type { JsonObject } from './json.ts';
import type { RequestedRid, Rid, Role, VideoCodec } from './words.ts';

/**
 * The request that decides about a connection: the body of Sora's auth webhook, as JSON.
 *
 * @source Sora auth webhook, in the form of about 2023 to 2025
 */
export interface AuthRequest {
  readonly timestamp: string;
  readonly version: string;
  readonly label: string;
  readonly node_name: string;
  readonly id: string;
  readonly role: Role;
  readonly channel_id: string;
  readonly client_id?: string;
  readonly bundle_id?: string;
  readonly connection_id: string;
  /** Absent where the connection would start a session. */
  readonly session_id?: string;
  readonly simulcast: boolean;
  readonly simulcast_request_rid?: RequestedRid;
  readonly simulcast_multicodec: boolean;
  readonly spotlight: boolean;
  readonly spotlight_number?: number;
  readonly spotlight_focus_rid?: RequestedRid;
  readonly spotlight_unfocus_rid?: RequestedRid;
  readonly audio: boolean;
  readonly audio_codec_type?: string;
  readonly audio_bit_rate?: number;
  readonly video: boolean;
  readonly video_codec_type?: VideoCodec;
  readonly video_bit_rate?: number;
  readonly video_vp9_params?: unknown;
  readonly video_av1_params?: unknown;
  readonly video_h264_params?: unknown;
  readonly video_h265_params?: unknown;
  readonly data_channel_signaling: boolean;
  readonly ignore_disconnect_websocket: boolean;
  readonly data_channels?: readonly unknown[];
  readonly forwarding_filters?: readonly unknown[];
  /** Authentication data of `connect`, also under {@link auth_metadata}. */
  readonly metadata?: unknown;
  readonly auth_metadata?: unknown;
  readonly whip: boolean;
  readonly sora_client: { readonly type?: string; readonly raw?: string; readonly environment?: string; readonly libwebrtc?: string };
  readonly channel_connections: number;
  readonly channel_sendrecv_connections: number;
  readonly channel_sendonly_connections: number;
  readonly channel_recvonly_connections: number;
}

/** The connection is refused; the reason becomes the reason of the close with 4490 (O1). */
export interface AuthRefused {
  readonly allowed: false;
  readonly reason: string;
}

/** The connection is allowed. Every member that is present replaces what the client asked for, and shows in the offer. */
export interface AuthAllowed {
  readonly allowed: true;
  readonly client_id?: string;
  readonly bundle_id?: string;
  readonly audio?: boolean;
  readonly audio_codec_type?: 'OPUS';
  readonly audio_bit_rate?: number;
  readonly audio_opus_params?: JsonObject;
  readonly video?: boolean;
  readonly video_codec_type?: VideoCodec;
  readonly video_bit_rate?: number;
  readonly video_vp9_params?: JsonObject;
  readonly video_av1_params?: JsonObject;
  readonly video_h264_params?: JsonObject;
  readonly video_h265_params?: JsonObject;
  readonly simulcast?: boolean;
  readonly simulcast_rid?: Rid;
  readonly simulcast_request_rid?: RequestedRid;
  /** Reach `offer.encodings` unchanged. */
  readonly simulcast_encodings?: readonly JsonObject[];
  /** Layers that the RPC may ask for. */
  readonly simulcast_rpc_rids?: readonly RequestedRid[];
  /** The lab takes one codec per connection. */
  readonly simulcast_multicodec?: false;
  readonly spotlight?: boolean;
  readonly spotlight_number?: number;
  readonly spotlight_focus_rid?: RequestedRid;
  readonly spotlight_unfocus_rid?: RequestedRid;
  /** Replace `simulcast_encodings` where the connection uses spotlight. */
  readonly spotlight_encodings?: readonly JsonObject[];
  readonly data_channel_signaling?: boolean;
  readonly ignore_disconnect_websocket?: boolean;
  readonly data_channels?: readonly JsonObject[];
  readonly signaling_notify?: boolean;
  /** Becomes `authz_metadata` in the notify messages of others. */
  readonly signaling_notify_metadata?: unknown;
  /**
   * Turns the notify metadata extension on for this connection: `metadata` of notify messages is then a separate value, which RPC changes, while
   * `authn_metadata` and `authz_metadata` keep what the client and `signaling_notify_metadata` gave. `true`: no value until RPC puts one; `false`:
   * off; anything else is the first value.
   */
  readonly signaling_notify_metadata_ext?: unknown;
  /** Whether this connection is notified when the ICE state of a connection of the channel changes, its own included. */
  readonly signaling_notify_ice_connection_state?: boolean;
  readonly rpc_methods?: readonly string[];
  /** Becomes `offer.metadata`. */
  readonly metadata?: unknown;
  /** Replaces the language that the client asked for. `StartAudioStreaming` lists connections with a language. */
  readonly audio_streaming_language_code?: string;
  /** Appears with the event `accepted` in the log: the lab has no event webhook. */
  readonly event_metadata?: unknown;
  /** The lab has no TURN server. */
  readonly turn_tcp_only?: false;
  readonly turn_tls_only?: false;
  /** Seconds. */
  readonly connection_lifetime?: number;
  readonly forwarding_filters?: readonly JsonObject[];
}

/** The decision of an auth function or webhook. */
export type AuthResponse = AuthAllowed | AuthRefused;
