// Builds the site into docs/.vitepress/dist, offline: stages the pages, writes the reference, lets VitePress build them, and looks at the
// result as a reader would. Fails on a dead link, a dead anchor, and a page that nobody finds.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vitepress';
import { ROOT } from './packages.mjs';
import { checkSite } from './site/check-site.mjs';
import { writeLlmsTxt } from './site/llms-txt.mjs';
import { writeReference } from './site/reference.mjs';
import { stagePages } from './site/stage.mjs';

export const DIST = join(ROOT, 'docs/.vitepress/dist');

stagePages();
await writeReference();
rmSync(DIST, { recursive: true, force: true });
await build(join(ROOT, 'docs'));
writeLlmsTxt(DIST);
const versions = JSON.parse(readFileSync(join(ROOT, 'docs/.vitepress/versions.json'), 'utf8'));
const others = versions.map(({ link }) => link).filter((link) => link !== '/');
const { pages, found } = checkSite(DIST, process.env['SITE_BASE'] ?? '/', others);
for (const line of found) console.error(line);
console.log(`${pages} pages in docs/.vitepress/dist; npm run docs:serve shows them`);
process.exit(found.length === 0 ? 0 : 1);
