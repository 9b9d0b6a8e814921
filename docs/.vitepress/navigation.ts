// The order in which the site offers its pages. A page that does not exist yet is left out; one that stands in no group fails a spec.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export type Language = 'en' | 'ja';

export interface Group {
  readonly en: string;
  readonly ja: string;
  /** Paths in the site, without language and extension. */
  readonly pages: readonly string[];
}

interface Link {
  readonly text: string;
  readonly link: string;
}

interface Section {
  text: string;
  link?: string;
  collapsed?: boolean;
  items: (Link | Section)[];
}

/** Pages for those who use the packages, by what they are looking for. */
export const GUIDES: readonly Group[] = [
  { en: 'Start', ja: 'はじめに', pages: ['guide/getting-started', 'guide/why-observables', 'guide/comparison', 'guide/migrating'] },
  {
    en: 'Sessions',
    ja: 'セッション',
    pages: ['guide/how-a-session-ends', 'guide/connecting', 'guide/reconnecting', 'guide/rxjs-pitfalls', 'guide/security'],
  },
  {
    en: 'Media',
    ja: 'メディア',
    pages: ['guide/media', 'guide/devices', 'guide/simulcast-and-spotlight', 'guide/statistics', 'guide/health'],
  },
  { en: 'Messages', ja: 'メッセージ', pages: ['guide/messaging', 'guide/rpc'] },
  { en: 'Platforms', ja: '環境', pages: ['guide/angular', 'guide/angular-example', 'guide/node', 'guide/safari-and-mobile'] },
  { en: 'Testing', ja: 'テスト', pages: ['guide/testing', 'guide/testing-angular', 'guide/lab'] },
  { en: 'In production', ja: '運用', pages: ['guide/troubleshooting', 'guide/reporting-ends', 'telemetry', 'guide/inspector'] },
];

/** Pages to look things up in. */
export const REFERENCE: Group = {
  en: 'Reference',
  ja: 'リファレンス',
  pages: ['api/index', 'termination', 'packages/lab', 'packages/inspector'],
};

/** Pages for those who work on the project. */
export const PROJECT: Group = {
  en: 'Project',
  ja: 'プロジェクト',
  pages: [
    'project/contributing',
    'project/architecture',
    'project/decisions',
    'project/parity',
    'project/fault-matrix',
    'project/benchmark',
    'project/stopwatch',
    'project/changelog',
    'packages/lab-changelog',
    'packages/inspector-changelog',
    'project/security-policy',
    'project/code-of-conduct',
    'documents',
  ],
};

/** Where the title of a page would not tell what it is. */
const SHORT: Readonly<Record<string, string>> = {
  'packages/lab-changelog': 'Changelog of the lab',
  'packages/inspector-changelog': 'Changelog of the inspector',
  termination: 'How a session ends: the contract',
};

const inLanguage = (language: Language, page: string): string => (language === 'ja' ? `ja/${page}` : page);

const titleOf = (text: string): string => (/^# (.+)$/m.exec(text)?.[1] ?? '').replaceAll('`', '').trim();

interface Navigation {
  readonly guides: (language: Language) => Section[];
  readonly further: (group: Group, language: Language) => Section;
  /** One link with a text of its own, or none where there is no such page. */
  readonly only: (text: string, page: string) => Link[];
  /** Pages that have a counterpart in the other language. */
  readonly translated: readonly string[];
  readonly sidebar: Readonly<Record<string, (Link | Section)[]>>;
}

/** The navigation over the pages in a folder. */
export function navigation(folder: string): Navigation {
  const read = (page: string): string => readFileSync(join(folder, `${page}.md`), 'utf8');
  const exists = (page: string): boolean => existsSync(join(folder, `${page}.md`));
  const link = (page: string): string => `/${page.replace(/(^|\/)index$/, '$1')}`;
  const item = (page: string): Link => ({ text: SHORT[page] ?? titleOf(read(page)), link: link(page) });
  const items = (pages: readonly string[]): Link[] => pages.filter(exists).map(item);

  const guides = (language: Language): Section[] =>
    GUIDES.map((group) => ({ text: group[language], items: items(group.pages.map((page) => inLanguage(language, page))) })).filter(
      (group) => group.items.length > 0,
    );
  const further = (group: Group, language: Language): Section => {
    const best = group.pages.map((page) => (exists(inLanguage(language, page)) ? inLanguage(language, page) : page));
    return { text: group[language], items: items(best) };
  };
  const entries = readdirSync(join(folder, 'api'), { withFileTypes: true })
    .filter((found) => found.isDirectory())
    .map(({ name }) => name);

  return {
    guides,
    further,
    only: (text, page) => (exists(page) ? [{ text, link: link(page) }] : []),
    translated: ['index', ...[...GUIDES, REFERENCE, PROJECT].flatMap(({ pages }) => pages)].filter(
      (page) => exists(page) && exists(`ja/${page}`),
    ),
    sidebar: {
      ...Object.fromEntries(entries.map((entry) => [`/api/${entry}/`, namesOf(folder, entry, titleOf(read(`api/${entry}/index`)))])),
      '/api/': entries.map((entry) => item(`api/${entry}/index`)),
      '/project/': [further(PROJECT, 'en'), further(REFERENCE, 'en')],
      '/packages/': [further(REFERENCE, 'en'), further(PROJECT, 'en')],
      '/ja/': [...guides('ja'), further(REFERENCE, 'ja'), further(PROJECT, 'ja')],
      '/': [...guides('en'), further(REFERENCE, 'en'), further(PROJECT, 'en')],
    },
  };
}

const SORTS = [
  ['Functions', 'functions'],
  ['Variables', 'variables'],
  ['Classes', 'classes'],
  ['Interfaces', 'interfaces'],
  ['Types', 'type-aliases'],
] as const;

/** The names of an entry point by sort. Types are many and folded. */
function namesOf(folder: string, entry: string, title: string): Section[] {
  const groups = SORTS.flatMap(([text, sort]): Section[] => {
    const path = join(folder, 'api', entry, sort);
    if (!existsSync(path)) return [];
    const names = readdirSync(path).map((name) => name.slice(0, -3));
    names.sort((one, other) => one.localeCompare(other, 'en'));
    return [
      {
        text,
        // With a link of its own, the heading is no button around the button that folds the group.
        link: `/api/${entry}/#${sort}`,
        collapsed: text === 'Interfaces' || text === 'Types',
        items: names.map((name) => ({ text: name, link: `/api/${entry}/${sort}/${name}` })),
      },
    ];
  });
  return [
    { text: 'Reference', link: '/api/', items: [] },
    { text: title, link: `/api/${entry}/`, items: groups },
  ];
}
