import { describe, expect, test } from 'vitest';
import { parseAnswer } from '../../../src/rtc/sdp/answer.ts';
import { SdpError } from '../../../src/rtc/sdp/sdp-error.ts';
import { sampleAnswer as answer } from '../support/sample-answer.ts';

const errorOf = (sdp: unknown): SdpError | undefined => {
  try {
    parseAnswer(sdp);
  } catch (error) {
    if (error instanceof SdpError) return error;
    throw error;
  }
  return undefined;
};

/** One section as it is read from these lines. */
const section = (media: string, ...lines: readonly string[]) => parseAnswer(['v=0', `m=${media}`, ...lines, ''].join('\r\n'))[0];

const fingerprint = '6B:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35:DC:B8:5F:64:1A:24:C2:43:F0:A1:58:D0:A1:2C:19:08';

const simpleAnswer = `v=0
o=- 6729291447651054566 1 IN IP4 0.0.0.0
s=-
t=0 0
a=ice-options:trickle ice2
a=group:BUNDLE a1 v1
a=group:LS a1 v1
m=audio 10200 UDP/TLS/RTP/SAVPF 96 0 8 97 98
c=IN IP4 203.0.113.200
a=mid:a1
a=sendrecv
a=rtpmap:96 opus/48000/2
a=rtpmap:0 PCMU/8000
a=rtpmap:8 PCMA/8000
a=rtpmap:97 telephone-event/8000
a=rtpmap:98 telephone-event/48000
a=fmtp:97 0-15
a=fmtp:98 0-15
a=maxptime:120
a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid
a=extmap:2 urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=msid:61317484-2ed4-49d7-9eb7-1414322a7aae
a=ice-ufrag:6sFv
a=ice-pwd:cOTZKZNVlO9RSGsEGM63JXT2
a=fingerprint:sha-256 ${fingerprint}
a=setup:active
a=tls-id:eec3392ab83e11ceb6a0990c903fbb19
a=rtcp-mux
a=rtcp-rsize
a=candidate:1 1 udp 2113929471 203.0.113.200 10200 typ host
a=end-of-candidates
m=video 10200 UDP/TLS/RTP/SAVPF 100 101 102 103
c=IN IP4 203.0.113.200
a=mid:v1
a=sendrecv
a=rtpmap:100 VP8/90000
a=rtpmap:101 H264/90000
a=fmtp:101 packetization-mode=1;profile-level-id=42e01f
a=rtpmap:102 rtx/90000
a=fmtp:102 apt=100
a=rtpmap:103 rtx/90000
a=fmtp:103 apt=101
a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid
a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id
a=rtcp-fb:100 ccm fir
a=rtcp-fb:100 nack
a=rtcp-fb:100 nack pli
a=msid:61317484-2ed4-49d7-9eb7-1414322a7aae
`;

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
    ['a number', 5, 'the answer is not a string of SDP'],
    ['undefined', undefined, 'the answer is not a string of SDP'],
    ['an empty string', '', 'the answer does not begin with v=0'],
    ['JSON', '{"type":"answer"}', 'the answer does not begin with v=0'],
    ['a broken line', `${answer}nonsense\r\n`, 'not a line of SDP: nonsense'],
    ['a line of one character', `${answer}a\r\n`, 'not a line of SDP: a'],
    ['a line with a type in capitals', `${answer}A=x\r\n`, 'not a line of SDP: A=x'],
    ['a line whose type is more than a letter', `${answer}aa=x\r\n`, 'not a line of SDP: aa=x'],
    ['a long broken line', `${answer}${'n'.repeat(100)}\r\n`, `not a line of SDP: ${'n'.repeat(80)}`],
    ['a media line without port', answer.replace('m=video 9', 'm=video x'), 'not a media line: m=video x UDP/TLS/RTP/SAVPF 97 98'],
    [
      'a media line with more than a port',
      answer.replace('m=video 9', 'm=video 9/2'),
      'not a media line: m=video 9/2 UDP/TLS/RTP/SAVPF 97 98',
    ],
    ['a media line without kind', answer.replace('m=video 9', 'm= 9'), 'not a media line: m= 9 UDP/TLS/RTP/SAVPF 97 98'],
    ['an empty media line', 'v=0\r\nm=\r\n', 'not a media line: m='],
    ['a long media line', `v=0\r\nm=${'x'.repeat(100)}\r\n`, `not a media line: m=${'x'.repeat(80)}`],
    ['a megabyte', `v=0\r\n${'a=x\r\n'.repeat(200_000)}`, 'the answer is not a string of SDP'],
  ])('refuses %s as malformed', (_, sdp, message) => {
    expect(errorOf(sdp)).toMatchObject({ code: 'malformed', message });
  });

  test('takes a million characters, but not one more', () => {
    const sdp = (length: number): string => `v=0\r\na=${'x'.repeat(length - 9)}\r\n`;
    expect(parseAnswer(sdp(1_000_000))).toEqual([]);
    expect(errorOf(sdp(1_000_001))).toMatchObject({ code: 'malformed' });
  });

  test('values of a section go before those of the session', () => {
    const sdp = [
      'v=0',
      'a=setup:passive',
      'a=fingerprint:sha-1 aa',
      'm=audio 9 X 0',
      'a=setup:active',
      'a=fingerprint:sha-256 bb',
      '',
    ].join('\n');
    expect(parseAnswer(sdp)[0]).toMatchObject({ setup: 'active', fingerprints: [{ algorithm: 'sha-256', value: 'BB' }] });
  });

  test('only attributes count, and one without a value has an empty one', () => {
    const read = section('audio 9 X 96', 'i=setup:passive', 's=ice-ufrag:abcd', 'a=mid', 'a=setup');
    expect(read).toMatchObject({ mid: '', setup: '', ufrag: undefined });
  });

  test('what is not there reads as nothing', () => {
    expect(section('audio 9 X 96')).toEqual({
      kind: 'audio',
      mid: '',
      rejected: false,
      direction: 'sendrecv',
      setup: undefined,
      ufrag: undefined,
      password: undefined,
      fingerprints: [],
      codecs: [],
      rids: [],
      maxMessageBytes: undefined,
    });
    expect(section('audio 9 X', 'a=fingerprint:')?.fingerprints).toEqual([{ algorithm: '', value: '' }]);
  });

  test.each(['sendrecv', 'sendonly', 'recvonly', 'inactive'] as const)('knows the direction %s', (direction) => {
    expect(section('audio 9 X 96', `a=${direction}`)?.direction).toBe(direction);
  });

  test('a codec belongs to the number that is written out, and only where the media line has it', () => {
    const codecs = section(
      'audio 9 X 96 9',
      'a=rtpmap:9 G722/8000',
      'a=rtpmap:96 opus/48000/2',
      'a=rtpmap:97 VP8/90000',
      'a=fmtp:96 a=1;b=2 c',
    )?.codecs;
    expect(codecs).toEqual([
      { payloadType: 96, name: 'opus', parameters: 'a=1;b=2 c' },
      { payloadType: 9, name: 'G722', parameters: '' },
    ]);
  });

  test.each([
    ['send r0;r1', ['r0', 'r1']],
    ['send ~r0;r1,~r2', ['r0', 'r1', 'r2']],
    ['recv a send b', ['b']],
    ['recv a', []],
    ['send', []],
    ['send ;r0;~', ['r0']],
  ])('the layers of a=simulcast:%s', (value, rids) => {
    expect(section('video 9 X 96', `a=simulcast:${value}`)?.rids).toEqual(rids);
  });

  test.each([
    ['0', 0],
    ['262144', 262_144],
    ['1x', undefined],
    ['x1', undefined],
    ['', undefined],
  ])('a=max-message-size:%s', (value, expected) => {
    expect(section('application 9 X webrtc-datachannel', `a=max-message-size:${value}`)?.maxMessageBytes).toBe(expected);
  });

  test('reads the answer of RFC 8829 section 7.1, whose second section leaves the transport to the first', () => {
    const sections = parseAnswer(simpleAnswer);
    expect(sections).toEqual([
      {
        kind: 'audio',
        mid: 'a1',
        rejected: false,
        direction: 'sendrecv',
        setup: 'active',
        ufrag: '6sFv',
        password: 'cOTZKZNVlO9RSGsEGM63JXT2',
        fingerprints: [{ algorithm: 'sha-256', value: fingerprint }],
        codecs: [
          { payloadType: 96, name: 'opus', parameters: '' },
          { payloadType: 0, name: 'PCMU', parameters: '' },
          { payloadType: 8, name: 'PCMA', parameters: '' },
          { payloadType: 97, name: 'telephone-event', parameters: '0-15' },
          { payloadType: 98, name: 'telephone-event', parameters: '0-15' },
        ],
        rids: [],
        maxMessageBytes: undefined,
      },
      expect.objectContaining({ kind: 'video', mid: 'v1', direction: 'sendrecv', ufrag: undefined, fingerprints: [] }),
    ]);
    expect(sections[1]?.codecs.map(({ payloadType, name, parameters }) => `${payloadType} ${name} ${parameters}`)).toEqual([
      '100 VP8 ',
      '101 H264 packetization-mode=1;profile-level-id=42e01f',
      '102 rtx apt=100',
      '103 rtx apt=101',
    ]);
  });
});
