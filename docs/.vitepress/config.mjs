import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';
import { navigation, PROJECT } from './navigation.ts';
import { createSearch } from './search.ts';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const { version, exports: entries } = JSON.parse(readFileSync(here('../../package.json'), 'utf8'));
const versions = JSON.parse(readFileSync(here('./versions.json'), 'utf8'));

const { guides, further, only, sidebar, translated } = navigation(here('./pages'));
const search = createSearch();

/** The anchors that GitHub gives to headings, so that a link is right in both places. */
const slugify = (title) =>
  title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}\p{Pc} -]/gu, '')
    .replaceAll(' ', '-');

/** The first paragraph of a page, as its description. */
function descriptionOf(page) {
  const paragraph = readFileSync(here(`./pages/${page}`), 'utf8')
    .replace(/^---[\s\S]*?---\n/, '')
    .split(/\n\n+/)
    .find((part) => /^[\p{L}`*[]/u.test(part.trim()));
  return (paragraph ?? '')
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/[*`]/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 200);
}

const versionMenu = (changes, other) => ({
  text: version,
  items: [
    ...versions.filter((each) => each.version !== version).map((each) => ({ text: each.version, link: each.link })),
    ...only(changes, 'project/changelog'),
    ...only(other, 'project/security-policy'),
  ],
});

/** Entry points of the SDK as the live examples import them: the source itself. */
const alias = Object.entries(entries)
  .filter(([, target]) => typeof target === 'object')
  .map(([entry, { default: built }]) => ({
    find: new RegExp(`^rx-sora${entry.slice(1)}$`),
    replacement: here(`../../${built.replace('./dist/', 'src/').replace(/\.js$/, '.ts')}`),
  }));

export default defineConfig({
  title: 'rx-sora',
  description: 'A session with the WebRTC SFU Sora as RxJS streams, and one termination$ that says, exactly once, why it ended',
  srcDir: '.vitepress/pages',
  outDir: '.vitepress/dist',
  cacheDir: '.vitepress/cache',
  // A version that is no longer the latest is built once more for its own path: SITE_BASE=/0.1/ npm run docs
  base: process.env['SITE_BASE'] ?? '/',
  lastUpdated: false,
  ignoreDeadLinks: false,
  head: [['link', { rel: 'icon', href: `${process.env['SITE_BASE'] ?? '/'}mark.svg`, type: 'image/svg+xml' }]],
  markdown: {
    anchor: { slugify },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
  },
  transformPageData: ({ relativePath, description }) => ({ description: description || descriptionOf(relativePath) }),
  vite: {
    plugins: [search.plugin],
    resolve: {
      alias: [
        ...alias,
        { find: /^(\.\.\/composables|.*theme-default\/composables)\/langs(\.js)?$/, replacement: here('./theme/langs.js') },
      ],
    },
    build: { chunkSizeWarningLimit: 2000 },
    publicDir: here('./public'),
  },
  themeConfig: {
    logo: '/mark.svg',
    outline: { level: [2, 3], label: 'On this page' },
    search: { provider: 'local', options: search.options },
    sidebar,
    translated,
  },
  locales: {
    root: {
      label: 'English',
      lang: 'en',
      themeConfig: {
        nav: [
          { text: 'Guides', items: guides('en') },
          ...only('How a session ends', 'guide/how-a-session-ends'),
          { text: 'Reference', link: '/api/' },
          { text: 'Project', items: further(PROJECT, 'en').items },
          versionMenu('Changes', 'Supported versions'),
        ],
      },
    },
    ja: {
      label: '日本語',
      lang: 'ja',
      link: '/ja/',
      description: 'WebRTC SFU Sora のセッションを RxJS のストリームとして扱う SDK。切断理由は termination$ が必ず一度だけ通知します',
      themeConfig: {
        nav: [
          { text: 'ガイド', items: guides('ja') },
          ...only('切断理由', 'ja/guide/how-a-session-ends'),
          { text: 'リファレンス', link: '/api/' },
          { text: 'プロジェクト', items: further(PROJECT, 'ja').items },
          versionMenu('変更履歴', 'サポート対象のバージョン'),
        ],
        outline: { level: [2, 3], label: 'このページの内容' },
        docFooter: { prev: '前へ', next: '次へ' },
        darkModeSwitchLabel: '表示',
        lightModeSwitchTitle: 'ライトモードに切り替える',
        darkModeSwitchTitle: 'ダークモードに切り替える',
        sidebarMenuLabel: 'メニュー',
        returnToTopLabel: 'ページの先頭へ',
        langMenuLabel: '言語を切り替える',
        skipToContentLabel: '本文へ',
        notFound: { title: 'ページが見つかりません', quote: '', linkLabel: '最初のページへ', linkText: '最初のページへ' },
      },
    },
  },
});
