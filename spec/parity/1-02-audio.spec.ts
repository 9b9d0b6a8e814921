import { expect } from 'vitest';
import type { ConnectOptions } from '../../src/session/options.ts';
import type { AudioOptions } from '../../src/wire/connect-request.ts';
import { rig, useVirtualTime } from '../support/session-rig.ts';
import { parity } from './parity.ts';

useVirtualTime();

const connectWith = (options: Partial<ConnectOptions>): Record<string, unknown> => rig({ start: 'signaling', options }).sent('connect')[0]!;
const audio = (options: boolean | AudioOptions): unknown => connectWith({ audio: options })['audio'];

parity('1.2 audio', 'audio on and off', { official: '`audio`, default true', here: '`audio`, default true; always sent' }, () => {
  expect([connectWith({})['audio'], audio(true), audio(false), audio({})]).toEqual([true, true, false, true]);
});

parity('1.2 audio', 'codec type', { official: '`audioCodecType`', here: '`audio.codecType`' }, () => {
  expect(audio({ codecType: 'OPUS' })).toEqual({ codec_type: 'OPUS' });
});

parity('1.2 audio', 'bit rate', { official: '`audioBitRate`, unchecked', here: '`audio.bitRate`, 6 to 510 kbit/s' }, () => {
  expect(audio({ bitRate: 64 })).toEqual({ bit_rate: 64 });
  expect(() => audio({ bitRate: Number.NaN })).toThrow('audio.bitRate');
});

parity(
  '1.2 audio',
  'Opus parameters',
  { official: 'eight options `audioOpusParams…`', here: '`audio.opusParams` with the wire’s eight words, checked' },
  () => {
    const params = { channels: 2, maxplaybackrate: 16_000, minptime: 10, ptime: 20, stereo: true, useinbandfec: true, usedtx: false };
    expect(audio({ opusParams: { ...params, spropStereo: true } })).toEqual({ opus_params: { ...params, sprop_stereo: true } });
  },
);

parity(
  '1.2 audio',
  'language of speech-to-text',
  { official: '`audioStreamingLanguageCode`', here: '`audioStreamingLanguageCode`; its texts come by `push$`' },
  () => {
    expect(connectWith({ audioStreamingLanguageCode: 'ja-JP' })).toMatchObject({ audio_streaming_language_code: 'ja-JP' });
  },
);

parity(
  '1.2 audio',
  'stereo output of Chromium',
  { official: '`forceStereoOutput`, not on the path of simulcast', here: '`forceStereoOutput`, on every answer' },
  () => {
    const answer = [
      'v=0',
      'm=audio 9 UDP/TLS/RTP/SAVPF 109',
      'a=setup:active',
      'a=recvonly',
      'a=rtpmap:109 opus/48000/2',
      'a=fmtp:109 minptime=10;useinbandfec=1',
      '',
    ].join('\r\n');
    const answered = (forceStereoOutput: boolean): unknown => {
      const r = rig({
        start: 'signaling',
        options: { forceStereoOutput, simulcast: true },
        sora: { offer: { simulcast: true, encodings: [{ rid: 'r0' }] } },
        wrap: (platform) => {
          const Base = platform.RTCPeerConnection as unknown as new () => { createAnswer(): PromiseLike<object> };
          class Chromium extends Base {
            override createAnswer() {
              return super.createAnswer().then((made) => ({ ...made, sdp: answer }));
            }
          }
          return { ...platform, RTCPeerConnection: Chromium as never };
        },
      });
      r.play('rx.offer');
      return r.sent('answer')[0]!['sdp'];
    };
    expect(answered(true)).toContain('minptime=10;stereo=1;useinbandfec=1');
    expect(answered(false)).toBe(answer);
  },
);
