import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { prose, ROOT, tableRows } from './support/markdown.ts';

const page = prose('docs/termination.md');
const numbered = (letter: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${letter}${String(index + 1).padStart(2, '0')}`);

/** The ids that a text mentions, ranges written out. */
function idsIn(text: string): ReadonlySet<string> {
  const ids = new Set([...text.matchAll(/\b[TQ]\d\d\b/g)].map(([id]) => id));
  for (const [, letter = '', first = '', last = ''] of text.matchAll(/\b([TQ])(\d\d)-[TQ]?(\d\d)\b/g)) {
    for (let each = Number(first); each <= Number(last); each += 1) ids.add(`${letter}${String(each).padStart(2, '0')}`);
  }
  return ids;
}

describe('docs/termination.md', () => {
  test('has every rule and every decision', () => {
    const told = idsIn(page);
    expect([...numbered('T', 29), ...numbered('Q', 88)].filter((id) => !told.has(id))).toEqual([]);
  });

  test('names for each rule the file that cites it', () => {
    const rows = tableRows('docs/termination.md', 'Where each rule lives');
    const wrong = rows.flatMap(([rules = '', files = '']) => {
      const paths = [...files.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path);
      const cited = new Set(paths.flatMap((path) => [...idsIn(readFileSync(ROOT + path, 'utf8'))]));
      return [...idsIn(rules)].filter((id) => !cited.has(id)).map((id) => `${id} in ${paths.join(', ')}`);
    });
    expect(wrong).toEqual([]);
    const named = idsIn(rows.map(([rules = '']) => rules).join(' '));
    expect(numbered('T', 29).filter((id) => !named.has(id))).toEqual([]);
  });
});
