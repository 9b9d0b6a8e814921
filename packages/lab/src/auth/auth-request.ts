import type { LabSettings } from '../lab-options.ts';
import type { ConnectRequest } from '../wire/connect-request.ts';
import { withoutUndefined } from '../wire/json.ts';
import { timestampOf, type ChannelCounts } from '../wire/notify-message.ts';
import type { AuthRequest } from '../wire/auth-webhook.ts';

/** What the auth request contains besides the client's own request. */
export interface AuthSituation {
  readonly connectionId: string;
  /** Of the running session; undefined where the connection would start one. */
  readonly sessionId: string | undefined;
  readonly node: string;
  readonly counts: ChannelCounts;
  /** Unix milliseconds. */
  readonly now: number;
}

export const NO_COUNTS: ChannelCounts = { connections: 0, sendrecv: 0, sendonly: 0, recvonly: 0 };

/** The body of the auth webhook for one `connect`. */
export function authRequest(request: ConnectRequest, settings: LabSettings, situation: AuthSituation): AuthRequest {
  const { audio, video, message } = request;
  const { counts } = situation;
  const listOf = (name: string): readonly unknown[] | undefined => {
    const value = message[name];
    return Array.isArray(value) ? (value as readonly unknown[]) : undefined;
  };
  return withoutUndefined({
    timestamp: timestampOf(situation.now),
    version: settings.version,
    label: 'rx-sora lab',
    node_name: situation.node,
    id: situation.connectionId,
    role: request.role,
    channel_id: request.channelId,
    client_id: request.clientId,
    bundle_id: request.bundleId,
    connection_id: situation.connectionId,
    session_id: situation.sessionId,
    simulcast: request.simulcast ?? false,
    simulcast_request_rid: request.simulcastRequestRid,
    simulcast_multicodec: false,
    spotlight: request.spotlight ?? false,
    spotlight_number: request.spotlightNumber,
    spotlight_focus_rid: request.spotlightFocusRid,
    spotlight_unfocus_rid: request.spotlightUnfocusRid,
    audio: audio !== false,
    audio_codec_type: audio === false ? undefined : audio.codec,
    audio_bit_rate: audio === false ? undefined : audio.bitRate,
    video: video !== false,
    video_codec_type: video === false ? undefined : (video.codec ?? settings.videoCodec),
    video_bit_rate: video === false ? undefined : video.bitRate,
    video_vp9_params: video === false ? undefined : video.params['vp9_params'],
    video_av1_params: video === false ? undefined : video.params['av1_params'],
    video_h264_params: video === false ? undefined : video.params['h264_params'],
    video_h265_params: video === false ? undefined : video.params['h265_params'],
    data_channel_signaling: request.dataChannelSignaling ?? settings.dataChannelSignaling,
    ignore_disconnect_websocket: request.ignoreDisconnectWebSocket ?? settings.ignoreDisconnectWebSocket,
    data_channels: listOf('data_channels'),
    forwarding_filters: listOf('forwarding_filters'),
    metadata: request.metadata,
    auth_metadata: request.metadata,
    whip: false,
    sora_client: withoutUndefined({ raw: request.soraClient, environment: request.environment, libwebrtc: request.libwebrtc }),
    channel_connections: counts.connections,
    channel_sendrecv_connections: counts.sendrecv,
    channel_sendonly_connections: counts.sendonly,
    channel_recvonly_connections: counts.recvonly,
  });
}
