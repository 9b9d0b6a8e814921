import type { AudioOptions, OpusParams, SpotlightOptions, VideoOptions } from '../wire/connect-request.ts';
import { audioCodecTypes, requestRids, videoCodecTypes } from '../wire/words.ts';
import { flag, flagOr, groupOf, integerFrom, jsonObject, longestDelayMs, oneOf, type Check } from './option-check.ts';

export const audioOption: Check<boolean | AudioOptions> = flagOr(
  groupOf<AudioOptions>({
    codecType: oneOf(...audioCodecTypes),
    bitRate: integerFrom(6, 510),
    opusParams: groupOf<OpusParams>({
      channels: integerFrom(1, 8),
      maxplaybackrate: integerFrom(8000, 48_000),
      minptime: integerFrom(3, 120),
      ptime: integerFrom(1, longestDelayMs),
      stereo: flag,
      spropStereo: flag,
      useinbandfec: flag,
      usedtx: flag,
    }),
  }),
);

export const videoOption: Check<boolean | VideoOptions> = flagOr(
  groupOf<VideoOptions>({
    codecType: oneOf(...videoCodecTypes),
    bitRate: integerFrom(1, 50_000),
    vp9Params: jsonObject,
    av1Params: jsonObject,
    h264Params: jsonObject,
    h265Params: jsonObject,
  }),
);

export const spotlightOption: Check<boolean | SpotlightOptions> = flagOr(
  groupOf<SpotlightOptions>({
    number: integerFrom(1, 8),
    focusRid: oneOf(...requestRids),
    unfocusRid: oneOf(...requestRids),
  }),
);
