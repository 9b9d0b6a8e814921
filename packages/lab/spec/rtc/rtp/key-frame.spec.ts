import { expect, test } from 'vitest';
import type { RtcCodecName } from '../../../src/rtc/media/codec.ts';
import { startsKeyFrame } from '../../../src/rtc/rtp/key-frame.ts';
import { pseudoRandom } from '../support/pseudo-random.ts';

const cases: readonly (readonly [RtcCodecName, string, readonly number[], boolean])[] = [
  ['OPUS', 'anything', [0xfc], true],
  ['VP8', 'first packet of a key frame, no extension', [0x10, 0x00], true],
  ['VP8', 'first packet of a key frame, long picture id, TL0PICIDX, TID', [0x90, 0xe0, 0x80, 0x01, 0x02, 0x20, 0x10], true],
  ['VP8', 'first packet of a delta frame', [0x90, 0xe0, 0x80, 0x01, 0x02, 0x20, 0x11], false],
  ['VP8', 'a later packet', [0x80, 0xe0, 0x80, 0x01, 0x02, 0x20, 0x10], false],
  ['VP8', 'another partition', [0x11, 0x00], false],
  ['VP9', 'begin of a key frame', [0x8a, 0x80, 0x01, 0x00], true],
  ['VP9', 'begin of a key frame with layers, spatial layer 0', [0xaa, 0x80, 0x01, 0x00, 0x00], true],
  ['VP9', 'spatial layer 1', [0xaa, 0x80, 0x01, 0x02, 0x00], false],
  ['VP9', 'predicted from another picture', [0xca, 0x80, 0x01], false],
  ['VP9', 'not the begin', [0x82, 0x80, 0x01], false],
  ['AV1', 'a new coded video sequence', [0x18, 0x0a], true],
  ['AV1', 'a continued one', [0x98, 0x0a], false],
  ['AV1', 'no new sequence', [0x10, 0x32], false],
  ['H264', 'sequence parameter set', [0x67, 0x42], true],
  ['H264', 'IDR picture', [0x65, 0x88], true],
  ['H264', 'aggregate with a parameter set', [0x78, 0, 1, 0x09, 0, 1, 0x67], true],
  ['H264', 'aggregate without', [0x78, 0, 1, 0x09, 0, 1, 0x61], false],
  ['H264', 'first piece of an IDR picture', [0x7c, 0x85], true],
  ['H264', 'later piece of an IDR picture', [0x7c, 0x05], false],
  ['H264', 'other picture', [0x61, 0x9a], false],
  ['H265', 'parameter set', [0x40, 0x01], true],
  ['H265', 'IDR picture', [0x26, 0x01], true],
  ['H265', 'first piece of an IDR picture', [0x62, 0x01, 0x93], true],
  ['H265', 'other picture', [0x02, 0x01], false],
];

test.each(cases)('%s: %s', (codec, _, payload, expected) => {
  expect(startsKeyFrame(codec, Buffer.from(payload))).toBe(expected);
});

test('payloads that are cut off or noise never throw', () => {
  const random = pseudoRandom(4);
  for (const codec of ['VP8', 'VP9', 'AV1', 'H264', 'H265'] as const) {
    expect(startsKeyFrame(codec, Buffer.alloc(0))).toBe(false);
    for (let round = 0; round < 2000; round++) startsKeyFrame(codec, random.bytes(random.below(8)));
  }
});
