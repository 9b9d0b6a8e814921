import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';

const folder = new URL('../../examples/call/', import.meta.url);
const source = (path: string): string => readFileSync(new URL(path, folder), 'utf8');

/** Lines that do something: no comments, no blank lines, no imports. */
function linesOf(text: string): readonly string[] {
  const withoutImports = text.replaceAll(/^import [^;]*;$/gm, '').replaceAll(/^\s*\/\*.*?\*\/$/gms, '');
  return withoutImports.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('//'));
}

test('examples/call has fewer than 30 lines between the SDK and the page', () => {
  const lines = linesOf(source('call.ts'));
  expect(lines.length).toBeGreaterThan(10);
  expect(lines.length).toBeLessThan(30);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(140);
});

test('a line is counted as one, whatever stands around it', () => {
  expect(linesOf("import {\n  a,\n} from 'b';\nimport c from 'd';\n\n// no\nconst e = 1;\n/** no */\nf();\n  // no\n")).toEqual([
    'const e = 1;',
    'f();',
  ]);
});

test('whatever else touches the page knows types of the SDK only', () => {
  const files = ['view.ts', ...readdirSync(new URL('view/', folder)).map((name) => `view/${name}`)];
  expect(files.length).toBeGreaterThan(5);
  for (const file of files) {
    const imports = [...source(file).matchAll(/^import (.*?) from '(.*)';$/gms)].filter(([, , from]) => from?.startsWith('rx-sora'));
    expect(
      imports.filter(([, names]) => !names?.startsWith('type ')),
      file,
    ).toEqual([]);
  }
});
