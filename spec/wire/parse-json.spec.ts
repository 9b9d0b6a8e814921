import { test as propertyTest, fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { decodeUtf8, jsonLimits, parseJson } from '../../src/wire/parse-json.ts';

describe('parseJson', () => {
  propertyTest.prop([fc.jsonValue({ noUnicodeString: false })])(
    'gives back what was written, but for members called __proto__',
    (value) => {
      const written = JSON.stringify(value);
      const expected: unknown = JSON.parse(written, (name, member: unknown) => (name === '__proto__' ? undefined : member));
      expect(parseJson(written)).toEqual({ ok: true, value: expected });
    },
  );

  propertyTest.prop([fc.string({ unit: fc.constantFrom('"', '\\', '[', ']', '{', '}', 'a', ',', ':', '1', ' ') })])(
    'agrees with the engine on every text, whatever its quotes and brackets',
    (text) => {
      let expected: unknown;
      try {
        expected = { ok: true, value: JSON.parse(text) as unknown };
      } catch {
        expected = { ok: false, detail: 'not JSON' };
      }
      expect(parseJson(text)).toEqual(expected);
    },
  );

  test('depth is counted outside of strings only', () => {
    const brackets = JSON.stringify({ a: `${'['.repeat(500)}\\"${'{'.repeat(500)}` });
    expect(parseJson(brackets).ok).toBe(true);
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    expect(parseJson(nested(100)).ok).toBe(true);
    expect(parseJson(nested(101))).toEqual({ ok: false, detail: 'nested deeper than 100 levels' });
    expect(parseJson(`{"a":`.repeat(1_000_000)).ok).toBe(false);
  });

  test('what has been closed does not count as depth', () => {
    expect(parseJson(`[${Array.from({ length: 200 }, () => '[]').join()}]`).ok).toBe(true);
    expect(parseJson(`[${Array.from({ length: 200 }, () => '{}').join()}]`).ok).toBe(true);
  });

  test.each(['""', '"a"', '"ab"', '"a\\\\"', '"\\""', '"a\\"b"'])('what is behind the text %s counts again', (text) => {
    const deep = `[${text},${'['.repeat(100)}${']'.repeat(100)}]`;
    expect(parseJson(deep)).toEqual({ ok: false, detail: 'nested deeper than 100 levels' });
  });

  test('a long text is refused before it is parsed', () => {
    const text = JSON.stringify('x'.repeat(jsonLimits.maxLength));
    expect(parseJson(text)).toEqual({ ok: false, detail: `text of ${text.length} characters` });
    expect(parseJson('"abc"', { maxLength: 5, maxDepth: 1 }).ok).toBe(true);
    expect(parseJson('"abcd"', { maxLength: 5, maxDepth: 1 }).ok).toBe(false);
  });

  test.each(['{"__proto__":{"polluted":1},"a":1}', '{"\\u005f_proto__":{"polluted":1},"a":1}', '{"\\u005F\\u005fproto\\u005f_":1,"a":1}'])(
    '%s has no prototype to set',
    (text) => {
      const parsed = parseJson(`[${text}]`);
      if (!parsed.ok) throw new Error(parsed.detail);
      const [object] = parsed.value as [object];
      expect(Object.keys(object)).toEqual(['a']);
      expect(Object.assign({}, object)).not.toHaveProperty('polluted');
      expect({}).not.toHaveProperty('polluted');
    },
  );

  test('what the engine says of a text is not told, as it quotes the text', () => {
    expect(JSON.stringify(parseJson('{"access_token":"secret'))).not.toContain('secret');
  });
});

test('decodeUtf8 refuses what is not UTF-8', () => {
  expect(decodeUtf8(new TextEncoder().encode('多重'))).toBe('多重');
  expect(decodeUtf8(new Uint8Array([0xff, 0xfe]))).toBeNull();
});
