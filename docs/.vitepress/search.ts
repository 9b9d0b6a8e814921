// The search: over guides and reference, from pages of either language, also for words of a language that puts no spaces between them.
import MiniSearch from 'minisearch';

/**
 * Words of a text. Runs of Japanese are cut into pairs of characters, so that any two that stand together are found. The function is also
 * sent to the browser as text and therefore uses nothing from outside itself.
 */
export function tokenize(text: string): string[] {
  const japanese = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]+/gu;
  const words = text
    .replace(japanese, ' ')
    .split(/[\s\p{P}`|<>=+^~]+/u)
    .filter((word) => word !== '');
  for (const [run] of text.matchAll(japanese)) {
    if (run.length < 3) words.push(run);
    else for (let at = 0; at + 1 < run.length; at += 1) words.push(run.slice(at, at + 2));
  }
  return words;
}

export const miniSearch = {
  options: { tokenize },
  searchOptions: { combineWith: 'AND' as const, fuzzy: 0.15, prefix: true, boost: { title: 6, titles: 2, text: 1 } },
};

interface Section {
  readonly id: string;
  readonly title: string;
  readonly titles: readonly string[];
  readonly text: string;
}

interface Env {
  readonly relativePath: string;
  readonly frontmatter?: { readonly search?: boolean };
}

interface Markdown {
  render(source: string, env: Env): string;
}

interface Search {
  readonly options: object;
  readonly plugin: { readonly name: string; transform(code: string, id: string): { code: string; map: null } | null };
}

const JAPANESE = {
  button: { buttonText: '検索', buttonAriaLabel: '検索' },
  modal: {
    displayDetails: '詳しい一覧を表示',
    resetButtonTitle: '検索を取り消す',
    backButtonTitle: '検索を閉じる',
    noResultsText: '見つかりません:',
    footer: {
      selectText: '選ぶ',
      selectKeyAriaLabel: 'Enter',
      navigateText: '移動',
      navigateUpKeyAriaLabel: '上矢印',
      navigateDownKeyAriaLabel: '下矢印',
      closeText: '閉じる',
      closeKeyAriaLabel: 'Escape',
    },
  },
};

/** Options of VitePress's local search, and the plugin that adds the reference, which is English, to what Japanese pages find. */
export function createSearch(): Search {
  const reference: Section[] = [];
  const options = {
    miniSearch,
    locales: { ja: { translations: JAPANESE } },
    // Called for each page with what is to be indexed. Pages of the reference are kept for the other language.
    _render(source: string, env: Env, markdown: Markdown): string {
      const html = markdown.render(source, env);
      if (env.frontmatter?.search === false) return '';
      if (env.relativePath.startsWith('api/')) reference.push(...sections(html, env.relativePath));
      return html;
    },
  };
  const plugin = {
    name: 'rx-sora:reference-in-every-language',
    transform(code: string, id: string) {
      if (id !== '/@localSearchIndexja') return null;
      const saved = JSON.parse(code.slice('export default '.length)) as string;
      const index = MiniSearch.loadJSON<Section>(saved, {
        fields: ['title', 'titles', 'text'],
        storeFields: ['title', 'titles'],
        ...miniSearch.options,
      });
      for (const section of reference) if (!index.has(section.id)) index.add(section);
      return { code: `export default ${JSON.stringify(JSON.stringify(index))}`, map: null };
    },
  };
  return { options, plugin };
}

const HEADING = /<h(\d)[^>]*?>(.*?)<a[^>]* href="#([^"]*)"[^>]*>.*?<\/a><\/h\1>/g;
const textOf = (html: string): string => html.replaceAll(/<[^>]*>/g, '').trim();

/** The sections of a page, as VitePress cuts them. */
function sections(html: string, page: string): readonly Section[] {
  const heads = [...html.matchAll(HEADING)];
  const titles: string[] = [];
  return heads.map((head, index) => {
    const [whole, level, title = '', anchor = ''] = head;
    titles.length = Number(level) - 1;
    titles.push(textOf(title));
    const end = heads[index + 1]?.index ?? html.length;
    return {
      id: `/${page.replace(/(^|\/)index\.md$/, '$1').replace(/\.md$/, '.html')}#${anchor}`,
      title: textOf(title),
      // A level that is left out leaves a hole.
      titles: titles.slice(0, -1).filter(Boolean),
      text: textOf(html.slice(head.index + whole.length, end)),
    };
  });
}
