import { describe, expect, test } from 'vitest';
import type { RtcCodec } from '../../../src/rtc/media/codec.ts';
import { writeOffer } from '../../../src/rtc/sdp/offer.ts';
import type { MediaSection, Offer, OfferSection } from '../../../src/rtc/sdp/offer.ts';
import { PayloadTypes } from '../../../src/rtc/sdp/payload-types.ts';

const opus: RtcCodec = { name: 'OPUS', kind: 'audio', clockRate: 48000, channels: 2, parameters: { minptime: '10', useinbandfec: '1' } };
const vp8: RtcCodec = { name: 'VP8', kind: 'video', clockRate: 90000, channels: 1, parameters: {} };

const offer: Omit<Offer, 'sections'> = {
  sessionId: '77',
  version: 3,
  host: '192.0.2.1',
  port: 4000,
  ufrag: 'abcd',
  password: 'secret',
  fingerprint: 'AA:BB',
};

const lines = (sections: readonly OfferSection[], changes: Partial<Offer> = {}): string[] => {
  const sdp = writeOffer({ ...offer, sections, ...changes });
  expect(sdp.endsWith('\r\n')).toBe(true);
  return sdp.slice(0, -2).split('\r\n');
};

const head = (bundle: string): string[] => [
  'v=0',
  'o=- 77 3 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  `a=group:BUNDLE ${bundle}`,
  'a=ice-lite',
  'a=msid-semantic:WMS *',
];

const transport = [
  'a=ice-ufrag:abcd',
  'a=ice-pwd:secret',
  'a=fingerprint:sha-256 AA:BB',
  'a=setup:actpass',
  'a=candidate:1 1 udp 2130706431 192.0.2.1 4000 typ host',
  'a=end-of-candidates',
];

const audio: MediaSection = {
  kind: 'audio',
  mid: 'audio_1',
  direction: 'sendonly',
  released: false,
  codecs: [{ codec: opus, payloadType: 109, rtxPayloadType: undefined }],
  simulcast: [],
  maxBitrateBps: undefined,
  track: { streamId: 'ONE', trackId: 'TRACK', ssrc: 11, rtxSsrc: undefined },
};

const video: MediaSection = {
  kind: 'video',
  mid: 'video_1',
  direction: 'recvonly',
  released: false,
  codecs: [{ codec: vp8, payloadType: 96, rtxPayloadType: 97 }],
  simulcast: [{ rid: 'r0' }, { rid: 'r1', active: false }],
  maxBitrateBps: 500_000,
};

describe('writeOffer, line by line', () => {
  test('channels', () => {
    expect(lines([{ kind: 'application', mid: 'data', sctpPort: 5000, maxMessageBytes: 262_144 }])).toEqual([
      ...head('data'),
      'm=application 4000 UDP/DTLS/SCTP webrtc-datachannel',
      'c=IN IP4 192.0.2.1',
      ...transport,
      'a=mid:data',
      'a=sctp-port:5000',
      'a=max-message-size:262144',
    ]);
  });

  test('a track that is sent, and video of several layers that is received', () => {
    expect(lines([audio, video])).toEqual([
      ...head('audio_1 video_1'),
      'm=audio 4000 UDP/TLS/RTP/SAVPF 109',
      'c=IN IP4 192.0.2.1',
      ...transport,
      'a=mid:audio_1',
      'a=sendonly',
      'a=rtcp-mux',
      'a=rtcp-rsize',
      'a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid',
      'a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level',
      'a=rtpmap:109 opus/48000/2',
      'a=fmtp:109 minptime=10;useinbandfec=1',
      'a=rtcp-fb:109 transport-cc',
      'a=msid:ONE TRACK',
      'a=ssrc:11 cname:ONE',
      'm=video 4000 UDP/TLS/RTP/SAVPF 96 97',
      'c=IN IP4 192.0.2.1',
      'b=TIAS:500000',
      ...transport,
      'a=mid:video_1',
      'a=recvonly',
      'a=rtcp-mux',
      'a=rtcp-rsize',
      'a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid',
      'a=extmap:7 urn:3gpp:video-orientation',
      'a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
      'a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
      'a=extmap:5 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
      'a=extmap:6 urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id',
      'a=rtpmap:96 VP8/90000',
      'a=rtcp-fb:96 ccm fir',
      'a=rtcp-fb:96 nack',
      'a=rtcp-fb:96 nack pli',
      'a=rtcp-fb:96 transport-cc',
      'a=rtpmap:97 rtx/90000',
      'a=fmtp:97 apt=96',
      'a=rid:r0 recv',
      'a=rid:r1 recv',
      'a=simulcast:recv r0;~r1',
    ]);
  });

  test('a video track that is sent has an SSRC for retransmissions', () => {
    const sent: MediaSection = {
      ...video,
      direction: 'sendonly',
      simulcast: [],
      track: { streamId: 'ONE', trackId: 'TRACK', ssrc: 11, rtxSsrc: 12 },
    };
    expect(lines([sent]).slice(-4)).toEqual(['a=msid:ONE TRACK', 'a=ssrc-group:FID 11 12', 'a=ssrc:11 cname:ONE', 'a=ssrc:12 cname:ONE']);
    expect(lines([sent]).filter((line) => line.startsWith('a=extmap'))).toHaveLength(2);
  });

  test('a released section has port 0 and stays in the bundle; channels are never released', () => {
    const released = lines([{ ...audio, direction: 'inactive', released: true, track: undefined }]);
    expect(released).toContain('m=audio 0 UDP/TLS/RTP/SAVPF 109');
    expect(released).toContain('a=group:BUNDLE audio_1');
    expect(released.some((line) => line.startsWith('a=msid:'))).toBe(false);
  });

  test('an IPv6 address is written as one', () => {
    const [connection, candidate] = lines([audio], { host: '2001:db8::1' }).filter((line) => line.includes('2001:db8::1'));
    expect(connection).toBe('c=IN IP6 2001:db8::1');
    expect(candidate).toBe('a=candidate:1 1 udp 2130706431 2001:db8::1 4000 typ host');
  });
});

describe('PayloadTypes', () => {
  const codec = (id: number, kind: 'audio' | 'video'): RtcCodec => ({ ...vp8, kind, parameters: { id: String(id) } });

  test('numbers video with a number for retransmissions, and a codec once', () => {
    const types = new PayloadTypes();
    expect(types.number(vp8)).toEqual({ codec: vp8, payloadType: 96, rtxPayloadType: 97 });
    expect(types.number(opus)).toEqual({ codec: opus, payloadType: 98, rtxPayloadType: undefined });
    expect(types.number({ ...vp8 })).toBe(types.number(vp8));
    expect(types.number({ ...vp8, name: 'VP9' }).payloadType).toBe(99);
    expect(types.number(codec(1, 'video')).payloadType).toBe(101);
  });

  test('goes from 96 to 127, then from 35 to 63, and no further', () => {
    const types = new PayloadTypes();
    const numbers = Array.from({ length: 61 }, (_, id) => types.number(codec(id, 'audio')).payloadType);
    expect(numbers.slice(0, 32)).toEqual(Array.from({ length: 32 }, (_, index) => 96 + index));
    expect(numbers.slice(32)).toEqual(Array.from({ length: 29 }, (_, index) => 35 + index));
    expect(() => types.number(codec(61, 'audio'))).toThrow('no RTP payload type is left');
  });
});
