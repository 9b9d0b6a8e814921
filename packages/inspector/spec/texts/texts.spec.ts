import { describe, expect, test } from 'vitest';
import { TEXTS, localeOf } from '../../src/texts/texts.ts';

/** Every text, by the path to it; functions are asked with numbers and names. */
function texts(value: unknown, path = ''): readonly (readonly [string, string])[] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') return [[path, String((value as (...words: unknown[]) => unknown)(2, 3, true))]];
  return Object.entries(value as object).flatMap(([name, member]) => texts(member, `${path}.${name}`));
}

const [english, japanese] = [texts(TEXTS.en), texts(TEXTS.ja)];

describe('the texts', () => {
  test('say something in both languages', () => {
    expect(japanese.map(([path]) => path)).toEqual(english.map(([path]) => path));
    expect([...english, ...japanese].filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  test('are Japanese where they are not words of the field', () => {
    const same = japanese.filter(([, text], index) => text === english[index]?.[1]).map(([path]) => path);
    expect(same).toEqual([
      '.tabs.rpc',
      '.sources.websocket',
      '.sources.datachannel',
      '.sources.sdk',
      '.facts.url',
      '.facts.turnUrl',
      '.facts.client',
      '.modes.websocket',
    ]);
  });

  test('are chosen by the tag of a language', () => {
    expect(['ja', 'ja-JP', 'JA', 'jav', 'en-GB', ''].map(localeOf)).toEqual(['ja', 'ja', 'ja', 'en', 'en', 'en']);
  });
});
