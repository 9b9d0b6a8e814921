import { describe, expect, test } from 'vitest';
import { opusCodec, videoCodec } from '../../src/media/codecs.ts';

describe('Opus', () => {
  const parameters = (opusParams: Readonly<Record<string, number | boolean>>, bitRate?: number) =>
    opusCodec({ codec: 'OPUS', opusParams, ...(bitRate === undefined ? {} : { bitRate }) }).parameters;

  test('allows stereo by default', () => {
    expect(parameters({})).toEqual({ minptime: '10', useinbandfec: '1', stereo: '1' });
  });

  test('has the options of the client, and the channels in the rtpmap alone', () => {
    const asked = {
      channels: 1,
      usedtx: true,
      maxplaybackrate: 16_000,
      stereo: false,
      sprop_stereo: false,
      minptime: 20,
      useinbandfec: false,
    };
    expect(parameters(asked)).toEqual({
      minptime: '20',
      useinbandfec: '0',
      stereo: '0',
      usedtx: '1',
      maxplaybackrate: '16000',
      'sprop-stereo': '0',
    });
  });

  test('limits the bit rate in bit/s', () => {
    expect(parameters({}, 64)).toMatchObject({ maxaveragebitrate: '64000', stereo: '1' });
  });
});

describe('a video codec', () => {
  test('has the parameters of its own member alone, without b_frame', () => {
    const params = { h264_params: { profile_level_id: '640032', b_frame: true }, vp9_params: { profile_id: 2 } };
    expect(videoCodec({ codec: 'H264', params }).parameters).toMatchObject({ 'profile-level-id': '640032', 'packetization-mode': '1' });
    expect(videoCodec({ codec: 'H264', params }).parameters).not.toHaveProperty('b-frame');
    expect(videoCodec({ codec: 'VP9', params }).parameters).toEqual({ 'profile-id': '2' });
    expect(videoCodec({ codec: 'VP8', params }).parameters).toEqual({});
  });
});
