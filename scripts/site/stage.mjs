// Copies the pages into the folder from which the site is built, with their links rewritten to where the pages lie there.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { anchors, headings, isNamedPage, readPage } from '../../spec/docs/support/markdown.ts';
import { ROOT } from '../packages.mjs';
import { drawDiagram } from './draw-graph.mjs';
import { placeInSite, sitePages, wayTo } from './site-map.mjs';

export const STAGED = join(ROOT, 'docs/.vitepress/pages');

/** Returns the places of the staged pages in the site. */
export function stagePages() {
  rmSync(STAGED, { recursive: true, force: true });
  const known = new Set(sitePages());
  return [...known].map((page) => {
    const place = placeInSite(page);
    writeStaged(
      place,
      outsideCode(readPage(page), (text) => rewriteLinks(text, page, place, known)),
    );
    return place;
  });
}

export function writeStaged(place, text) {
  mkdirSync(dirname(join(STAGED, place)), { recursive: true });
  writeFileSync(join(STAGED, place), text);
}

/** Changes the prose of a page and leaves fenced blocks as they are, but for diagrams, which are drawn. */
function outsideCode(text, change) {
  return text
    .split(/(^[ ]*```[\s\S]*?^[ ]*```$)/m)
    .map((part, index) => (index % 2 === 0 ? change(part) : drawn(part)))
    .join('');
}

function drawn(block) {
  const [, source] = /^```mermaid\n([\s\S]*)```$/.exec(block) ?? [];
  return source === undefined ? block : `<figure class="drawing" tabindex="0" v-pre>${drawDiagram(source)}</figure>`;
}

/**
 * Links to pages lead to their place in the site; a link to any other file of the repository becomes its text. A page that is named by its
 * path, as one that is not in the package, becomes a link with its title.
 */
function rewriteLinks(text, page, place, known) {
  return text.replaceAll(
    /(!?)\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)|`([^`\n]+)`( in the repository)?/g,
    (whole, image, words, target, code) => {
      if (code !== undefined) return isNamedPage(code) ? linkTo(code, place, known, titleOf(code), whole) : whole;
      if (/^[a-z]+:|^#/.test(target)) return whole;
      const [path, anchor] = target.split('#');
      const file = posix.normalize(posix.join(posix.dirname(page), path));
      if (image !== '') return inlineImage(file, words);
      return linkTo(anchor === undefined ? file : `${file}#${anchor}`, place, known, words);
    },
  );
}

/** A link to a page of the repository at its place in the site, or what stands for it where it has none. */
function linkTo(target, place, known, words, without = words) {
  const [file, anchor] = target.split('#');
  const aim = known.has(file) || /^README(-ja)?\.md$/.test(file) ? placeInSite(file) : null;
  return aim === null ? without : `[${words}](${wayTo(place, aim)}${anchor === undefined ? '' : `#${anchor}`})`;
}

/** The heading to which the path of a page leads. */
function titleOf(target) {
  const [file, anchor] = target.split('#');
  return headings(file)[anchor === undefined ? 0 : [...anchors(file)].indexOf(anchor)].title;
}

/** A drawing stands in the page itself, so that it follows the colours of the site; so does a screenshot, so that a page is one file. */
function inlineImage(file, words) {
  if (file.endsWith('.webp')) {
    const data = readFileSync(join(ROOT, file)).toString('base64');
    return `<img alt="${words.replaceAll('"', '&quot;')}" src="data:image/webp;base64,${data}">`;
  }
  const svg = readFileSync(join(ROOT, file), 'utf8')
    .replace(/^<\?xml[^>]*>\s*/, '')
    .replaceAll(/\n\s*/g, ' ')
    .trim();
  const label = words.replaceAll('"', '&quot;');
  return `<figure class="drawing" role="img" aria-label="${label}" v-pre>${svg}</figure>`;
}
