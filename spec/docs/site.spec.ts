import { readFileSync } from 'node:fs';
import MiniSearch from 'minisearch';
import { describe, expect, test } from 'vitest';
import { GUIDES, PROJECT, REFERENCE } from '../../docs/.vitepress/navigation.ts';
import { miniSearch } from '../../docs/.vitepress/search.ts';
import { headings, pages, ROOT } from './support/markdown.ts';

const json = (path: string): unknown => JSON.parse(readFileSync(ROOT + path, 'utf8'));

describe('the navigation of the site', () => {
  const listed = [...GUIDES, REFERENCE, PROJECT].flatMap((group) => group.pages);

  test('has every guide, once', () => {
    const guides = pages().flatMap((page) => /^docs\/((?:guide\/)?[\w-]+)\.md$/.exec(page)?.[1] ?? []);
    const moved = (page: string): string => (listed.includes(`project/${page}`) ? `project/${page}` : page);
    const places = guides.filter((page) => !['index', 'README'].includes(page)).map(moved);
    expect(places.filter((page) => !listed.includes(page))).toEqual([]);
    expect(new Set(listed).size).toBe(listed.length);
  });

  test('begins its list of versions with the version of the package', () => {
    const [latest] = json('docs/.vitepress/versions.json') as readonly { readonly version: string }[];
    expect(latest?.version).toBe((json('package.json') as { readonly version: string }).version);
  });
});

describe('the search of the site', () => {
  const index = new MiniSearch<{ id: number; title: string; text: string }>({ fields: ['title', 'text'], ...miniSearch.options });
  index.addAll([
    { id: 1, title: 'セッションの終わり方', text: '切断理由は必ず一度だけ通知します。' },
    { id: 2, title: '切断', text: '通知の理由を調べます。' },
    { id: 3, title: 'Ends', text: 'websocket-closed: the signaling WebSocket closed. termination$ emits once.' },
    { id: 4, title: 'Errors', text: 'websocket-error: the signaling WebSocket failed.' },
  ]);
  const found = (query: string): readonly unknown[] => index.search(query, miniSearch.searchOptions).map(({ id }) => id as unknown);

  test.each([
    ['切断理由', [1]],
    ['切断', [2, 1]],
    ['websocket-closed', [3]],
    ['termination$', [3]],
    ['signaling', [4, 3]],
    ['ストリーム', []],
  ])('finds for %s the pages %j', (query, expected) => {
    expect(found(query)).toEqual(expected);
  });
});

test('every page has a title by which the navigation can name it', () => {
  expect(pages().filter((page) => headings(page)[0]?.level !== 1)).toEqual([]);
});
