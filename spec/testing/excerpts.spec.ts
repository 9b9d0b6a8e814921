import { fc, test as propertyTest } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { excerpts, shortened } from '../../src/testing/excerpts.ts';

test('a text is cut at its end where it is too long', () => {
  expect(shortened('abcdef', 6)).toBe('abcdef');
  expect(shortened('abcdefg', 6)).toBe('abcde…');
});

const prefix = fc.string({ maxLength: 300 });

propertyTest.prop([prefix, fc.string({ maxLength: 300 }), fc.string({ maxLength: 300 }), fc.integer({ min: 40, max: 130 })])(
  'texts that differ are told apart, whatever they have in common, and none is too long',
  (common, one, other, widest) => {
    fc.pre(one !== other);
    const [a, b] = excerpts(common + one, common + other, widest);
    expect(a).not.toBe(b);
    expect(Math.max(a.length, b.length)).toBeLessThanOrEqual(widest);
  },
);

propertyTest.prop([prefix, fc.integer({ min: 40, max: 130 })])('texts that are the same look the same', (text, widest) => {
  expect(excerpts(text, text, widest)).toEqual([shortened(text, widest), shortened(text, widest)]);
});
