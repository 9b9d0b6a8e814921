import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { codeBlocks, codeSpans, headings, isNamedPage, links, namedPages, pages, readPage, ROOT } from './support/markdown.ts';
import { KINDS, initiatorOfKind, retriesOf } from './support/printed.ts';

/** Guides that are not in Japanese yet. A page that is translated leaves the list, which a test holds. */
const NOT_YET: readonly string[] = [];

const guides = pages().filter((page) => page.startsWith('docs/guide/') || page === 'docs/index.md' || page === 'docs/telemetry.md');
const inJapanese = (page: string): string => page.replace('docs/', 'docs/ja/');
const pairs: readonly (readonly [string, string])[] = [
  ['README.md', 'README-ja.md'],
  ...guides.filter((page) => !NOT_YET.includes(page)).map((page) => [page, inJapanese(page)] as const),
];

test('every guide is in both languages, and no page in Japanese stands alone', () => {
  expect(pairs.filter(([, japanese]) => !existsSync(ROOT + japanese)).map(([english]) => english)).toEqual([]);
  const alone = pages().filter((page) => page.startsWith('docs/ja/') && !existsSync(ROOT + page.replace('docs/ja/', 'docs/')));
  expect(alone).toEqual([]);
  expect(NOT_YET.filter((page) => existsSync(ROOT + inJapanese(page)))).toEqual([]);
});

/** What a link leads to, whichever language it is in. */
function targetOf(link: string, page: string): string {
  const [path = ''] = link.split('#');
  const url = new URL(path, `file:///${page}`).pathname;
  return url.replace('/docs/ja/', '/docs/').replace(/[.-]ja\.(md|svg)$/, '.$1');
}

describe.each(pairs.filter(([, japanese]) => existsSync(ROOT + japanese)))('%s and %s keep step', (...names) => {
  const both = <Value>(of: (page: string) => Value): readonly [Value, Value] => [of(names[0]), of(names[1])];

  test('headings', () => {
    const [english, japanese] = both((page) => headings(page).map(({ level }) => level));
    expect(japanese).toEqual(english);
  });

  test('blocks of code', () => {
    // A diagram has words in it.
    const [english, japanese] = both((page) =>
      codeBlocks(page).map(({ language, mark, code }) => (language === 'mermaid' ? language : `${mark ?? ''}\n${language}\n${code}`)),
    );
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

  test('links and pages named by their path, each the page that the other has, or one another', () => {
    const [english, japanese] = both((page) =>
      [...links(page).filter((link) => !link.startsWith('#')), ...namedPages(page).map((path) => `/${path}`)]
        .map((link) => targetOf(link, page))
        .filter((path) => path !== `/${names[0]}`)
        .sort(),
    );
    expect(japanese).toEqual(english);
  });

  test('words of code', () => {
    const [english, japanese] = both((page) => [...new Set(codeSpans(page).filter((span) => !isNamedPage(span)))].sort());
    expect(japanese).toEqual(english);
  });
});

describe.each(['README.md', 'README-ja.md'])('the kinds of %s', (page) => {
  const rows = readPage(page)
    .split('\n')
    .map((line) => /^\| `([\w-]+)` \| (client|server|network|sdk) \|.*\| ([\w, ]+) \|[^|]*\|$/.exec(line))
    .filter((row) => row !== null);

  test('are those of the code, with their initiators and hints', () => {
    const told = rows.map(([, kind = '', initiator, retry]) => ({ kind, initiator, retry }));
    expect(told).toEqual(KINDS.map((kind) => ({ kind, initiator: initiatorOfKind(kind), retry: retriesOf(kind).join(', ') })));
  });
});
