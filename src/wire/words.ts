/** Direction of a connection's media as the client sees it. */
export type Role = 'sendrecv' | 'sendonly' | 'recvonly';

/** Direction of a DataChannel as the client sees it. */
export type Direction = 'sendrecv' | 'sendonly' | 'recvonly';

/** A simulcast layer, lowest to highest. */
export type Rid = 'r0' | 'r1' | 'r2';

/** A layer to receive; `none` stops the video. */
export type RequestRid = 'none' | Rid;

/** The audio codecs of Sora. */
export type AudioCodecType = 'OPUS';

/** The video codecs of Sora. */
export type VideoCodecType = 'VP8' | 'VP9' | 'AV1' | 'H264' | 'H265';

/** The words of each enumeration, for the checks of options and of messages. */
export const roles: readonly Role[] = ['sendrecv', 'sendonly', 'recvonly'];
export const directions: readonly Direction[] = ['sendrecv', 'sendonly', 'recvonly'];
export const rids: readonly Rid[] = ['r0', 'r1', 'r2'];
export const requestRids: readonly RequestRid[] = ['none', 'r0', 'r1', 'r2'];
export const audioCodecTypes: readonly AudioCodecType[] = ['OPUS'];
export const videoCodecTypes: readonly VideoCodecType[] = ['VP8', 'VP9', 'AV1', 'H264', 'H265'];

/** Labels of the DataChannels that the server opens for itself; those of the application begin with `#`. */
export const builtInLabels: readonly string[] = ['signaling', 'notify', 'push', 'stats', 'rpc', 'e2ee'];
