import { expect } from 'vitest';
import type { VideoOptions } from '../../src/wire/connect-request.ts';
import { FakeMediaStream, FakeMediaStreamTrack } from '../../src/testing/fake-media.ts';
import { rig, useVirtualTime } from '../support/session-rig.ts';
import { parity } from './parity.ts';

useVirtualTime();

const video = (options?: boolean | VideoOptions): unknown =>
  rig({ start: 'signaling', options: { video: options } }).sent('connect')[0]!['video'];
const camera = (): { track: FakeMediaStreamTrack; stream: never } => {
  const track = new FakeMediaStreamTrack('video');
  return { track, stream: new FakeMediaStream([track]) as never };
};

parity('1.3 video', 'video on and off', { official: '`video`, default true', here: '`video`, default true; always sent' }, () => {
  expect([video(), video(true), video(false), video({})]).toEqual([true, true, false, true]);
});

parity('1.3 video', 'codec type', { official: '`videoCodecType`', here: '`video.codecType`: VP8, VP9, AV1, H264, H265' }, () => {
  const types = ['VP8', 'VP9', 'AV1', 'H264', 'H265'] as const;
  expect(types.map((codecType) => video({ codecType }))).toEqual(types.map((type) => ({ codec_type: type })));
});

parity('1.3 video', 'bit rate', { official: '`videoBitRate`, unchecked', here: '`video.bitRate`, 1 to 50000 kbit/s' }, () => {
  expect(video({ bitRate: 1500 })).toEqual({ bit_rate: 1500 });
  expect(() => video({ bitRate: Number.POSITIVE_INFINITY })).toThrow('video.bitRate');
});

parity(
  '1.3 video',
  'codec parameters',
  {
    official: '`videoVP9Params`, `videoH264Params`, `videoH265Params`, `videoAV1Params`',
    here: '`video.vp9Params` and so on, passed as they stand',
  },
  () => {
    expect(
      video({
        vp9Params: { profile_id: 0 },
        av1Params: { profile: 0 },
        h264Params: { profile_level_id: '42e01f' },
        h265Params: { level_id: 90 },
      }),
    ).toEqual({
      vp9_params: { profile_id: 0 },
      av1_params: { profile: 0 },
      h264_params: { profile_level_id: '42e01f' },
      h265_params: { level_id: 90 },
    });
  },
);

parity(
  '1.3 video',
  'local order of codecs',
  { official: 'none: the server offers', here: '`beforeAnswer(peerConnection)`, the place for `setCodecPreferences`' },
  () => {
    const r = rig({
      start: 'negotiating',
      options: {
        beforeAnswer: (peerConnection) => {
          for (const transceiver of peerConnection.getTransceivers())
            transceiver.setCodecPreferences([{ mimeType: 'video/VP9', clockRate: 90_000 }]);
        },
      },
    });
    expect(r.sora.peerConnection.getTransceivers()[1]!.codecPreferences).toEqual([{ mimeType: 'video/VP9', clockRate: 90_000 }]);
    expect(r.sent('answer')).toHaveLength(1);
  },
);

parity(
  '1.3 video',
  'degradation preference',
  { official: 'none', here: '`degradationPreference`, kept when the track is replaced' },
  () => {
    const r = rig({ options: { stream: camera().stream, degradationPreference: 'maintain-framerate' } });
    expect(r.sora.peerConnection.getTransceivers()[1]!.sender.getParameters()).toMatchObject({
      degradationPreference: 'maintain-framerate',
    });
  },
);

parity('1.3 video', 'content hint', { official: 'none', here: '`contentHint.audio`, `contentHint.video`, also for replacements' }, () => {
  const { track, stream } = camera();
  rig({ options: { stream, contentHint: { video: 'text' } } });
  expect(track.contentHint).toBe('text');
});
