/** Codecs that the lab forwards, in Sora's spelling. */
export type RtcCodecName = 'OPUS' | 'VP8' | 'VP9' | 'AV1' | 'H264' | 'H265';

/** A codec with the parameters that make it a payload type of its own. */
export interface RtcCodec {
  readonly name: RtcCodecName;
  readonly kind: 'audio' | 'video';
  readonly clockRate: number;
  /** 2 for Opus, else 1. */
  readonly channels: number;
  /** Members of `a=fmtp`, in order, e.g. `{ 'profile-id': '0' }`. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** What may be asked of a codec. */
export interface RtcCodecOptions {
  /** Members of `a=fmtp` to add or replace, e.g. `{ 'profile-level-id': '42e01f' }`; `undefined` removes one. */
  readonly parameters?: Readonly<Record<string, string | number | undefined>>;
}

interface Preset {
  readonly kind: 'audio' | 'video';
  readonly clockRate: number;
  readonly channels: number;
  readonly parameters: Readonly<Record<string, string>>;
}

const video = (parameters: Readonly<Record<string, string>> = {}): Preset => ({ kind: 'video', clockRate: 90000, channels: 1, parameters });

const presets: Readonly<Record<RtcCodecName, Preset>> = {
  OPUS: { kind: 'audio', clockRate: 48000, channels: 2, parameters: { minptime: '10', useinbandfec: '1' } },
  VP8: video(),
  VP9: video({ 'profile-id': '0' }),
  AV1: video({ profile: '0', 'level-idx': '5', tier: '0' }),
  H264: video({ 'level-asymmetry-allowed': '1', 'packetization-mode': '1', 'profile-level-id': '42e01f' }),
  H265: video({ 'level-id': '93', 'profile-id': '1', 'tier-flag': '0', 'tx-mode': 'SRST' }),
};

/** The codec by Sora's name, with default parameters that Chromium, Firefox and Safari know, changed as asked. */
export const codecFor = (name: RtcCodecName, options: RtcCodecOptions = {}): RtcCodec => {
  const preset = presets[name];
  const parameters: Record<string, string> = { ...preset.parameters };
  for (const [key, value] of Object.entries(options.parameters ?? {})) {
    if (value === undefined) Reflect.deleteProperty(parameters, key);
    else parameters[key] = String(value);
  }
  return { name, ...preset, parameters };
};
