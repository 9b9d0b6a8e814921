import type { JsonObject, Serializable } from './json.ts';
import type { AudioCodecType, Direction, RequestRid, Rid, Role, VideoCodecType } from './words.ts';

/** Opus parameters; the wire's words, so `maxplaybackrate` and not `maxPlaybackRate`. @source RFC 7587 */
export interface OpusParams {
  /** 1 to 8. */
  readonly channels?: number | undefined;
  /** Hz, 8000 to 48000. */
  readonly maxplaybackrate?: number | undefined;
  /** Milliseconds, 3 to 120. */
  readonly minptime?: number | undefined;
  /** Milliseconds, at least 1. */
  readonly ptime?: number | undefined;
  readonly stereo?: boolean | undefined;
  readonly spropStereo?: boolean | undefined;
  readonly useinbandfec?: boolean | undefined;
  readonly usedtx?: boolean | undefined;
}

/** How audio is to be coded. An empty object means `true`. */
export interface AudioOptions {
  readonly codecType?: AudioCodecType | undefined;
  /** kbit/s, 6 to 510. */
  readonly bitRate?: number | undefined;
  readonly opusParams?: OpusParams | undefined;
}

/** How video is to be coded. An empty object means `true`. The parameter objects are JSON, passed to the server as they stand. */
export interface VideoOptions {
  readonly codecType?: VideoCodecType | undefined;
  /** kbit/s, 1 to 50000. */
  readonly bitRate?: number | undefined;
  /** Such as `{ profile_id: 0 }`. */
  readonly vp9Params?: JsonObject | undefined;
  /** Such as `{ profile: 0 }`. */
  readonly av1Params?: JsonObject | undefined;
  /** Such as `{ profile_level_id: '42e01f' }`. */
  readonly h264Params?: JsonObject | undefined;
  /** Such as `{ level_id: 90 }`. */
  readonly h265Params?: JsonObject | undefined;
}

/** Spotlight with its parameters; giving this object switches it on. */
export interface SpotlightOptions {
  /** Size of the focus set, 1 to 8. */
  readonly number?: number | undefined;
  /** Layer received from senders in focus. */
  readonly focusRid?: RequestRid | undefined;
  /** Layer received from all others. */
  readonly unfocusRid?: RequestRid | undefined;
}

/** Something that the server puts before each message of a DataChannel. */
export interface HeaderField {
  readonly type: 'sender_connection_id';
  /** Bytes; 26 where it is not said. */
  readonly length?: number | undefined;
}

/** A DataChannel of the application, which the server opens. */
export interface DataChannelOptions {
  /** Begins with `#`, at most 32 characters with it, each label once. */
  readonly label: string;
  /** As the client sees it. */
  readonly direction: Direction;
  readonly ordered?: boolean | undefined;
  /** Milliseconds, 0 to 65535; excludes `maxRetransmits`. */
  readonly maxPacketLifeTime?: number | undefined;
  /** 0 to 65535; excludes `maxPacketLifeTime`. */
  readonly maxRetransmits?: number | undefined;
  readonly protocol?: string | undefined;
  /** Whether messages are zlib streams on the wire. The offer decides. */
  readonly compress?: boolean | undefined;
  /** Asks for the sender's connection id in front of each received message. */
  readonly header?: readonly HeaderField[] | undefined;
}

/** A condition on a sender (`connection_id`, `client_id`) or on its media (`kind`, with the values `audio` and `video`). */
export interface ForwardingRule {
  readonly field: 'connection_id' | 'client_id' | 'kind';
  readonly operator: 'is_in' | 'is_not_in';
  readonly values: readonly string[];
}

/** Which media reaches this client. */
export interface ForwardingFilter {
  /** Handle for the server's HTTP API. */
  readonly name?: string | undefined;
  readonly priority?: number | undefined;
  readonly action?: 'block' | 'allow' | undefined;
  /** The inner lists mean AND, the outer list means OR. */
  readonly rules: readonly (readonly ForwardingRule[])[];
  /** API version. */
  readonly version?: string | undefined;
  readonly metadata?: Serializable | undefined;
}

/** What a client asks the server for: the members of `connect` in camelCase. What is not given is left to the server. */
export interface ConnectRequest {
  /** The channel to join, 1 to 255 bytes of UTF-8. */
  readonly channelId: string;
  /** Direction of media as this client sees it. */
  readonly role: Role;
  /** This client's name, 1 to 255 bytes of UTF-8. By default the server uses the connection id. */
  readonly clientId?: string | undefined;
  /** Connections with the same bundle id exchange nothing, 1 to 255 bytes of UTF-8. The server must be configured for it. */
  readonly bundleId?: string | undefined;
  /** Whether and how audio is used. Default: true. */
  readonly audio?: boolean | AudioOptions | undefined;
  /** Whether and how video is used. Default: true. */
  readonly video?: boolean | VideoOptions | undefined;
  /** Whether video is sent in several layers. */
  readonly simulcast?: boolean | undefined;
  /** The layer to receive. Deprecated by the server: use `simulcastRequestRid`. */
  readonly simulcastRid?: Rid | undefined;
  /** The layer to receive at first. */
  readonly simulcastRequestRid?: RequestRid | undefined;
  /** Whether only a few senders are received in full; an object switches it on. */
  readonly spotlight?: boolean | SpotlightOptions | undefined;
  /** Whether signaling moves to DataChannels. */
  readonly dataChannelSignaling?: boolean | undefined;
  /** Whether the session outlives its WebSocket once signaling has moved. */
  readonly ignoreDisconnectWebSocket?: boolean | undefined;
  /** DataChannels of the application. */
  readonly dataChannels?: readonly DataChannelOptions[] | undefined;
  /** What other clients see of this one in `notify`. Any JSON. */
  readonly signalingNotifyMetadata?: Serializable | undefined;
  /** Which media reaches this client. */
  readonly forwardingFilters?: readonly ForwardingFilter[] | undefined;
  /** The old single form of `forwardingFilters`, which it excludes. Deprecated by the server. */
  readonly forwardingFilter?: ForwardingFilter | undefined;
  /** Language of speech-to-text, such as `ja-JP`. */
  readonly audioStreamingLanguageCode?: string | undefined;
}
