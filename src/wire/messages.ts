import type { ForwardingFilter, HeaderField } from './connect-request.ts';
import type { JsonObject, JsonValue } from './json.ts';
import type { NotifyMessage } from './notify.ts';
import type { RpcRequest, RpcResponse } from './rpc.ts';
import type { AudioCodecType, Direction, RequestRid, Rid, Role, VideoCodecType } from './words.ts';

/** `audio` of `connect`. */
export interface ConnectAudio {
  readonly codec_type?: AudioCodecType;
  readonly bit_rate?: number;
  readonly opus_params?: {
    readonly channels?: number;
    readonly maxplaybackrate?: number;
    readonly minptime?: number;
    readonly ptime?: number;
    readonly stereo?: boolean;
    readonly sprop_stereo?: boolean;
    readonly useinbandfec?: boolean;
    readonly usedtx?: boolean;
  };
}

/** `video` of `connect`. */
export interface ConnectVideo {
  readonly codec_type?: VideoCodecType;
  readonly bit_rate?: number;
  readonly vp9_params?: JsonObject;
  readonly av1_params?: JsonObject;
  readonly h264_params?: JsonObject;
  readonly h265_params?: JsonObject;
}

/** An entry of `data_channels` of `connect`. */
export interface ConnectDataChannel {
  readonly label: string;
  readonly direction: Direction;
  readonly ordered?: boolean;
  readonly max_packet_life_time?: number;
  readonly max_retransmits?: number;
  readonly protocol?: string;
  readonly compress?: boolean;
  readonly header?: readonly HeaderField[];
}

/** The first message of a client on each WebSocket. */
export interface ConnectMessage {
  readonly type: 'connect';
  readonly role: Role;
  readonly channel_id: string;
  readonly client_id?: string;
  readonly bundle_id?: string;
  readonly metadata?: JsonValue;
  readonly signaling_notify_metadata?: JsonValue;
  /** Only on the message that follows a redirect, and never false. */
  readonly redirect?: true;
  /** Of a throw-away offer, from which the server tells the implementation. */
  readonly sdp?: string;
  readonly sora_client?: string;
  readonly environment?: string;
  readonly audio: boolean | ConnectAudio;
  readonly video: boolean | ConnectVideo;
  readonly simulcast?: boolean;
  readonly simulcast_rid?: Rid;
  readonly simulcast_request_rid?: RequestRid;
  readonly spotlight?: boolean;
  readonly spotlight_number?: number;
  readonly spotlight_focus_rid?: RequestRid;
  readonly spotlight_unfocus_rid?: RequestRid;
  readonly data_channel_signaling?: boolean;
  readonly ignore_disconnect_websocket?: boolean;
  readonly data_channels?: readonly ConnectDataChannel[];
  readonly audio_streaming_language_code?: string;
  readonly forwarding_filters?: readonly ForwardingFilter[];
  readonly forwarding_filter?: ForwardingFilter;
}

/** The answer to an `offer`. */
export interface AnswerMessage {
  readonly type: 'answer';
  readonly sdp: string;
}

/** The answer to a `re-offer`. */
export interface ReAnswerMessage {
  readonly type: 're-answer';
  readonly sdp: string;
}

/** Re-offer and re-answer of servers before Sora 2022.1.0, the same message both ways. */
export interface UpdateMessage {
  readonly type: 'update';
  readonly sdp: string;
}

/** An ICE candidate of the client, in the words of the W3C. @source W3C WebRTC 4.8.1, RTCIceCandidateInit */
export interface CandidateMessage {
  readonly type: 'candidate';
  readonly candidate: string;
  readonly sdpMid?: string | null;
  readonly sdpMLineIndex?: number | null;
  readonly usernameFragment?: string | null;
}

/** The entries of a statistics report as a flat list. @source W3C WebRTC 8.5, RTCStatsReport */
export type StatsEntries = readonly unknown[];

/** The answer to a `ping`. */
export interface PongMessage {
  readonly type: 'pong';
  /** Present where the ping asked for it. */
  readonly stats?: StatsEntries;
}

/** The answer to a `req-stats`. */
export interface StatsMessage {
  readonly type: 'stats';
  readonly reports: StatsEntries;
}

/** The last message of a client; its reasons are those of `DisconnectReason`. */
export interface DisconnectMessage {
  readonly type: 'disconnect';
  readonly reason: string;
}

/** Everything that a client sends. */
export type SentMessage =
  | ConnectMessage
  | AnswerMessage
  | ReAnswerMessage
  | UpdateMessage
  | CandidateMessage
  | PongMessage
  | StatsMessage
  | DisconnectMessage
  | RpcRequest;

/** One layer of what a sender is to encode, in the W3C's words; members beyond these are kept. @source W3C WebRTC 5.2.5 */
export interface OfferEncoding {
  readonly rid?: string;
  readonly active?: boolean;
  /** bit/s. */
  readonly maxBitrate?: number;
  /** bit/s; no browser takes it. */
  readonly minBitrate?: number;
  readonly maxFramerate?: number;
  readonly scaleResolutionDownBy?: number;
  readonly scaleResolutionDownTo?: { readonly maxWidth?: number; readonly maxHeight?: number };
  readonly scalabilityMode?: string;
  readonly adaptivePtime?: boolean;
  readonly codec?: JsonObject;
}

/** A DataChannel that the server will open, those of its own included. */
export interface OfferDataChannel {
  readonly label: string;
  /** As the client sees it. */
  readonly direction?: Direction;
  /** Whether each message, both ways, is a zlib stream. Absent means false. */
  readonly compress?: boolean;
  readonly header?: readonly OfferHeaderField[];
}

/** What stands before each received message; types other than `sender_connection_id` are not known. */
export interface OfferHeaderField {
  readonly type: string;
  /** Bytes. */
  readonly length?: number;
}

/** The server's configuration for the peer connection; members beyond these are kept. @source W3C WebRTC 4.2.1 */
export interface OfferConfiguration {
  readonly iceServers?: { urls: string | string[]; username?: string; credential?: string }[];
  readonly iceTransportPolicy?: 'all' | 'relay';
}

/** The server's decisions about a session, which win over what the client asked for. */
export interface OfferMessage {
  readonly type: 'offer';
  readonly sdp: string;
  readonly connection_id: string;
  readonly client_id?: string;
  readonly bundle_id?: string;
  readonly session_id?: string;
  readonly channel_id?: string;
  /** The server's version, opaque. */
  readonly version?: string;
  /** What the authentication webhook returned. */
  readonly metadata?: JsonValue;
  readonly config?: OfferConfiguration;
  readonly simulcast?: boolean;
  readonly simulcast_multicodec?: boolean;
  readonly spotlight?: boolean;
  readonly encodings?: readonly OfferEncoding[];
  /** On which media line to send audio, and video. */
  readonly mid?: { readonly audio?: string; readonly video?: string };
  readonly audio?: boolean;
  readonly audio_codec_type?: string;
  /** kbit/s. */
  readonly audio_bit_rate?: number;
  readonly video?: boolean;
  readonly video_codec_type?: string;
  /** kbit/s. */
  readonly video_bit_rate?: number;
  readonly data_channel_signaling?: boolean;
  readonly ignore_disconnect_websocket?: boolean;
  readonly data_channels?: readonly OfferDataChannel[];
  readonly rpc_methods?: readonly string[];
}

/** A later offer: somebody came, left, or changed what is sent. */
export interface ReOfferMessage {
  readonly type: 're-offer';
  readonly sdp: string;
}

/** The server wants the client to connect to another node. */
export interface RedirectMessage {
  readonly type: 'redirect';
  /** The signaling URL to use instead. */
  readonly location: string;
}

/** Signaling runs over DataChannels from here on. */
export interface SwitchedMessage {
  readonly type: 'switched';
  /** Whether the session outlives its WebSocket; false where the server did not say. */
  readonly ignore_disconnect_websocket: boolean;
}

/** The server asks whether the client is there. */
export interface PingMessage {
  readonly type: 'ping';
  /** Whether the pong is to carry statistics. */
  readonly stats?: boolean;
}

/** A message that an application sent through the server's push API. */
export interface PushMessage {
  readonly type: 'push';
  readonly data: JsonObject;
}

/** The server wants statistics. */
export interface ReqStatsMessage {
  readonly type: 'req-stats';
}

/** The server ends the session, over the DataChannel `signaling`. */
export interface CloseMessage {
  readonly type: 'close';
  /** Whatever is not a number counts as no code (Q77). */
  readonly code?: JsonValue;
  /** The first 1024 characters count (Q77). */
  readonly reason?: JsonValue;
}

/** Everything with a `type` that a server sends. */
export type ReceivedMessage =
  | OfferMessage
  | ReOfferMessage
  | UpdateMessage
  | RedirectMessage
  | SwitchedMessage
  | PingMessage
  | PushMessage
  | NotifyMessage
  | ReqStatsMessage
  | CloseMessage;

/** A message whose type this version does not know (Q29). */
export interface UnknownMessage extends JsonObject {
  readonly type: string;
}

/** Any message in either direction. */
export type SignalingMessage = SentMessage | ReceivedMessage | RpcResponse | UnknownMessage;
