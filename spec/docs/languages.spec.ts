import { describe, expect, test } from 'vitest';
import { codeBlocks, codeSpans, headings, links, readPage } from './support/markdown.ts';
import { KINDS, initiatorOfKind, retriesOf } from './support/printed.ts';

const PAGES = ['README.md', 'README.ja.md'] as const;

describe('README.md and README.ja.md keep step', () => {
  const both = <Value>(of: (page: string) => Value): readonly [Value, Value] => [of(PAGES[0]), of(PAGES[1])];

  test('headings', () => {
    const [english, japanese] = both((page) => headings(page).map(({ level }) => level));
    expect(japanese).toEqual(english);
  });

  test('blocks of code', () => {
    const [english, japanese] = both((page) => codeBlocks(page).map(({ language, code }) => `${language}\n${code}`));
    expect(japanese).toEqual(english);
  });

  test('rows of tables', () => {
    const [english, japanese] = both(
      (page) =>
        readPage(page)
          .split('\n')
          .filter((line) => line.startsWith('|')).length,
    );
    expect(japanese).toBe(english);
  });

  test('links, each to the page that the other has, or to one another', () => {
    const [english, japanese] = both((page) =>
      links(page)
        .map((link) => link.split('#')[0])
        .filter((link) => link !== '' && !PAGES.some((name) => name === link))
        .sort(),
    );
    expect(japanese).toEqual(english);
  });

  test('words of code', () => {
    const [english, japanese] = both((page) => [...new Set(codeSpans(page))].sort());
    expect(japanese).toEqual(english);
  });
});

describe.each(PAGES)('the kinds of %s', (page) => {
  const rows = readPage(page)
    .split('\n')
    .map((line) => /^\| `([\w-]+)` \| (client|server|network|sdk) \|.*\| ([\w, ]+) \|[^|]*\|$/.exec(line))
    .filter((row) => row !== null);

  test('are those of the code, with their initiators and hints', () => {
    const told = rows.map(([, kind = '', initiator, retry]) => ({ kind, initiator, retry }));
    expect(told).toEqual(KINDS.map((kind) => ({ kind, initiator: initiatorOfKind(kind), retry: retriesOf(kind).join(', ') })));
  });
});
