import type { JsonObject } from './json.ts';
import type { RequestedRid, Rid, Role, VideoCodec } from './words.ts';

/**
 * What the lab tells about a connection before it is allowed: the body of Sora's auth webhook, as JSON.
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
  /** Absent where the connection would begin a session. */
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
  /** Take the place of `simulcast_encodings` where the connection has spotlight. */
  readonly spotlight_encodings?: readonly JsonObject[];
  readonly data_channel_signaling?: boolean;
  readonly ignore_disconnect_websocket?: boolean;
  readonly data_channels?: readonly JsonObject[];
  readonly signaling_notify?: boolean;
  /** Becomes `authz_metadata` in the notify messages of others. */
  readonly signaling_notify_metadata?: unknown;
  /**
   * Puts the notify metadata extension on for this connection: `metadata` of notify messages is then a value of its own, which RPC changes,
   * and what the client and `signaling_notify_metadata` gave stands in `authn_metadata` and `authz_metadata` alone. `true`: none until RPC
   * puts one; `false`: off; anything else is the first value.
   */
  readonly signaling_notify_metadata_ext?: unknown;
  /** Whether this connection is told when the lab's supervision sees the ICE state of a connection of the channel change, its own included. */
  readonly signaling_notify_ice_connection_state?: boolean;
  readonly rpc_methods?: readonly string[];
  /** Becomes `offer.metadata`. */
  readonly metadata?: unknown;
  /** Takes the place of what the client asked for: the language of those that `StartAudioStreaming` names. */
  readonly audio_streaming_language_code?: string;
  /** Stands beside the event `accepted` in the log: the lab has no event webhook. */
  readonly event_metadata?: unknown;
  /** The lab has no TURN server. */
  readonly turn_tcp_only?: false;
  readonly turn_tls_only?: false;
  /** Seconds. */
  readonly connection_lifetime?: number;
  readonly forwarding_filters?: readonly JsonObject[];
}

/** What an auth function or webhook decides. */
export type AuthResponse = AuthAllowed | AuthRefused;
