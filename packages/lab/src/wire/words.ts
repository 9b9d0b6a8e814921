/** Direction of a connection or of a DataChannel, as the client sees it. */
export type Role = 'sendrecv' | 'sendonly' | 'recvonly';
export const ROLES: readonly Role[] = ['sendrecv', 'sendonly', 'recvonly'];

/** Simulcast layer, lowest first. */
export type Rid = 'r0' | 'r1' | 'r2';
export const RIDS: readonly Rid[] = ['r0', 'r1', 'r2'];

/** A layer, or no video at all. */
export type RequestedRid = Rid | 'none';
export const REQUESTED_RIDS: readonly RequestedRid[] = ['none', 'r0', 'r1', 'r2'];

/** A kind of media. */
export type MediaKind = 'audio' | 'video';
/** The video codecs that the lab forwards. */
export type VideoCodec = 'VP8' | 'VP9' | 'AV1' | 'H264' | 'H265';
export const VIDEO_CODECS: readonly VideoCodec[] = ['VP8', 'VP9', 'AV1', 'H264', 'H265'];

/** The labels that the server opens whenever signaling moves to DataChannels, in this order. `rpc` may be turned off. */
export const BUILT_IN_LABELS = ['signaling', 'notify', 'push', 'stats', 'rpc'] as const;
export type BuiltInLabel = (typeof BUILT_IN_LABELS)[number];
export const isBuiltInLabel = (label: string): label is BuiltInLabel => (BUILT_IN_LABELS as readonly string[]).includes(label);

/** The transport of a message. */
export type Transport = 'websocket' | 'datachannel';

/** The three ways a client may ask for signaling. */
export type Mode = 'websocket' | 'both' | 'datachannel';
