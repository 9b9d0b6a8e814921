// Makes docs/parity.md from the names of the specs in spec/parity: feature, official SDK, here, spec.
// With --check nothing is written; a page that is not what the specs say is an error.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import ts from 'typescript';

const folder = 'spec/parity';
const page = 'docs/parity.md';

/** A problem in the specs, told with its place. */
class ParityError extends Error {}

/** The rows of one spec file: every call of `parity()` with its literal arguments. */
function rowsOf(file) {
  const path = `${folder}/${file}`;
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const rows = [];
  const place = (node) => `${path}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
  const text = (node) => {
    if (node !== undefined && ts.isStringLiteralLike(node)) return node.text;
    throw new ParityError(`${place(node ?? source)}: a literal text is expected`);
  };
  const visit = (node) => {
    if (ts.isCallExpression(node) && node.expression.getText(source) === 'parity') {
      const [section, feature, told] = node.arguments;
      if (told === undefined || !ts.isObjectLiteralExpression(told)) throw new ParityError(`${place(node)}: an object literal is expected`);
      const member = (name) => text(told.properties.find((property) => property.name?.getText(source) === name)?.initializer);
      rows.push({ section: text(section), feature: text(feature), official: member('official'), here: member('here'), path });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  if (rows.length === 0) throw new ParityError(`${path}: no row`);
  return rows;
}

const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function table(rows) {
  const lines = rows.map(
    ({ feature, official, here, path }) => `| ${[feature, official, here].map(cell).join(' | ')} | \`${basename(path, '.spec.ts')}\` |`,
  );
  return ['| feature | official SDK | here | spec |', '|---|---|---|---|', ...lines];
}

function parityPage(rows) {
  const seen = new Set();
  for (const { section, feature, path } of rows) {
    const name = `${section} · ${feature}`;
    if (seen.has(name)) throw new ParityError(`${path}: "${name}" is there twice`);
    seen.add(name);
  }
  const sections = Map.groupBy(rows, ({ section }) => section);
  return [
    '# Parity with the official JavaScript SDK',
    '',
    `Made by \`node scripts/parity.mjs\` from the names of the specs in \`${folder}\`: ${rows.length} features of sora-js-sdk 2026.1.0, what that SDK`,
    'does, what this one does, and the spec that proves it. Where the two differ by contract, the row says so.',
    ...[...sections].flatMap(([section, found]) => ['', `## ${section}`, '', ...table(found)]),
    '',
  ].join('\n');
}

const files = readdirSync(folder)
  .filter((file) => /^\d/.test(file) && file.endsWith('.spec.ts'))
  .sort();

try {
  const made = parityPage(files.flatMap(rowsOf));
  if (process.argv.includes('--check')) {
    const found = existsSync(page) ? readFileSync(page, 'utf8') : '';
    if (found !== made) throw new ParityError(`${page} is stale: run node scripts/parity.mjs`);
  } else writeFileSync(page, made);
} catch (error) {
  if (!(error instanceof ParityError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
