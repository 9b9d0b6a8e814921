import { describe, expect, test } from 'vitest';
import { PictureIds } from '../../../src/rtc/media/picture-ids.ts';

/** VP8 with long picture id, TL0PICIDX and TID. */
const vp8 = (picture: number, base: number): Buffer => Buffer.from([0x90, 0xe0, 0x80 | (picture >> 8), picture & 0xff, base, 0x20, 0xaa]);
const vp8Numbers = (payload: Buffer): number[] => [payload.readUInt16BE(2) & 0x7fff, payload.readUInt8(4)];
/** VP9, non-flexible mode, with layer byte and TL0PICIDX. */
const vp9 = (picture: number, base: number): Buffer => Buffer.from([0xa8, 0x80 | (picture >> 8), picture & 0xff, 0x00, base, 0xaa]);
const vp9Numbers = (payload: Buffer): number[] => [payload.readUInt16BE(1) & 0x7fff, payload.readUInt8(4)];

describe.each([
  ['VP8', vp8, vp8Numbers],
  ['VP9', vp9, vp9Numbers],
] as const)('PictureIds of %s', (codec, make, numbers) => {
  test('leave the first source as it is', () => {
    const ids = new PictureIds(codec);
    expect(ids.rewrite(make(300, 17)).equals(make(300, 17))).toBe(true);
  });

  test('go on by one when the source changes, and keep distances after it', () => {
    const ids = new PictureIds(codec);
    ids.rewrite(make(0x7fff, 255));
    ids.sourceChanged();
    expect([make(5000, 9), make(5000, 9), make(5001, 9), make(5002, 10)].map((payload) => numbers(ids.rewrite(payload)))).toEqual([
      [0, 0],
      [0, 0],
      [1, 0],
      [2, 1],
    ]);
  });

  test('do not touch what they were given', () => {
    const ids = new PictureIds(codec);
    ids.rewrite(make(1, 1));
    ids.sourceChanged();
    const payload = make(700, 70);
    ids.rewrite(payload);
    expect(payload.equals(make(700, 70))).toBe(true);
  });

  test('let pass what is cut off or has no numbers', () => {
    const ids = new PictureIds(codec);
    for (const payload of [Buffer.alloc(0), Buffer.from([0x80]), Buffer.from([0x90, 0xe0]), Buffer.from([0x00, 1, 2])]) {
      expect(ids.rewrite(payload).equals(payload)).toBe(true);
    }
  });
});

test('PictureIds with seven bits stay within them', () => {
  const ids = new PictureIds('VP8');
  const short = (picture: number): Buffer => Buffer.from([0x90, 0x80, picture, 0xaa]);
  ids.rewrite(short(127));
  ids.sourceChanged();
  expect(ids.rewrite(short(50)).readUInt8(2)).toBe(0);
});

test('PictureIds leave other codecs alone', () => {
  const payload = Buffer.from([0x90, 0xe0, 0x81, 0x00, 0x01, 0x20]);
  const ids = new PictureIds('H264');
  ids.sourceChanged();
  expect(ids.rewrite(payload)).toBe(payload);
});
