import ts from 'typescript';
import { ROOT, type CodeBlock } from './markdown.ts';

/** Languages that the compiler reads. */
const COMPILED: readonly string[] = ['ts', 'typescript', 'js', 'javascript'];

/** What every snippet may take for granted. */
const AMBIENT = `${ROOT}docs/snippets.d.ts`;

export const isCompiled = ({ language }: CodeBlock): boolean => COMPILED.includes(language);

/**
 * What the compiler has to say of blocks of code, each a module of its own, with the settings of this package and its own types. Nothing is
 * written: the blocks are files in memory.
 */
export function compile(blocks: readonly CodeBlock[]): readonly string[] {
  const { config } = ts.readConfigFile(`${ROOT}tsconfig.json`, (path) => ts.sys.readFile(path)) as { config: { compilerOptions: object } };
  // As bundlers resolve, which is how readers of these pages build, and the only way in which the types of the official SDK are found.
  const resolution = { module: 'ESNext', moduleResolution: 'Bundler', moduleDetection: 'force', incremental: false };
  const { options } = ts.convertCompilerOptionsFromJson({ ...config.compilerOptions, ...resolution }, ROOT);
  const files = new Map(blocks.map((block) => [pathOf(block), block]));
  const host = ts.createCompilerHost(options);
  const onDisk = {
    fileExists: host.fileExists.bind(host),
    readFile: host.readFile.bind(host),
    getSourceFile: host.getSourceFile.bind(host),
  };
  host.directoryExists = (name) => name.startsWith(FOLDER) || ts.sys.directoryExists(name);
  host.fileExists = (name) => files.has(name) || onDisk.fileExists(name);
  host.readFile = (name) => files.get(name)?.code ?? onDisk.readFile(name);
  host.getSourceFile = (name, languageVersionOrOptions, ...rest) => {
    const block = files.get(name);
    if (block === undefined) return onDisk.getSourceFile(name, languageVersionOrOptions, ...rest);
    const format = {
      ...(typeof languageVersionOrOptions === 'object' && languageVersionOrOptions),
      languageVersion: ts.ScriptTarget.ES2022,
      impliedNodeFormat: ts.ModuleKind.ESNext,
    } as const;
    return ts.createSourceFile(name, block.code, format, true);
  };
  const program = ts.createProgram([...files.keys(), AMBIENT], options, host);
  return [...files.keys(), AMBIENT].flatMap((name) => {
    const file = program.getSourceFile(name);
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return found.map(
      (diagnostic) => `${placeOf(diagnostic, files.get(name))} ${ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n  ')}`,
    );
  });
}

/** Where a block would lie: those of a page beside one another, so that one with a name can be imported. */
const FOLDER = `${ROOT}docs/blocks`;
const pathOf = ({ page, line, mark }: CodeBlock): string =>
  `${FOLDER}/${page.replaceAll('/', '-')}/${/^file: (\S+)$/.exec(mark ?? '')?.[1] ?? `${line}.ts`}`;

/** Page and line as an editor takes them. */
function placeOf({ file, start = 0 }: ts.Diagnostic, block: CodeBlock | undefined): string {
  const line = file?.getLineAndCharacterOfPosition(start).line ?? 0;
  return block === undefined ? `${file?.fileName ?? ''}:${line + 1}` : `${block.page}:${block.line + line + 1}`;
}
