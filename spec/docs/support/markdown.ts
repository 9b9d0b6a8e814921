import { existsSync, globSync, readFileSync, readdirSync } from 'node:fs';

export const ROOT: string = new URL('../../../', import.meta.url).pathname;

/** A fenced block of code. */
export interface CodeBlock {
  readonly page: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
  /** First word of the info string: `ts`, `bash`, `text` … */
  readonly language: string;
  /** What the comment right above the block says of it: `run`, `run: lab`, `output`, `file: banner.ts`. */
  readonly mark: string | null;
  readonly code: string;
}

/** A part of a page that is printed from the source: what stands between `<!-- printed: name -->` and `<!-- end -->`. */
export const PRINTED: RegExp = /(<!-- printed: ([\w-]+) -->\n)([\s\S]*?)(<!-- end -->)/g;

/** Every page for readers. What the site is built from is not one: it is copied from these, and from the docstrings. */
export function pages(): readonly string[] {
  const top = readdirSync(ROOT).filter((name) => name.endsWith('.md'));
  const docs = readdirSync(`${ROOT}docs`, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.md') && !name.startsWith('.vitepress/'),
  );
  const packages = globSync('packages/*/*.md', { cwd: ROOT });
  return [...top, ...docs.map((name) => `docs/${name}`), ...packages].sort();
}

export const readPage = (page: string): string => readFileSync(ROOT + page, 'utf8');

/** The fenced blocks of a page, in order. */
export function codeBlocks(page: string, text: string = readPage(page)): readonly CodeBlock[] {
  const lines = text.split('\n');
  const blocks: CodeBlock[] = [];
  let open: {
    readonly line: number;
    readonly indent: string;
    readonly fence: string;
    readonly language: string;
    readonly mark: string | null;
  } | null = null;
  let code: string[] = [];
  for (const [index, line] of lines.entries()) {
    const [, indent = '', fence = '', info = ''] = /^(\s*)(`{3,})(.*)$/.exec(line) ?? [];
    if (open === null) {
      if (fence === '') continue;
      open = { line: index + 1, indent, fence, language: info.trim().split(/\s+/)[0] ?? '', mark: markAbove(lines, index) };
      code = [];
    } else if (fence === open.fence && info.trim() === '') {
      const { line: opened, language, mark } = open;
      blocks.push({ page, line: opened, language, mark, code: `${code.join('\n')}\n` });
      open = null;
    } else code.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line);
  }
  if (open !== null) throw new Error(`${page}:${open.line} is never closed`);
  return blocks;
}

function markAbove(lines: readonly string[], index: number): string | null {
  const above = lines.slice(0, index).findLast((line) => line.trim() !== '') ?? '';
  return /^\s*<!-- (.+) -->$/.exec(above)?.[1] ?? null;
}

/** A page without its blocks of code. */
export function prose(page: string, text: string = readPage(page)): string {
  const lines = text.split('\n');
  for (const { line, code } of codeBlocks(page, text)) lines.fill('', line - 1, line + code.split('\n').length);
  return lines.join('\n');
}

/** Headings with their level, as they stand. */
export function headings(page: string, text?: string): readonly { readonly level: number; readonly title: string }[] {
  return [...prose(page, text).matchAll(/^(#{1,6}) (.+)$/gm)].map(([, marks = '', title = '']) => ({
    level: marks.length,
    title: title.trim(),
  }));
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchors(page: string, text?: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  return new Set(
    headings(page, text).map(({ title }) => {
      const plain = title.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1');
      const slug = plain
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\p{M}\p{Pc} -]/gu, '')
        .replaceAll(' ', '-');
      const count = seen.get(slug) ?? 0;
      seen.set(slug, count + 1);
      return count === 0 ? slug : `${slug}-${count}`;
    }),
  );
}

/** Where the links of a page lead, those to other sites left out. */
export function links(page: string, text?: string): readonly string[] {
  return [...prose(page, text).matchAll(/\[[^\]]*\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** What stands in backticks in the prose of a page. */
export function codeSpans(page: string): readonly string[] {
  return [...prose(page).matchAll(/(?<!`)`([^`\n]+)`(?!`)/g)].map(([, span = '']) => span);
}

/**
 * A page that is named by its path in the repository, `docs/decisions.md#one-node-for-everybody`, where a link would lead nowhere in a package.
 * The site makes a link of it.
 */
const NAMED_PAGE = /^(?:[\w.-]+\/)*[\w.-]+\.md(?:#[^\s#]+)?$/;

/** The pages that a page names by their path, with their anchors. */
export function namedPages(page: string): readonly string[] {
  return [...prose(page).matchAll(/(?<![`[])`([^`\n]+)`(?![`\]])/g)].map(([, span = '']) => span).filter(isNamedPage);
}

/** Whether a word of code is the path of a page. */
export function isNamedPage(span: string): boolean {
  return NAMED_PAGE.test(span) && (span.includes('/') || existsSync(ROOT + (span.split('#')[0] ?? '')));
}

/** The rows of the tables below a heading, cell by cell, heads left out. */
export function tableRows(page: string, heading: string): readonly (readonly string[])[] {
  const [, section = ''] = prose(page).split(new RegExp(`^#+ ${heading}$`, 'm'));
  return (section.split(/^#+ /m)[0] ?? '')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .filter((line, index, all) => !/^\|[\s|:-]+\|$/.test(line) && !/^\|[\s|:-]+\|$/.test(all[index + 1] ?? ''))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}
