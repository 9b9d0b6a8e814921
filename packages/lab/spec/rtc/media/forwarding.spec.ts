import { Subject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { codecFor } from '../../../src/rtc/media/codec.ts';
import { LabSender } from '../../../src/rtc/media/lab-sender.ts';
import type { ReceivedRtp, RtcReceiver } from '../../../src/rtc/media/section.ts';
import { headerExtension } from '../../../src/rtc/rtp/header-extension.ts';
import { parseRtp } from '../../../src/rtc/rtp/rtp-packet.ts';
import { parseAnswer } from '../../../src/rtc/sdp/answer.ts';
import { PayloadTypes } from '../../../src/rtc/sdp/payload-types.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const h264 = codecFor('H264');

/** A source whose packets and layers the test decides. */
const source = (rids: readonly string[], kind: 'audio' | 'video' = 'video') => {
  const packetSubject = new Subject<ReceivedRtp>();
  const requests: (string | undefined)[] = [];
  const state = { active: [...rids] };
  const receiver: RtcReceiver = {
    mid: 'v',
    kind,
    codec: h264,
    sending: true,
    rids,
    get activeRids() {
      return rids.filter((rid) => state.active.includes(rid));
    },
    bytesReceived: 0,
    packets$: packetSubject,
    audioLevel$: new Subject(),
    requestKeyFrame: (rid) => requests.push(rid),
  };
  let sequenceNumber = 0;
  const packet = (rid: string | undefined, keyFrame: boolean, text = 'x'): void =>
    packetSubject.next({
      rid,
      ssrc: rid === undefined ? 1 : 10 + rids.indexOf(rid),
      sequenceNumber: sequenceNumber++,
      timestamp: 0,
      marker: true,
      payload: Buffer.from(text),
      keyFrame,
      receivedAtMs: performance.now(),
      audioLevel: kind === 'audio' ? { dBov: -30, voice: true } : undefined,
      videoOrientation: undefined,
    });
  return { receiver, packet, requests, state, packetSubject };
};

const sender = (kind: 'audio' | 'video' = 'video', secured = () => true) => {
  const sent: Buffer[] = [];
  const target = new LabSender(
    { kind, streamId: 's', trackId: 't', codec: kind === 'audio' ? codecFor('OPUS') : h264 },
    { secured, send: (header, payload) => sent.push(Buffer.concat([header, payload])), onRemoved: () => undefined },
  );
  target.placed('m');
  target.describe(new PayloadTypes());
  const accept = (): void => target.answered(parseAnswer('v=0\nm=video 9 X 96\na=mid:m\na=recvonly\na=rtpmap:96 H264/90000\n')[0]!);
  const texts = (): (string | undefined)[] => sent.map((packet) => parseRtp(packet)?.payload.toString());
  return { target, sent, accept, texts };
};

describe('Forwarding', () => {
  test('begins with a key frame, and asks for it until it comes', () => {
    const { receiver, packet, requests } = source([]);
    const { target, accept, texts } = sender();
    accept();
    const forwarding = target.forward(receiver);
    expect(requests).toEqual([undefined]);
    packet(undefined, false, 'delta');
    vi.advanceTimersByTime(1100);
    expect(requests).toHaveLength(3);
    packet(undefined, true, 'key');
    packet(undefined, false, 'delta');
    vi.advanceTimersByTime(5000);
    expect(requests).toHaveLength(3);
    expect(texts()).toEqual(['key', 'delta']);
    forwarding.stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('sends nothing before the client has accepted, and then asks for a key frame', () => {
    const { receiver, packet, requests } = source([]);
    const { target, accept, texts } = sender();
    target.forward(receiver);
    packet(undefined, true, 'too early');
    const before = requests.length;
    accept();
    expect(requests.length).toBe(before + 1);
    packet(undefined, true, 'key');
    expect(texts()).toEqual(['key']);
    target.remove();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('switches layers at a key frame of the new one, without a gap', () => {
    const { receiver, packet, requests } = source(['r0', 'r1', 'r2']);
    const { target, accept, texts, sent } = sender();
    accept();
    const forwarding = target.forward(receiver, 'r0');
    const switched: string[] = [];
    forwarding.switched$.subscribe((rid) => switched.push(rid));
    for (const rid of ['r2', 'r1', 'r0']) packet(rid, true, rid);
    forwarding.selectRid('r2');
    expect(requests.at(-1)).toBe('r2');
    packet('r2', false, 'not yet');
    packet('r0', false, 'r0 goes on');
    packet('r2', true, 'r2');
    packet('r0', false, 'no more');
    expect(texts()).toEqual(['r0', 'r0 goes on', 'r2']);
    expect(switched).toEqual(['r0', 'r2']);
    expect(forwarding.currentRid).toBe('r2');
    const numbers = sent.map((bytes) => bytes.readUInt16BE(2));
    expect(numbers.map((number) => (number - numbers[0]!) & 0xffff)).toEqual([0, 2, 3]);
    forwarding.stop();
  });

  test('takes the nearest lower layer while the one asked for is away, and goes back', () => {
    const { receiver, packet, state } = source(['r0', 'r1', 'r2']);
    const { target, accept } = sender();
    accept();
    state.active = ['r0', 'r1'];
    const forwarding = target.forward(receiver, 'r2');
    packet('r1', true);
    expect(forwarding.currentRid).toBe('r1');
    state.active = ['r0'];
    packet('r0', false);
    packet('r0', true);
    expect(forwarding.currentRid).toBe('r0');
    state.active = ['r0', 'r1', 'r2'];
    packet('r2', false);
    packet('r2', true);
    expect(forwarding.currentRid).toBe('r2');
    forwarding.stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('takes the lowest layer alive when all of them are above the one asked for', () => {
    const { receiver, packet, state } = source(['r0', 'r1', 'r2']);
    const { target, accept } = sender();
    accept();
    state.active = ['r1', 'r2'];
    const forwarding = target.forward(receiver, 'r0');
    packet('r2', true);
    packet('r1', true);
    expect(forwarding.currentRid).toBe('r1');
    forwarding.stop();
  });

  test('passes requests of the client on', () => {
    const { receiver, packet, requests } = source([]);
    const { target, accept } = sender();
    accept();
    const forwarding = target.forward(receiver);
    packet(undefined, true);
    const before = requests.length;
    target.keyFrameRequested();
    expect(requests.length).toBe(before + 1);
    forwarding.stop();
    target.keyFrameRequested();
    expect(requests.length).toBe(before + 1);
  });

  test('a pause ends with a key frame and leaves no gap', () => {
    const { receiver, packet } = source([]);
    const { target, accept, texts, sent } = sender();
    accept();
    const forwarding = target.forward(receiver);
    packet(undefined, true, 'one');
    forwarding.pause(true);
    packet(undefined, true, 'unseen');
    forwarding.pause(false);
    packet(undefined, false, 'unseen');
    packet(undefined, true, 'two');
    expect(texts()).toEqual(['one', 'two']);
    expect((sent[1]!.readUInt16BE(2) - sent[0]!.readUInt16BE(2)) & 0xffff).toBe(1);
    forwarding.stop();
  });

  test('audio starts at once, and carries the level of the speaker', () => {
    const { receiver, packet, requests } = source([], 'audio');
    const { target, accept, sent } = sender('audio');
    accept();
    const forwarding = target.forward(receiver);
    packet(undefined, true, 'sound');
    expect(requests).toEqual([]);
    expect(parseRtp(sent[0]!)?.extensions.get(headerExtension.audioLevel)?.[0]).toBe(0x80 | 30);
    expect(parseRtp(sent[0]!)?.extensions.get(headerExtension.mid)?.toString()).toBe('m');
    expect(vi.getTimerCount()).toBe(0);
    forwarding.stop();
  });

  test('ends with its source', () => {
    const { receiver, packetSubject } = source([]);
    const { target, accept } = sender();
    accept();
    const forwarding = target.forward(receiver);
    let ended = false;
    forwarding.switched$.subscribe({ complete: () => (ended = true) });
    packetSubject.complete();
    expect(ended).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('LabSender', () => {
  test('repeats what the client misses as RTX, once per moment', () => {
    const { receiver, packet } = source([]);
    const { target, accept, sent } = sender();
    accept();
    target.forward(receiver);
    packet(undefined, true, 'precious');
    const original = parseRtp(sent[0]!)!;
    target.repeat([original.sequenceNumber, 12345], 1000);
    target.repeat([original.sequenceNumber], 1001);
    expect(sent).toHaveLength(2);
    const repeated = parseRtp(sent[1]!)!;
    expect(repeated).toMatchObject({ ssrc: target.rtxSsrc, payloadType: 97, timestamp: original.timestamp });
    expect(repeated.payload.readUInt16BE(0)).toBe(original.sequenceNumber);
    expect(repeated.payload.subarray(2).toString()).toBe('precious');
    target.remove();
  });

  test('is not ready without keys, without the codec, or in a section that does not receive', () => {
    expect(sender().target.ready).toBe(false);
    const withoutKeys = sender('video', () => false);
    withoutKeys.accept();
    expect(withoutKeys.target.ready).toBe(false);
    const { target, accept } = sender();
    accept();
    expect(target.ready).toBe(true);
    for (const answer of [
      'm=video 9 X 96\na=recvonly',
      'm=video 9 X 96\na=inactive\na=rtpmap:96 H264/90000',
      'm=video 0 X 96\na=recvonly\na=rtpmap:96 H264/90000',
    ]) {
      target.answered(parseAnswer(`v=0\n${answer}`)[0]!);
      expect(target.ready).toBe(false);
    }
  });
});
