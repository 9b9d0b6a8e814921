// Prints the parts of the documents that come from the source: the tables of ends, the limits, the diagram of imports. A spec fails while a
// page says something else. Needs a Node that runs TypeScript.
import { writeFileSync } from 'node:fs';
import { pages, readPage, ROOT } from '../spec/docs/support/markdown.ts';
import { printInto } from '../spec/docs/support/printed.ts';

for (const page of pages()) {
  const text = readPage(page);
  const printed = printInto(text);
  if (printed === text) continue;
  writeFileSync(ROOT + page, printed);
  console.log(`printed ${page}`);
}
