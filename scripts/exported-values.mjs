// Compares the values that the declarations of every entry export with those of its JavaScript: an import that compiles must not be undefined.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { FOLDERS } from './packages.mjs';

let failed = 0;
for (const folder of FOLDERS) {
  const { name, exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  for (const [entry, target] of Object.entries(exports)) {
    if (typeof target !== 'object') continue;
    const declared = valuesOf(join(folder, target.types));
    const real = Object.keys(await import(pathToFileURL(join(folder, target.default)).href));
    const onlyDeclared = declared.filter((each) => !real.includes(each));
    const onlyReal = real.filter((each) => !declared.includes(each));
    const same = onlyDeclared.length + onlyReal.length === 0;
    console.log(`${same ? 'ok  ' : 'FAIL'} ${name}${entry.slice(1)}: ${real.length} values`);
    if (same) continue;
    failed += 1;
    for (const each of onlyDeclared) console.error(`  ${each} is declared and is not in the JavaScript`);
    for (const each of onlyReal) console.error(`  ${each} is in the JavaScript and is not declared`);
  }
}
if (failed > 0) process.exit(1);

/** The names that a declaration file exports as values. */
function valuesOf(path) {
  const program = ts.createProgram([path], {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ESNext,
    skipLibCheck: true,
  });
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(path);
  const isTypeOnly = (symbol) => symbol.declarations?.some((declaration) => ts.isTypeOnlyImportOrExportDeclaration(declaration)) ?? false;
  const target = (symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol);
  return checker
    .getExportsOfModule(checker.getSymbolAtLocation(file))
    .filter((symbol) => !isTypeOnly(symbol) && (target(symbol).flags & ts.SymbolFlags.Value) !== 0)
    .map(({ name }) => name);
}
