import { test as propertyTest, fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { mergeEncodings } from '../../src/tracks/encodings.ts';
import type { EncodingLike } from '../../src/platform/w3c.ts';

type Encoding = EncodingLike & Record<string, unknown>;

describe('mergeEncodings', () => {
  test('layers are matched by rid, not by position', () => {
    const existing: Encoding[] = [
      { rid: 'r2', active: true },
      { rid: 'r0', active: true, networkPriority: 'low' },
    ];
    const offered: Encoding[] = [
      { rid: 'r0', active: false, maxBitrate: 100_000 },
      { rid: 'r1', maxBitrate: 200_000 },
      { rid: 'r2', scaleResolutionDownBy: 1 },
    ];
    expect(mergeEncodings(existing, offered)).toEqual([
      { rid: 'r2', active: true, scaleResolutionDownBy: 1 },
      { rid: 'r0', active: false, networkPriority: 'low', maxBitrate: 100_000 },
    ]);
  });

  test('one encoding without a rid takes the values of one without a rid', () => {
    expect(mergeEncodings([{ active: true }], [{ active: false }])).toEqual([{ active: false }]);
  });

  test('a sender that has none yet gets the server’s', () => {
    expect(mergeEncodings([], [{ rid: 'r0' }, { rid: 'r1' }])).toEqual([{ rid: 'r0' }, { rid: 'r1' }]);
  });

  const encoding = fc.record<Encoding>(
    { rid: fc.constantFrom('r0', 'r1', 'r2', 'r3'), active: fc.boolean(), maxBitrate: fc.nat() },
    { requiredKeys: [] },
  );
  const encodings = fc.uniqueArray(encoding, { selector: ({ rid }) => rid, maxLength: 4 });

  propertyTest.prop([fc.uniqueArray(encoding, { selector: ({ rid }) => rid, minLength: 1, maxLength: 4 }), encodings])(
    'number, order and rids never change, and neither do the inputs',
    (existing, offered) => {
      const before = structuredClone([existing, offered]);
      const merged = mergeEncodings(existing, offered);
      expect(merged.map(({ rid }) => rid)).toEqual(existing.map(({ rid }) => rid));
      expect(mergeEncodings(merged, offered)).toEqual(merged);
      expect([existing, offered]).toEqual(before);
      for (const one of merged) expect(existing).not.toContain(one);
    },
  );
});

test('a second attempt has only what every browser takes, and leaves the sender its own', () => {
  const offered: Encoding[] = [
    {
      rid: 'r0',
      active: true,
      maxBitrate: 1,
      maxFramerate: 30,
      scaleResolutionDownBy: 4,
      minBitrate: 1,
      adaptivePtime: true,
      scalabilityMode: 'L1T1',
      scaleResolutionDownTo: { maxWidth: 1, maxHeight: 1 },
      codec: { mimeType: 'video/AV1' },
    },
  ];
  expect(mergeEncodings([{ rid: 'r0', priority: 'low' } as Encoding], offered, 'essential')).toEqual([
    { rid: 'r0', priority: 'low', active: true, maxBitrate: 1, maxFramerate: 30, scaleResolutionDownBy: 4 },
  ]);
});
