import { describe, expect, test } from 'vitest';
import { mediaSections, withStereo } from '../../src/signaling/sdp.ts';

const lines = (...parts: string[]): string => parts.join('\r\n') + '\r\n';

describe('mediaSections', () => {
  const section = (...parts: string[]): string =>
    lines('v=0', 'm=video 9 UDP/TLS/RTP/SAVPF 96', 'a=mid:7', 'a=sendonly', 'a=msid:ALICE t', ...parts);

  test('a section that sends is read with its mid, kind and stream', () => {
    expect(mediaSections(section())).toEqual([{ mid: '7', kind: 'video', sends: true, msid: 'ALICE' }]);
  });

  test.each([
    ['its port is 0', (sdp: string) => sdp.replace('m=video 9', 'm=video 0')],
    ['it is inactive', (sdp: string) => sdp.replace('a=sendonly', 'a=inactive')],
    ['it only receives', (sdp: string) => sdp.replace('a=sendonly', 'a=recvonly')],
    ['it only receives, with a blank behind', (sdp: string) => sdp.replace('a=sendonly', 'a=recvonly ')],
  ])('a section does not send where %s', (_, change) => {
    expect(mediaSections(change(section()))[0]!.sends).toBe(false);
  });

  test.each([
    ['its direction is not written, which means both', (sdp: string) => sdp.replace('a=sendonly\r\n', '')],
    ['its port only begins with 0', (sdp: string) => sdp.replace('m=video 9', 'm=video 09')],
    ['a text only quotes the direction', (sdp: string) => sdp.replace('a=sendonly', 'a=x:a=inactive')],
  ])('a section sends where %s', (_, change) => {
    expect(mediaSections(change(section()))[0]!.sends).toBe(true);
  });

  test.each([
    ['a mid', 'a=x:a=mid:9'],
    ['a stream', 'a=x:a=msid:BOB t'],
    ['a media line', 'a=x:m=audio 0 X'],
    ['a direction that goes on', 'a=recvonly-not'],
  ])('a line that only looks like %s changes nothing', (_, line) => {
    const sdp = lines('v=0', 'm=video 9 UDP/TLS/RTP/SAVPF 96', line, 'a=mid:7', 'a=msid:ALICE t');
    expect(mediaSections(sdp)).toEqual([{ mid: '7', kind: 'video', sends: true, msid: 'ALICE' }]);
  });

  test('a mid may be a word, and one that is missing is empty, as is a kind', () => {
    const sdp = lines('v=0', 'm=video 9 X', 'a=mid:video_1', 'm=audio 9 X', 'm= 9 X', 'a=x:m=video');
    expect(mediaSections(sdp).map(({ mid, kind }) => [mid, kind])).toEqual([
      ['video_1', 'video'],
      ['', 'audio'],
      ['', ''],
    ]);
  });

  test.each(['recvonly', 'inactive'])('a direction is read where lines end with a line feed alone: %s', (direction) => {
    const sdp = `v=0\nm=video 9 X\na=${direction}\na=mid:7\n`;
    expect(mediaSections(sdp)[0]!.sends).toBe(false);
  });

  test('sections are told apart, also with line feeds alone, and what stands before the first belongs to none', () => {
    const sdp = lines('v=0', 'a=mid:session', 'm=audio 0 X', 'a=mid:0', 'm=application 9 X', 'a=mid:d').replaceAll('\r', '');
    expect(mediaSections(sdp)).toEqual([
      { mid: '0', kind: 'audio', sends: false, msid: undefined },
      { mid: 'd', kind: 'application', sends: true, msid: undefined },
    ]);
    expect(mediaSections('')).toEqual([]);
  });
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

  test.each<[string, [string, string], [string, string]]>([
    ['behind active', ['a=setup:active', 'a=setup:active '], stereo],
    ['behind recvonly', ['a=recvonly', 'a=recvonly '], stereo],
    ['before stereo=0', ['minptime=10;useinbandfec=1', 'minptime=10; stereo=0'], ['minptime=10; stereo=0', 'minptime=10;stereo=1']],
    [
      'before minptime',
      ['minptime=10;useinbandfec=1', 'useinbandfec=1; minptime=10'],
      ['useinbandfec=1; minptime=10', 'useinbandfec=1; minptime=10;stereo=1'],
    ],
    ['behind minptime', ['minptime=10;', 'minptime=10 ;'], ['minptime=10 ;', 'minptime=10 ;stereo=1;']],
  ])('blanks %s do no harm', (_, blank, added) => {
    expect(withStereo(head + section(blank))).toBe(head + section(blank, added));
  });

  test('a line that quotes a media line does not end the section', () => {
    const quoting: [string, string] = ['a=mid:0', 'a=x:m=video'];
    expect(withStereo(head + section(quoting))).toBe(head + section(quoting, stereo));
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
    ['only a text quotes that this side is the DTLS client', ['a=setup:active', 'a=x:a=setup:active']],
    ['the setup only begins like active', ['a=setup:active', 'a=setup:activepassive']],
    ['only a text quotes that this side receives', ['a=recvonly', 'a=x:a=recvonly']],
    ['the direction only begins like recvonly', ['a=recvonly', 'a=recvonly-not']],
    ['only a text quotes the line of Opus', ['a=rtpmap:111 ', 'a=x:a=rtpmap:111 ']],
    ['only a text quotes the parameters', ['a=fmtp:111 ', 'a=x:a=fmtp:111 ']],
    ['another parameter ends like minptime', ['minptime=10', 'x-minptime=10']],
    ['minptime is no number', ['minptime=10', 'minptime=10ms']],
    ['it is there already, behind a blank', ['useinbandfec=1', ' stereo=1']],
  ])('is not added where %s', (_, change) => {
    expect(withStereo(head + section(change))).toBe(head + section(change));
  });

  test('an empty text stays empty', () => {
    expect(withStereo('')).toBe('');
  });
});
