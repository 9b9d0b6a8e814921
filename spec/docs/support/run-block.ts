import { format } from 'node:util';
import { ReplaySubject, firstValueFrom, skip } from 'rxjs';
import ts from 'typescript';
import { expect, vi } from 'vitest';
import type { CodeBlock } from './markdown.ts';

/** A test that a block of code defines. */
export interface DefinedTest {
  readonly name: string;
  readonly run: () => unknown;
}

/** What came of a block. */
export interface Ran {
  /** What it printed, a line each. */
  readonly printed: string[];
  /** The tests that it defines, whatever its runner is called. */
  readonly tests: readonly DefinedTest[];
  readonly exports: object;
  /** The next line that nobody has asked for yet, once it is printed. */
  readonly nextLine: () => Promise<string>;
}

type Modules = Readonly<Record<string, unknown>>;

// eslint-disable-next-line @typescript-eslint/require-await -- only its constructor is wanted
const AsyncFunction = (async () => undefined).constructor as new (...parameters: string[]) => (...values: unknown[]) => Promise<void>;

/**
 * Runs a block of code as the module it is, with its imports taken from `modules` and its `console` listened to. Test runners are played: what
 * a block hands to `test` is collected.
 */
export async function runBlock({ code, page, line }: CodeBlock, modules: Modules): Promise<Ran> {
  const printed: string[] = [];
  const lineSubject = new ReplaySubject<string>(Infinity);
  const tests: DefinedTest[] = [];
  const test = (name: string, run: () => unknown): void => {
    tests.push({ name, run });
  };
  const runner = { test, it: test, expect, vi, describe: (_: string, define: () => void) => define() };
  const known: Modules = { vitest: runner, '@jest/globals': runner, 'node:test': runner, ...modules };
  const required = (name: string): unknown => {
    if (known[name] === undefined) throw new Error(`${page}:${line} imports ${name}, which is not at hand here`);
    return known[name];
  };
  const listened = {
    ...console,
    log: (...words: unknown[]) => {
      for (const each of format(...words).split('\n')) {
        printed.push(each);
        lineSubject.next(each);
      }
    },
  };
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
  });
  const exports = {};
  await new AsyncFunction('require', 'exports', 'console', outputText)(required, exports, listened);
  let asked = 0;
  return { printed, tests, exports, nextLine: () => firstValueFrom(lineSubject.pipe(skip(asked++))) };
}

/** Words that differ from one run to the next are written as what they are. */
export function steady(line: string): string {
  return line
    .replaceAll(/\b\d+(\.\d+)? ms\b/g, 'N ms')
    .replaceAll(/\b[0-9A-HJKMNP-TV-Z]{26}\b/g, 'CONNECTION-ID')
    .trimEnd();
}

/** What a block printed is what the page shows below it; a line `…` stands for any number of lines. */
export function expectPrinted(printed: readonly string[], shown: string): void {
  const pattern = shown
    .trimEnd()
    .split('\n')
    .map((line) => (line.trim() === '…' ? '(?:.*\\n)*?' : `${escaped(steady(line))}\\n`))
    .join('');
  expect(`${printed.map(steady).join('\n')}\n`).toMatch(new RegExp(`^${pattern}$`));
}

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
