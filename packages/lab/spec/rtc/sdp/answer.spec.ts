import { describe, expect, test } from 'vitest';
import { parseAnswer } from '../../../src/rtc/sdp/answer.ts';
import { SdpError } from '../../../src/rtc/sdp/sdp-error.ts';
import { pseudoRandom } from '../support/pseudo-random.ts';

const answer = [
  'v=0',
  'o=- 1 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE video_1 data',
  'a=ice-ufrag:abcd',
  'a=ice-pwd:0123456789012345678901',
  'a=fingerprint:SHA-256 aa:bb',
  'a=setup:active',
  'm=video 9 UDP/TLS/RTP/SAVPF 97 98',
  'a=mid:video_1',
  'a=sendonly',
  'a=rtpmap:97 VP9/90000',
  'a=fmtp:97 profile-id=0',
  'a=rtpmap:98 rtx/90000',
  'a=fmtp:98 apt=97',
  'a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid',
  'a=rid:r0 send',
  'a=rid:r1 send',
  'a=simulcast:send r0;~r1',
  'a=ssrc-group:FID 11 12',
  'a=ssrc:11 cname:x',
  'a=ssrc:12 cname:x',
  'm=application 0 UDP/DTLS/SCTP webrtc-datachannel',
  'a=mid:data',
  'a=setup:passive',
  'a=max-message-size:262144',
  '',
].join('\r\n');

const codeOf = (sdp: unknown): string => {
  try {
    parseAnswer(sdp);
  } catch (error) {
    if (error instanceof SdpError) return error.code;
    throw error;
  }
  return 'none';
};

describe('parseAnswer', () => {
  test('reads sections, session-level values filled in', () => {
    const [video, data] = parseAnswer(answer);
    expect(video).toMatchObject({
      kind: 'video',
      mid: 'video_1',
      rejected: false,
      direction: 'sendonly',
      setup: 'active',
      ufrag: 'abcd',
      password: '0123456789012345678901',
      fingerprints: [{ algorithm: 'sha-256', value: 'AA:BB' }],
      codecs: [
        { payloadType: 97, name: 'VP9', parameters: 'profile-id=0' },
        { payloadType: 98, name: 'rtx', parameters: 'apt=97' },
      ],
      rids: ['r0', 'r1'],
    });
    expect(data).toMatchObject({
      kind: 'application',
      rejected: true,
      setup: 'passive',
      maxMessageBytes: 262144,
      direction: 'sendrecv',
      rids: [],
    });
  });

  test('takes line feeds alone as well', () => {
    expect(parseAnswer(answer.replace(/\r/g, ''))).toHaveLength(2);
  });

  test.each([
    ['a number', 5],
    ['undefined', undefined],
    ['an empty string', ''],
    ['JSON', '{"type":"answer"}'],
    ['a broken line', `${answer}nonsense\r\n`],
    ['a media line without port', answer.replace('m=video 9', 'm=video x')],
    ['a megabyte', `v=0\r\n${'a=x\r\n'.repeat(300_000)}`],
  ])('refuses %s as malformed', (_, sdp) => {
    expect(codeOf(sdp)).toBe('malformed');
  });

  test('10 000 damaged answers give a result or an SdpError, nothing else', () => {
    const random = pseudoRandom(8);
    for (let round = 0; round < 10_000; round++) {
      const at = random.below(answer.length);
      const cut = random.below(20);
      const damaged = answer.slice(0, at) + random.bytes(random.below(4)).toString('latin1') + answer.slice(at + cut);
      expect(['none', 'malformed']).toContain(codeOf(damaged));
    }
  });
});
