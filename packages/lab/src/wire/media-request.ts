import type { Fields } from './fields.ts';
import type { JsonObject } from './json.ts';
import { VIDEO_CODECS, type VideoCodec } from './words.ts';

/** What a client asks of its audio. Bit rate in kbit/s. */
export interface AudioRequest {
  readonly codec: 'OPUS';
  readonly bitRate?: number;
  /** Members of `opus_params` as received, numbers and booleans only. */
  readonly opusParams: Readonly<Record<string, number | boolean>>;
}

/** What a client asks of its video. Bit rate in kbit/s; codec parameters are passed through. */
export interface VideoRequest {
  readonly codec?: VideoCodec;
  readonly bitRate?: number;
  readonly params: JsonObject;
}

const OPUS_NUMBERS: readonly (readonly [name: string, low: number, high: number])[] = [
  ['channels', 1, 8],
  ['maxplaybackrate', 8000, 48_000],
  ['minptime', 3, 120],
  ['ptime', 3, 120],
];
const OPUS_FLAGS = ['stereo', 'sprop_stereo', 'useinbandfec', 'usedtx'] as const;
const VIDEO_PARAMS = ['vp9_params', 'av1_params', 'h264_params', 'h265_params'] as const;

export function readOpusParams(fields: Fields): Readonly<Record<string, number | boolean>> {
  const found: Record<string, number | boolean> = {};
  for (const [name, low, high] of OPUS_NUMBERS) {
    const value = fields.integer(name, low, high);
    if (value !== undefined) found[name] = value;
  }
  for (const name of OPUS_FLAGS) {
    const value = fields.flag(name);
    if (value !== undefined) found[name] = value;
  }
  return found;
}

/** Reads `audio`: a boolean, or an object that means "enabled". Absent is enabled. */
export function readAudio(fields: Fields): AudioRequest | false {
  const value = fields.any('audio');
  if (value === undefined || value === true) return { codec: 'OPUS', opusParams: {} };
  if (value === false) return false;
  const audio = fields.object('audio') ?? fields.refuse('audio', 'must be an object');
  const bitRate = audio.integer('bit_rate', 6, 510);
  const opus = audio.object('opus_params');
  return {
    codec: audio.oneOf('codec_type', ['OPUS']) ?? 'OPUS',
    ...(bitRate === undefined ? {} : { bitRate }),
    opusParams: opus === undefined ? {} : readOpusParams(opus),
  };
}

/** Reads `video`: a boolean, or an object that means "enabled". Absent is enabled. */
export function readVideo(fields: Fields): VideoRequest | false {
  const value = fields.any('video');
  if (value === undefined || value === true) return { params: {} };
  if (value === false) return false;
  const video = fields.object('video') ?? fields.refuse('video', 'must be an object');
  const codec = video.oneOf('codec_type', VIDEO_CODECS);
  const bitRate = video.integer('bit_rate', 1, 50_000);
  const params = VIDEO_PARAMS.filter((name) => video.object(name) !== undefined).map((name) => [name, video.any(name)]);
  return {
    ...(codec === undefined ? {} : { codec }),
    ...(bitRate === undefined ? {} : { bitRate }),
    params: Object.fromEntries(params) as JsonObject,
  };
}
