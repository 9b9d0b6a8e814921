// Which pages of the repository are in the site, and where. The repository keeps them where GitHub and editors expect them; the site sorts
// them by reader: guides and reference for those who use the packages, `project/` for those who work on them.
import { posix } from 'node:path';
import { pages } from '../../spec/docs/support/markdown.ts';

const MOVED = {
  'README.md': 'index.md',
  'README-ja.md': 'ja/index.md',
  'docs/README.md': 'documents.md',
  'docs/architecture.md': 'project/architecture.md',
  'docs/benchmark.md': 'project/benchmark.md',
  'docs/decisions.md': 'project/decisions.md',
  'docs/fault-matrix.md': 'project/fault-matrix.md',
  'docs/parity.md': 'project/parity.md',
  'docs/stopwatch.md': 'project/stopwatch.md',
  'CHANGELOG.md': 'project/changelog.md',
  'CODE_OF_CONDUCT.md': 'project/code-of-conduct.md',
  'CONTRIBUTING.md': 'project/contributing.md',
  'SECURITY.md': 'project/security-policy.md',
};

/** Where a page of the repository lies in the site, or null where it has no place there. */
export function placeInSite(page) {
  if (Object.hasOwn(MOVED, page)) return MOVED[page];
  if (page.startsWith('docs/')) return page.slice('docs/'.length);
  const [, name, file] = /^packages\/([\w-]+)\/([\w.-]+)\.md$/.exec(page) ?? [];
  if (name === undefined) return null;
  if (file === 'README.ja') return `ja/packages/${name}.md`;
  return file === 'README' ? `packages/${name}.md` : `packages/${name}-${file.toLowerCase()}.md`;
}

/** The pages whose text the site shows. The READMEs of the repository are not: the front page says the same. */
export const sitePages = () => pages().filter((page) => !/^README(-ja)?\.md$/.test(page) && placeInSite(page) !== null);

/** The way from one page of the site to another. */
export function wayTo(from, to) {
  const way = posix.relative(posix.dirname(from), to);
  return way.startsWith('.') ? way : `./${way}`;
}
