import { codecFor, type RtcCodec } from '../rtc/endpoint.ts';

import { isJsonObject, type JsonObject } from '../wire/json.ts';
import type { AudioRequest, VideoRequest } from '../wire/media-request.ts';
import type { VideoCodec } from '../wire/words.ts';

type Parameters = Record<string, string | number>;

const asParameter = (value: unknown): string | number | undefined => {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'number' || typeof value === 'string' ? value : undefined;
};

/** The members of an object as parameters of `a=fmtp`: underscores become hyphens, booleans 0 or 1. */
function formatParameters(object: JsonObject, except: readonly string[] = []): Parameters {
  const found: Parameters = {};
  for (const [name, value] of Object.entries(object)) {
    const parameter = asParameter(value);
    if (parameter !== undefined && !except.includes(name)) found[name.replaceAll('_', '-')] = parameter;
  }
  return found;
}

/**
 * Opus as requested: the options show in `a=fmtp`, a bit rate as `maxaveragebitrate` in bit/s. Stereo is allowed unless the client turns it off:
 * a browser that is not allowed to send stereo mixes a stereo track down, whatever its application asked for.
 */
export function opusCodec(audio: AudioRequest): RtcCodec {
  const parameters = { stereo: 1, ...formatParameters(audio.opusParams, ['channels']) };
  const maxAverageBitRate = audio.bitRate === undefined ? {} : { maxaveragebitrate: audio.bitRate * 1000 };
  return codecFor('OPUS', { parameters: { ...parameters, ...maxAverageBitRate } });
}

const PARAMETER_MEMBER: Readonly<Record<VideoCodec, string | undefined>> = {
  VP8: undefined,
  VP9: 'vp9_params',
  AV1: 'av1_params',
  H264: 'h264_params',
  H265: 'h265_params',
};

/** The video codec with the parameters of the client. `b_frame` is not a parameter of `a=fmtp`. */
export function videoCodec(video: VideoRequest & { readonly codec: VideoCodec }): RtcCodec {
  const member = PARAMETER_MEMBER[video.codec];
  const given = member === undefined ? undefined : video.params[member];
  return codecFor(video.codec, { parameters: isJsonObject(given) ? formatParameters(given, ['b_frame']) : {} });
}
