import type { AudioOptions, ConnectRequest, DataChannelOptions, SpotlightOptions, VideoOptions } from './connect-request.ts';
import type { JsonValue } from './json.ts';
import type { ConnectAudio, ConnectDataChannel, ConnectMessage, ConnectVideo } from './messages.ts';

/** What `connect` tells beside the request: it differs from one WebSocket to the next. */
export interface ConnectFacts {
  /** SDP of a throw-away offer, where one was made. */
  readonly sdp?: string | undefined;
  /** Authentication data; undefined where there is none. */
  readonly metadata: JsonValue | undefined;
  /** Whether a redirect of the server led here. */
  readonly redirect: boolean;
  /** The user agent, where there is one. */
  readonly environment: string | undefined;
  /** Name and version of this SDK. */
  readonly soraClient: string;
}

/** An object's members without those that are undefined. */
type Defined<Members extends object> = { [Name in keyof Members]: Exclude<Members[Name], undefined> };

function defined<Members extends object>(members: Members): Partial<Defined<Members>> {
  return Object.fromEntries(Object.entries(members).filter(([, member]) => member !== undefined)) as Partial<Defined<Members>>;
}

/** An object without members asks for nothing in particular. */
function orTrue<Members extends object>(members: Members): Members | true {
  return Object.keys(members).length === 0 ? true : members;
}

function audioMember(audio: boolean | AudioOptions): boolean | ConnectAudio {
  if (typeof audio === 'boolean') return audio;
  const { codecType, bitRate, opusParams = {} } = audio;
  const { spropStereo, ...sameWords } = opusParams;
  const opus = orTrue(defined({ ...sameWords, sprop_stereo: spropStereo }));
  return orTrue(defined({ codec_type: codecType, bit_rate: bitRate, opus_params: opus === true ? undefined : opus }));
}

function videoMember(video: boolean | VideoOptions): boolean | ConnectVideo {
  if (typeof video === 'boolean') return video;
  const { codecType, bitRate, vp9Params, av1Params, h264Params, h265Params } = video;
  return orTrue(
    defined({
      codec_type: codecType,
      bit_rate: bitRate,
      vp9_params: vp9Params,
      av1_params: av1Params,
      h264_params: h264Params,
      h265_params: h265Params,
    }),
  );
}

function spotlightMembers(spotlight: boolean | SpotlightOptions | undefined): Partial<ConnectMessage> {
  if (typeof spotlight !== 'object') return defined({ spotlight });
  const { number, focusRid, unfocusRid } = spotlight;
  return { spotlight: true, ...defined({ spotlight_number: number, spotlight_focus_rid: focusRid, spotlight_unfocus_rid: unfocusRid }) };
}

function dataChannelMember(channel: DataChannelOptions): ConnectDataChannel {
  const { label, direction, ordered, maxPacketLifeTime, maxRetransmits, protocol, compress, header } = channel;
  return {
    label,
    direction,
    ...defined({ ordered, max_packet_life_time: maxPacketLifeTime, max_retransmits: maxRetransmits, protocol, compress, header }),
  };
}

/**
 * The first message on a WebSocket. Pure. Audio and video are always told, everything else only where it was asked for, so that the server's
 * own settings decide the rest.
 *
 * @source Sora signaling, connect
 */
export function connectMessage(request: ConnectRequest, facts: ConnectFacts): ConnectMessage {
  const { dataChannels = [] } = request;
  return {
    type: 'connect',
    role: request.role,
    channel_id: request.channelId,
    audio: audioMember(request.audio ?? true),
    video: videoMember(request.video ?? true),
    ...spotlightMembers(request.spotlight),
    ...(facts.redirect && { redirect: true }),
    ...(dataChannels.length > 0 && { data_channels: dataChannels.map(dataChannelMember) }),
    ...defined({
      sdp: facts.sdp,
      sora_client: facts.soraClient,
      environment: facts.environment,
      metadata: facts.metadata,
      signaling_notify_metadata: request.signalingNotifyMetadata,
      client_id: request.clientId,
      bundle_id: request.bundleId,
      simulcast: request.simulcast,
      simulcast_rid: request.simulcastRid,
      simulcast_request_rid: request.simulcastRequestRid,
      data_channel_signaling: request.dataChannelSignaling,
      ignore_disconnect_websocket: request.ignoreDisconnectWebSocket,
      audio_streaming_language_code: request.audioStreamingLanguageCode,
      forwarding_filters: request.forwardingFilters,
      forwarding_filter: request.forwardingFilter,
    }),
  };
}
