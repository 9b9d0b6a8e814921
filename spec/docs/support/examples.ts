import { globSync, readFileSync } from 'node:fs';
import { type CodeBlock, ROOT } from './markdown.ts';

/** The example in the docstring of an exported name. */
export interface Example {
  /** Path from the root. */
  readonly file: string;
  readonly line: number;
  readonly name: string;
  readonly code: string;
}

const EXAMPLE = /^ \* @example\n \* ```ts\n((?: \*.*\n)*?) \* ```$/gm;

/** Every example of a folder's source, in order. */
export function examplesIn(folder: string): readonly Example[] {
  return globSync(`${folder}/**/*.ts`, { cwd: ROOT })
    .sort()
    .flatMap((file) => {
      const text = readFileSync(ROOT + file, 'utf8');
      return [...text.matchAll(EXAMPLE)].map(({ 0: whole, 1: lines = '', index }): Example => {
        const [, name = ''] =
          /^export (?:async )?(?:abstract )?(?:function|const|class) (\w+)/m.exec(text.slice(index + whole.length)) ?? [];
        return { file, line: text.slice(0, index).split('\n').length + 1, name, code: lines.replaceAll(/^ \* ?/gm, '') };
      });
    });
}

/** Where a name comes from: modules with the names of their values, and with those of their types. */
export type Names = ReadonlyMap<string, { readonly values: readonly string[]; readonly types: readonly string[] }>;

/** The types that an entry point exports, read from its source. */
export const typesOf = (entry: string): readonly string[] => [
  ...new Set(
    [...readFileSync(ROOT + entry, 'utf8').matchAll(/\btype (\w+)|(?<=\bexport type \{[^}]*)\b(\w+)\b/g)].map(
      ([, one, other]) => one ?? other ?? '',
    ),
  ),
];

/** A docstring need not say what everybody can guess: names of the packages are imported here. The example keeps the line it begins on. */
export function asModule({ file, line, code }: Example, names: Names): CodeBlock {
  const used = new Set(code.match(/(?<![.\w$'])[A-Za-z]\w*(?![\w]*['-])/g));
  const declared = new Set(
    [...code.matchAll(/\b(?:const|function) (?:\{([^}]*)\}|\[([^\]]*)\]|([\w$]+))/g)].flatMap(
      ([, ...found]) => found.join(' ').match(/[\w$]+/g) ?? [],
    ),
  );
  const wanted = (all: readonly string[]): readonly string[] => all.filter((name) => used.has(name) && !declared.has(name));
  const taken = new Set<string>();
  const imports = [...names].flatMap(([module, { values, types }]) => {
    const found = [
      ...wanted(values),
      ...wanted(types)
        .filter((name) => !values.includes(name))
        .map((name) => `type ${name}`),
    ].filter((name) => !taken.has(name));
    for (const name of found) taken.add(name);
    return found.length === 0 ? [] : [`import { ${found.join(', ')} } from '${module}';`];
  });
  return { page: file, line: line - 1, language: 'ts', mark: null, code: `${imports.join(' ')} export {};\n${code}` };
}
