import { describe, expect, test } from 'vitest';
import { codecFor } from '../../../src/rtc/media/codec.ts';
import { LabReceiver } from '../../../src/rtc/media/lab-receiver.ts';
import { PacketRouter } from '../../../src/rtc/media/packet-router.ts';
import type { RtcReceiverOptions } from '../../../src/rtc/media/section.ts';
import { headerExtension } from '../../../src/rtc/rtp/header-extension.ts';
import { PayloadTypes } from '../../../src/rtc/sdp/payload-types.ts';
import { parseAnswer } from '../../../src/rtc/sdp/answer.ts';

const receivers = (...options: readonly RtcReceiverOptions[]): LabReceiver[] => {
  const types = new PayloadTypes();
  return options.map((option) => {
    const receiver = new LabReceiver(option, () => undefined);
    receiver.describe(types);
    const simulcast = (option.simulcast ?? []).map(({ rid }) => rid).join(';');
    const lines = ['v=0', 'm=video 9 X 96', 'a=mid:x', 'a=sendonly', ...(simulcast === '' ? [] : [`a=simulcast:send ${simulcast}`])];
    receiver.answered(parseAnswer(lines.join('\n'))[0]!);
    return receiver;
  });
};

const video = (mid: string, simulcast: readonly string[] = []): RtcReceiverOptions => ({
  kind: 'video',
  mid,
  codecs: [codecFor('VP8')],
  simulcast: simulcast.map((rid) => ({ rid })),
});
const audio: RtcReceiverOptions = { kind: 'audio', mid: 'a', codecs: [codecFor('OPUS')] };

const packet = (payloadType: number, ssrc: number, extensions: Partial<Record<keyof typeof headerExtension, string>> = {}) => ({
  payloadType,
  ssrc,
  marker: false,
  sequenceNumber: 0,
  timestamp: 0,
  payload: Buffer.alloc(0),
  extensions: new Map(
    Object.entries(extensions).map(([name, value]) => [headerExtension[name as keyof typeof headerExtension], Buffer.from(value)]),
  ),
});

const named = (route: ReturnType<PacketRouter['route']>): string | undefined =>
  route === undefined ? undefined : `${route.receiver.mid} ${route.layer.rid ?? '-'}${route.payload.isRetransmission ? ' rtx' : ''}`;

describe('PacketRouter', () => {
  test('goes by mid, and remembers the SSRC', () => {
    const router = new PacketRouter();
    const all = receivers(video('v1'), video('v2'));
    expect(named(router.route(packet(96, 10), all))).toBeUndefined();
    expect(named(router.route(packet(96, 10, { mid: 'v2' }), all))).toBe('v2 -');
    expect(named(router.route(packet(96, 10), all))).toBe('v2 -');
    expect(named(router.route(packet(97, 11, { mid: 'v2' }), all))).toBe('v2 - rtx');
  });

  test('goes by payload type when one section only has it', () => {
    const router = new PacketRouter();
    const all = receivers(audio, video('v'));
    expect(named(router.route(packet(96, 1), all))).toBe('a -');
    expect(named(router.route(packet(97, 2), all))).toBe('v -');
    expect(named(router.route(packet(99, 3), all))).toBeUndefined();
  });

  test('needs a rid with simulcast, repaired-rid for retransmissions', () => {
    const router = new PacketRouter();
    const all = receivers(video('v', ['r0', 'r1']));
    expect(named(router.route(packet(96, 1, { mid: 'v' }), all))).toBeUndefined();
    expect(named(router.route(packet(96, 1, { mid: 'v', rid: 'r1' }), all))).toBe('v r1');
    expect(named(router.route(packet(96, 1, { mid: 'v' }), all))).toBe('v r1');
    expect(named(router.route(packet(97, 2, { mid: 'v', repairedRid: 'r1' }), all))).toBe('v r1 rtx');
    expect(named(router.route(packet(96, 3, { mid: 'v', rid: 'r9' }), all))).toBeUndefined();
  });

  test('does not remember SSRCs without end', () => {
    const router = new PacketRouter();
    const all = receivers(video('v'), video('w'));
    for (let ssrc = 0; ssrc < 300; ssrc++) expect(named(router.route(packet(96, ssrc, { mid: 'v' }), all))).toBe('v -');
    expect(named(router.route(packet(96, 5), all))).toBe('v -');
    expect(named(router.route(packet(96, 299), all))).toBeUndefined();
  });
});
