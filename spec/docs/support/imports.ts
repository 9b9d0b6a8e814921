import { readFileSync, readdirSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import ts from 'typescript';
import { ROOT } from './markdown.ts';

/** One import of one file of a package's `src` by another, or of a package. */
export interface Import {
  /** Path below `src`. */
  readonly from: string;
  /** Path below `src`, or the name of a package. */
  readonly to: string;
  readonly isPackage: boolean;
  readonly typesOnly: boolean;
}

const found = new Map<string, readonly Import[]>();

/** Every import in `src`, or in the source of another package; read once. */
export function importsOfSource(folder = 'src'): readonly Import[] {
  const imports = found.get(folder) ?? readImports(`${ROOT}${folder}`);
  found.set(folder, imports);
  return imports;
}

function readImports(src: string): readonly Import[] {
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .flatMap((from) => {
      const path = `${src}/${from}`;
      const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest);
      return file.statements.flatMap((statement) => {
        if (!(ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement))) return [];
        if (statement.moduleSpecifier === undefined || !ts.isStringLiteral(statement.moduleSpecifier)) return [];
        const { text } = statement.moduleSpecifier;
        const isPackage = !text.startsWith('.');
        return [{ from, to: isPackage ? text : relative(src, resolve(dirname(path), text)), isPackage, typesOnly: isTypesOnly(statement) }];
      });
    });
}

function isTypesOnly(statement: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(statement)) {
    const { exportClause, isTypeOnly } = statement;
    return (
      isTypeOnly ||
      (exportClause !== undefined && ts.isNamedExports(exportClause) && exportClause.elements.every((each) => each.isTypeOnly))
    );
  }
  const { importClause } = statement;
  if (importClause === undefined) return false;
  if (importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const { name, namedBindings } = importClause;
  return (
    name === undefined &&
    namedBindings !== undefined &&
    ts.isNamedImports(namedBindings) &&
    namedBindings.elements.every((each) => each.isTypeOnly)
  );
}

/** The room of a file: its folder, or the file itself where it lies in `src`. */
export const roomOf = (path: string): string => (path.includes('/') ? (path.split('/')[0] ?? path) : path);

/** Who imports whom among the rooms: solid where values are imported, dotted where only types are. */
export function importDiagram(imports: readonly Import[]): string {
  const edges = new Map<string, { readonly from: string; readonly to: string; typesOnly: boolean }>();
  for (const { from, to, isPackage, typesOnly } of imports) {
    const [one, other] = [roomOf(from), roomOf(to)];
    if (isPackage || one === other) continue;
    const edge = edges.get(`${one} ${other}`) ?? { from: one, to: other, typesOnly: true };
    edge.typesOnly &&= typesOnly;
    edges.set(`${one} ${other}`, edge);
  }
  const id = (room: string): string => room.replace(/\.ts$/, '');
  const rooms = [...new Set([...edges.values()].flatMap(({ from, to }) => [from, to]))].sort();
  const lines = [...edges.values()]
    .sort((a, b) => (a.from === b.from ? a.to.localeCompare(b.to) : a.from.localeCompare(b.from)))
    .map(({ from, to, typesOnly }) => `  ${id(from)} ${typesOnly ? '-.->' : '-->'} ${id(to)}`);
  const names = rooms.map((room) => `  ${id(room)}["${room.endsWith('.ts') ? room : `${room}/`}"]`);
  return ['```mermaid', 'graph TD', ...names, ...lines, '```'].join('\n');
}

/** Circles of files that import values of one another, or types too, each as the way round. */
export function circles(imports: readonly Import[], count: 'values' | 'types too' = 'values'): readonly string[] {
  const next = new Map<string, string[]>();
  for (const { from, to, isPackage, typesOnly } of imports) {
    if (!isPackage && (!typesOnly || count === 'types too')) next.set(from, [...(next.get(from) ?? []), to]);
  }
  const found: string[] = [];
  const done = new Set<string>();
  function walk(file: string, way: readonly string[]): void {
    if (way.includes(file)) found.push([...way.slice(way.indexOf(file)), file].join(' -> '));
    if (done.has(file)) return;
    done.add(file);
    for (const target of next.get(file) ?? []) walk(target, [...way, file]);
  }
  for (const file of next.keys()) walk(file, []);
  return found;
}
