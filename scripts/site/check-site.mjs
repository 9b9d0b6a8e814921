// Looks at the built site as a reader does: every link leads to a page and, where it names one, to a heading, and every page is found within
// three clicks from a front page.
import { readFileSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';

const MAX_CLICKS = 3;
const FRONT_PAGES = ['index.html', 'ja/index.html'];
/** Shown by the server, not linked to. */
const UNLINKED = ['404.html'];

/** `elsewhere`: paths below which other versions of the site lie. */
export function checkSite(folder, base, elsewhere = []) {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const pages = new Map(files.filter((name) => name.endsWith('.html')).map((name) => [name, readPage(join(folder, name), name, base)]));
  const known = new Set(files);
  const dead = [...pages].flatMap(([page, { links }]) =>
    links
      .filter(({ href }) => !elsewhere.some((path) => href.startsWith(path)))
      .filter(({ target, anchor }) => !(pages.has(target) ? anchor === '' || pages.get(target).ids.has(anchor) : known.has(target)))
      .map(({ href }) => `${page}: dead link ${href}`),
  );
  const clicks = clicksTo(pages);
  const lost = [...pages.keys()]
    .filter((page) => !UNLINKED.includes(page) && !clicks.has(page))
    .map((page) => `${page}: no link leads here`);
  const far = [...clicks].filter(([, count]) => count > MAX_CLICKS).map(([page, count]) => `${page}: ${count} clicks from a front page`);
  const unnamed = [...pages].filter(([, { hasEmptyHead }]) => hasEmptyHead).map(([page]) => `${page}: a column of a table has no name`);
  return { pages: pages.size, found: [...new Set([...dead, ...lost, ...far, ...unnamed])] };
}

/** The links of a page to others of the site, the ids that can be linked to, and whether a head of a table is empty. */
function readPage(path, name, base) {
  const html = readFileSync(path, 'utf8');
  const ids = new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => decoded(id)));
  const links = [...html.matchAll(/<a\s[^>]*?href="([^"]*)"/g)]
    .map(([, href]) => decoded(href))
    .filter((href) => !/^[a-z]+:/.test(href))
    .map((href) => {
      const [path, anchor = ''] = href.split('#');
      return { href, target: fileOf(path, name, base), anchor: decodeURIComponent(anchor) };
    });
  return { ids, links, hasEmptyHead: /<th[^>]*>\s*<\/th>/.test(html) };
}

function fileOf(path, page, base) {
  if (path === '') return page;
  const absolute = path.startsWith('/') ? path.slice(base.length) : posix.join(posix.dirname(page), path);
  return absolute === '' || absolute.endsWith('/') ? `${absolute}index.html` : absolute;
}

const decoded = (text) =>
  text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** How many clicks lead from the nearest front page to each page. */
function clicksTo(pages) {
  const clicks = new Map(FRONT_PAGES.map((page) => [page, 0]));
  for (const [page, count] of clicks) {
    for (const { target } of pages.get(page)?.links ?? []) {
      if (pages.has(target) && !clicks.has(target)) clicks.set(target, count + 1);
    }
  }
  return clicks;
}
