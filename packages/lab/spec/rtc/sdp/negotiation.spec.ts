import { describe, expect, test } from 'vitest';
import { codecFor } from '../../../src/rtc/media/codec.ts';
import type { RtcSender } from '../../../src/rtc/media/section.ts';
import type { RtcPeer } from '../../../src/rtc/peer.ts';
import { SdpError } from '../../../src/rtc/sdp/sdp-error.ts';
import { answerTo, offlinePeer, sectionsOf } from '../support/offer-and-answer.ts';

const opus = codecFor('OPUS');
const vp8 = codecFor('VP8');
const layers = [{ rid: 'r0' }, { rid: 'r1', active: true }, { rid: 'r2', active: false }];

const line = (section: readonly string[] | undefined, start: string): string | undefined => section?.find((text) => text.startsWith(start));
const mids = (sdp: string): (string | undefined)[] => sectionsOf(sdp).map((section) => line(section, 'a=mid:')?.slice(6));
const ports = (sdp: string): (string | undefined)[] => sectionsOf(sdp).map((section) => section[0]?.split(' ')[1]);
const streams = (sdp: string): (string | undefined)[] => sectionsOf(sdp).map((section) => line(section, 'a=msid:')?.slice(7).split(' ')[0]);
const bundle = (sdp: string): string | undefined => line(sdp.split('\r\n'), 'a=group:BUNDLE ')?.slice(15);

const negotiate = (peer: RtcPeer, rejected?: readonly string[]): string => {
  const offer = peer.createOffer();
  peer.acceptAnswer(answerTo(offer, rejected));
  return offer;
};

const join = (peer: RtcPeer, streamId: string): RtcSender[] => [
  peer.addSender({ kind: 'audio', streamId, trackId: `audio of ${streamId}`.replaceAll(' ', '-'), codec: opus }),
  peer.addSender({ kind: 'video', streamId, trackId: `video-of-${streamId}`, codec: vp8 }),
];

const errorOf = (run: () => void): unknown => {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('an offer', () => {
  test('has what the client sends first, then channels, then what it receives', () => {
    const peer = offlinePeer({ dataChannels: true });
    join(peer, 'ONE');
    peer.addReceiver({ kind: 'audio', mid: 'audio_k3', codecs: [opus] });
    peer.addReceiver({ kind: 'video', mid: 'video_k3', codecs: [vp8] });
    const offer = peer.createOffer();
    expect(sectionsOf(offer).map(([media]) => media?.split(' ')[0])).toEqual(['m=audio', 'm=video', 'm=application', 'm=audio', 'm=video']);
    expect(mids(offer).slice(0, 3)).toEqual(['audio_k3', 'video_k3', 'data']);
    expect(streams(offer)).toEqual([undefined, undefined, undefined, 'ONE', 'ONE']);
    expect(bundle(offer)).toBe(mids(offer).join(' '));
    peer.close();
  });

  test('names the lite agent, its candidate, its certificate and its wish to be asked', () => {
    const peer = offlinePeer({ dataChannels: true, maxMessageSizeBytes: 1000 });
    const offer = peer.createOffer();
    const [application] = sectionsOf(offer);
    expect(offer).toContain('\r\na=ice-lite\r\n');
    expect(application).toContain('a=candidate:1 1 udp 2130706431 192.0.2.1 4000 typ host');
    expect(application).toContain(`a=ice-ufrag:${peer.id}`);
    expect(application).toContain('a=setup:actpass');
    expect(application).toContain('a=max-message-size:1000');
    expect(line(application, 'a=fingerprint:sha-256 ')).toMatch(/( |:)([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    peer.close();
  });

  test('asks for simulcast with a tilde before layers that shall not be sent', () => {
    const peer = offlinePeer();
    peer.addReceiver({ kind: 'video', mid: 'v', codecs: [vp8], simulcast: layers, maxBitrateBps: 500_000 });
    const [section] = sectionsOf(peer.createOffer());
    expect(section).toEqual(
      expect.arrayContaining(['a=rid:r0 recv', 'a=rid:r1 recv', 'a=rid:r2 recv', 'a=simulcast:recv r0;r1;~r2', 'b=TIAS:500000']),
    );
    expect(section?.filter((text) => /rtp-stream-id/.test(text))).toHaveLength(2);
    peer.close();
  });

  test('gives a codec the same number in every section, and others another', () => {
    const peer = offlinePeer();
    peer.addReceiver({ kind: 'video', mid: 'v', codecs: [vp8, codecFor('VP9')] });
    join(peer, 'ONE');
    peer.addSender({ kind: 'video', streamId: 'TWO', trackId: 't', codec: codecFor('VP9', { parameters: { 'profile-id': 2 } }) });
    const numbers = sectionsOf(peer.createOffer()).map(([media]) => media?.split(' ').slice(3).join());
    expect(numbers).toEqual(['96,97,98,99', '100', '96,97', '101,102']);
    peer.close();
  });

  test('has a placeholder of stream `default` when there is nothing else to begin with', () => {
    const peer = offlinePeer();
    const empty = negotiate(peer);
    expect(streams(empty)).toEqual(['default']);
    join(peer, 'ONE');
    expect(streams(negotiate(peer))).toEqual(['default', 'ONE', 'ONE']);
    peer.close();
  });

  test('has one more in its version than the one before, and the same session id', () => {
    const peer = offlinePeer();
    const [first, second] = [negotiate(peer), negotiate(peer)].map((sdp) => line(sdp.split('\r\n'), 'o=')?.split(' '));
    expect(second?.[1]).toBe(first?.[1]);
    expect([first?.[2], second?.[2]]).toEqual(['1', '2']);
    peer.close();
  });

  test('refuses a mid twice, and one that no header extension could carry', () => {
    const peer = offlinePeer();
    peer.addReceiver({ kind: 'audio', mid: 'a', codecs: [opus] });
    expect(() => peer.addReceiver({ kind: 'audio', mid: 'a', codecs: [opus] })).toThrow('taken');
    expect(() => peer.addReceiver({ kind: 'audio', mid: 'a'.repeat(17), codecs: [opus] })).toThrow(RangeError);
    expect(() => peer.addReceiver({ kind: 'audio', mid: 'a b', codecs: [opus] })).toThrow(RangeError);
    expect(() => peer.addReceiver({ kind: 'audio', mid: 'none', codecs: [] })).toThrow(RangeError);
    peer.close();
  });
});

describe('leaving and joining', () => {
  test('a section is released with port 0, then used again by the next track of its kind', () => {
    const peer = offlinePeer({ dataChannels: true });
    const one = join(peer, 'ONE');
    join(peer, 'TWO');
    const before = negotiate(peer);
    for (const sender of one) sender.remove();
    expect(peer.negotiationNeeded).toBe(true);
    const left = negotiate(peer);
    expect(ports(left)).toEqual(['4000', '0', '0', '4000', '4000']);
    expect(mids(left)).toEqual(mids(before));
    // For clients that put another port in place of 0 (Firefox).
    expect(bundle(left)).toBe(mids(left).join(' '));
    const three = join(peer, 'THREE');
    const joined = negotiate(peer);
    expect(mids(joined)).toEqual(mids(before));
    expect(streams(joined)).toEqual([undefined, 'THREE', 'THREE', 'TWO', 'TWO']);
    expect(ports(joined)).not.toContain('0');
    expect(three.map(({ mid }) => mid)).toEqual(mids(before).slice(1, 3));
    peer.close();
  });

  test('a section is not used again before the client has confirmed its release', () => {
    const peer = offlinePeer({ dataChannels: true });
    const one = join(peer, 'ONE');
    negotiate(peer);
    for (const sender of one) sender.remove();
    join(peer, 'TWO');
    const offer = negotiate(peer);
    expect(streams(offer)).toEqual([undefined, undefined, undefined, 'TWO', 'TWO']);
    expect(ports(offer)).toEqual(['4000', '0', '0', '4000', '4000']);
    peer.close();
  });

  test('a track that comes and goes between two offers leaves no section', () => {
    const peer = offlinePeer({ dataChannels: true });
    negotiate(peer);
    for (const sender of join(peer, 'ONE')) sender.remove();
    expect(sectionsOf(negotiate(peer))).toHaveLength(1);
    peer.close();
  });

  test('a track that leaves between offer and answer is released in the next offer', () => {
    const peer = offlinePeer({ dataChannels: true });
    const one = join(peer, 'ONE');
    const offer = peer.createOffer();
    for (const sender of one) sender.remove();
    peer.acceptAnswer(answerTo(offer));
    expect(ports(negotiate(peer))).toEqual(['4000', '0', '0']);
    join(peer, 'TWO');
    expect(streams(negotiate(peer))).toEqual([undefined, 'TWO', 'TWO']);
    peer.close();
  });

  test('a released section that was taken and given back is free again', () => {
    const peer = offlinePeer({ dataChannels: true });
    for (const sender of join(peer, 'ONE')) {
      negotiate(peer);
      sender.remove();
    }
    negotiate(peer);
    for (const sender of join(peer, 'TWO')) sender.remove();
    join(peer, 'THREE');
    expect(streams(negotiate(peer))).toEqual([undefined, 'THREE', 'THREE']);
    peer.close();
  });
});

describe('an answer', () => {
  test('tells receivers what the client sends', () => {
    const peer = offlinePeer();
    const video = peer.addReceiver({ kind: 'video', mid: 'v', codecs: [vp8], simulcast: layers });
    const audio = peer.addReceiver({ kind: 'audio', mid: 'a', codecs: [opus] });
    negotiate(peer, ['a']);
    expect([video.sending, video.rids, video.codec]).toEqual([true, ['r0', 'r1', 'r2'], vp8]);
    expect(audio.sending).toBe(false);
    peer.close();
  });

  test('starts the connection, once', () => {
    const peer = offlinePeer();
    expect(peer.state).toBe('new');
    negotiate(peer);
    negotiate(peer);
    expect(peer.state).toBe('connecting');
    expect(peer.negotiationNeeded).toBe(false);
    peer.close();
  });

  test.each([
    ['malformed', () => 'hello'],
    ['mismatch', (answer: string) => `${answer}m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n`],
    ['mismatch', (answer: string) => answer.replace('a=mid:v', 'a=mid:w')],
    ['mismatch', (answer: string) => answer.replace('m=video', 'm=audio')],
    ['transport', (answer: string) => answer.replaceAll('a=setup:active', 'a=setup:passive')],
    ['transport', (answer: string) => answer.replaceAll('a=setup:active', 'a=x')],
    ['transport', (answer: string) => answer.replace(/a=ice-pwd.*/g, 'a=x')],
    ['transport', (answer: string) => answer.replace(/a=fingerprint.*/g, 'a=x')],
    ['transport', (answer: string) => answer.replace(/ 9 /g, ' 0 ')],
  ])('that is wrong gives %s, changes nothing, and may be followed by a right one', (code, damage) => {
    const peer = offlinePeer();
    peer.addReceiver({ kind: 'video', mid: 'v', codecs: [vp8] });
    const answer = answerTo(peer.createOffer());
    const error = errorOf(() => peer.acceptAnswer(damage(answer)));
    expect(error).toBeInstanceOf(SdpError);
    expect(error).toMatchObject({ code, name: 'SdpError' });
    expect(peer.state).toBe('new');
    peer.acceptAnswer(answer);
    expect(peer.state).toBe('connecting');
    peer.close();
  });

  test('without an offer, or a second one to the same offer, is a mismatch', () => {
    const peer = offlinePeer();
    const answer = answerTo(peer.createOffer());
    peer.acceptAnswer(answer);
    expect(errorOf(() => peer.acceptAnswer(answer))).toMatchObject({ code: 'mismatch' });
    expect(errorOf(() => offlinePeer().acceptAnswer(answer))).toMatchObject({ code: 'mismatch' });
    peer.close();
  });
});

test('a closed peer refuses commands, and closing twice is once', () => {
  const peer = offlinePeer({ dataChannels: true });
  const states: string[] = [];
  peer.state$.subscribe({ next: (state) => states.push(state), complete: () => states.push('complete') });
  peer.close();
  peer.close();
  expect(states).toEqual(['new', 'closed', 'complete']);
  expect(() => peer.createOffer()).toThrow('closed');
  expect(() => peer.createDataChannel('a')).toThrow('closed');
  expect(() => offlinePeer().createDataChannel('a')).toThrow('without DataChannels');
});
