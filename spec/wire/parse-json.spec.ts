import { test as propertyTest, fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { longestMessage, parseJson } from '../../src/wire/parse-json.ts';

describe('parseJson', () => {
  propertyTest.prop([fc.jsonValue({ noUnicodeString: false })])('gives back what was written', (value) => {
    const written = JSON.stringify(value);
    expect(parseJson(written)).toEqual(JSON.parse(written));
  });

  propertyTest.prop([fc.string({ unit: fc.constantFrom('"', '\\', '[', ']', '{', '}', 'a', ',', ':', '1', ' ') })])(
    'agrees with the engine on every text, whatever its quotes and brackets',
    (text) => {
      let expected: unknown;
      try {
        expected = JSON.parse(text) as unknown;
      } catch {
        expected = undefined;
      }
      expect(parseJson(text)).toEqual(expected);
    },
  );

  test('a text of more than 16 MiB is not read, one of 16 MiB is', () => {
    expect(longestMessage).toBe(16 * 1024 * 1024);
    expect(parseJson(JSON.stringify('x'.repeat(longestMessage - 2)))).toHaveLength(longestMessage - 2);
    expect(parseJson(JSON.stringify('x'.repeat(longestMessage - 1)))).toBeUndefined();
  });

  test('hostile nesting exhausts no stack', () => {
    expect(parseJson('{"a":'.repeat(100_000))).toBeUndefined();
    expect(() => parseJson(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)).not.toThrow();
  });

  test('a member called __proto__ sets no prototype', () => {
    const parsed = parseJson('{"__proto__":{"polluted":1},"a":1}');
    expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
    expect({}).not.toHaveProperty('polluted');
  });
});
