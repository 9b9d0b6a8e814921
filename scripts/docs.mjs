// Prints the parts of the documents that come from the source: the tables of ends, the limits, the diagram of imports. A spec fails while a
// page says something else. Needs a Node that runs TypeScript.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { pages, readPage, ROOT } from '../spec/docs/support/markdown.ts';
import { pictures } from '../spec/docs/support/pictures.ts';
import { printInto } from '../spec/docs/support/printed.ts';

for (const page of pages()) {
  const text = readPage(page);
  const printed = printInto(text);
  if (printed === text) continue;
  writeFileSync(ROOT + page, printed);
  console.log(`printed ${page}`);
}

for (const [path, picture] of pictures()) {
  if (existsSync(ROOT + path) && readFileSync(ROOT + path, 'utf8') === picture) continue;
  mkdirSync(dirname(ROOT + path), { recursive: true });
  writeFileSync(ROOT + path, picture);
  console.log(`drew ${path}`);
}
