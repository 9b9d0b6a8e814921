// How many lines of examples/angular stand between Angular and the SDK. They are all in one file: no other but a spec, and
// the example of marble tests that `ng test` gets a copy of, may import values of the SDK or of RxJS.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { ROOT } from './packages.mjs';

const MAX_LINES = 40;
const APP = join(ROOT, 'examples/angular/src');
const GLUE = 'app/sora.ts';

const parsed = (file) => ts.createSourceFile(file, readFileSync(join(APP, file), 'utf8'), ts.ScriptTarget.Latest, true);

/** Whether an import is erased by the compiler. */
const isTypeOnly = ({ importClause }) =>
  importClause?.isTypeOnly === true ||
  (importClause?.name === undefined && (importClause?.namedBindings?.elements?.every(({ isTypeOnly: each }) => each) ?? false));

const others = globSync('**/*.ts', { cwd: APP }).filter((file) => file !== GLUE && !/\.spec\.ts$|^marble-test\//.test(file));
const foreign = others.filter((file) =>
  parsed(file).statements.some(
    (each) => ts.isImportDeclaration(each) && /^(rx-sora|rxjs)($|\/)/.test(each.moduleSpecifier.text) && !isTypeOnly(each),
  ),
);
if (foreign.length > 0) {
  console.error(`examples/angular: glue outside ${GLUE}: ${foreign.join(', ')}`);
  process.exit(1);
}

/** Lines with a token on them: neither empty nor a comment. Imports count. */
function linesOfCode(file) {
  const lines = new Set();
  const line = (position) => file.getLineAndCharacterOfPosition(position).line;
  const visit = (node) => {
    if (node.getChildCount(file) === 0 && node.getWidth(file) > 0)
      for (let each = line(node.getStart(file)); each <= line(node.end); each += 1) lines.add(each);
    node.getChildren(file).forEach(visit);
  };
  visit(file);
  return lines.size;
}

const count = linesOfCode(parsed(GLUE));
console.log(`${count <= MAX_LINES ? 'ok  ' : 'FAIL'} examples/angular: ${count} lines between Angular and the SDK, at most ${MAX_LINES}`);
if (count > MAX_LINES) process.exit(1);
