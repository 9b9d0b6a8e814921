import { describe, expect, test } from 'vitest';
import { restoreReleasedSections, withStereo } from '../../src/signaling/sdp.ts';

const lines = (...parts: string[]): string => parts.join('\r\n') + '\r\n';

describe('restoreReleasedSections', () => {
  test('audio and video on port 0 get the discard port', () => {
    const offer = lines('v=0', 'm=audio 0 UDP/TLS/RTP/SAVPF 111', 'a=mid:0', 'm=video 0 UDP/TLS/RTP/SAVPF 96', 'm=video 9 X 96');
    expect(restoreReleasedSections(offer)).toBe(
      lines('v=0', 'm=audio 9 UDP/TLS/RTP/SAVPF 111', 'a=mid:0', 'm=video 9 UDP/TLS/RTP/SAVPF 96', 'm=video 9 X 96'),
    );
  });

  test.each(['m=application 0 UDP/DTLS/SCTP webrtc-datachannel', 'm=audio 50000 X 0 1', 'a=x:m=audio 0 X', 'm=audio 01 X'])(
    '%s is left alone',
    (line) => {
      expect(restoreReleasedSections(lines('v=0', line))).toBe(lines('v=0', line));
    },
  );
});

describe('withStereo', () => {
  const section = (...changes: [string, string][]): string =>
    changes.reduce(
      (text, [from, to]) => text.replace(from, to),
      lines(
        'm=audio 9 UDP/TLS/RTP/SAVPF 111 63',
        'a=setup:active',
        'a=mid:0',
        'a=recvonly',
        'a=rtpmap:111 opus/48000/2',
        'a=fmtp:111 minptime=10;useinbandfec=1',
        'a=rtpmap:63 red/48000/2',
        'a=fmtp:63 111/111;minptime=10',
      ),
    );
  const head = lines('v=0', 's=-');
  const stereo: [string, string] = ['minptime=10;useinbandfec=1', 'minptime=10;stereo=1;useinbandfec=1'];

  test('goes behind minptime of Opus and nowhere else', () => {
    const video = lines('m=video 9 UDP/TLS/RTP/SAVPF 96', 'a=setup:active', 'a=recvonly');
    expect(withStereo(head + section() + video + section())).toBe(head + section(stereo) + video + section(stereo));
  });

  test('is not added twice', () => {
    expect(withStereo(withStereo(head + section()))).toBe(head + section(stereo));
  });

  test('lines may end with a line feed alone', () => {
    const unix = (text: string): string => text.replaceAll('\r', '');
    expect(withStereo(unix(head + section()))).toBe(unix(head + section(stereo)));
  });

  test('takes the place of stereo=0, which would contradict it', () => {
    expect(withStereo(section(['useinbandfec=1', 'stereo=0']))).toBe(section(['useinbandfec=1', 'stereo=1']));
  });

  test('sprop-stereo says what is sent and is no reason to leave it out', () => {
    expect(withStereo(section(['useinbandfec=1', 'sprop-stereo=1']))).toBe(section(['useinbandfec=1', 'stereo=1;sprop-stereo=1']));
  });

  test('the words of the codec may be written in capitals', () => {
    expect(withStereo(section(['opus/', 'OPUS/']))).toBe(section(['opus/', 'OPUS/'], stereo));
  });

  test.each<[string, [string, string]]>([
    ['this side is the DTLS server', ['a=setup:active', 'a=setup:passive']],
    ['this side sends', ['a=recvonly', 'a=sendrecv']],
    ['it is inactive', ['a=recvonly', 'a=inactive']],
    ['there is no Opus', ['opus/48000/2', 'PCMU/8000']],
    ['there are no parameters', ['a=fmtp:111 ', 'a=x:']],
    ['there is no minptime', ['minptime=10;', '']],
    ['it is there already', ['useinbandfec=1', 'stereo=1']],
    ['it is video', ['m=audio', 'm=video']],
  ])('is not added where %s', (_, change) => {
    expect(withStereo(head + section(change))).toBe(head + section(change));
  });

  test('an empty text stays empty', () => {
    expect(withStereo('')).toBe('');
  });
});
