import * as rxjs from 'rxjs';
import * as rxjsTesting from 'rxjs/testing';
import ts from 'typescript';
import { afterEach, describe, expect, test, vi } from 'vitest';
import * as core from '../../src/index.ts';
import * as media from '../../src/media/index.ts';
import * as telemetry from '../../src/telemetry/index.ts';
import * as testing from '../../src/testing/index.ts';
import { compile } from './support/compile.ts';
import { setStage } from './support/example-stage.ts';
import { asModule, examplesIn, type Names, typesOf } from './support/examples.ts';
import { ROOT } from './support/markdown.ts';

const modules = {
  'rx-sora': core,
  'rx-sora/media': media,
  'rx-sora/testing': testing,
  'rx-sora/telemetry': telemetry,
  rxjs,
  'rxjs/testing': rxjsTesting,
};

const ENTRIES: Readonly<Record<string, string>> = {
  'rx-sora': 'src/index.ts',
  'rx-sora/media': 'src/media/index.ts',
  'rx-sora/testing': 'src/testing/index.ts',
  'rx-sora/telemetry': 'src/telemetry/index.ts',
};

/** A name that RxJS has as well is the one of this package, or of the stage. */
const names: Names = new Map(
  Object.entries(modules).map(([module, exports]) => {
    const entry = ENTRIES[module];
    return [module, { values: Object.keys(exports).filter((name) => name !== 'config'), types: entry === undefined ? [] : typesOf(entry) }];
  }),
);

/** Those of Angular stand in a class, which `spec/angular` has. */
const examples = examplesIn('src').filter(({ file }) => !file.startsWith('src/angular/'));

/** Compiled, not run: there is no AudioContext in Node, and no fake of one. `spec/e2e/browser` has it. */
const NOT_RUN: readonly string[] = ['audioLevel'];

const isFunction = (value: unknown): boolean => typeof value === 'function' && !/^class\b/.test(Function.prototype.toString.call(value));

describe('examples in docstrings', () => {
  test('every exported function has one', () => {
    const functions = Object.values(ENTRIES).flatMap((_, index) =>
      Object.entries(Object.values(modules)[index] ?? {}).flatMap(([name, value]) => (isFunction(value) ? [name] : [])),
    );
    const shown = new Set(examples.map(({ name }) => name));
    expect(functions.filter((name) => !shown.has(name))).toEqual([]);
  });

  test('compile', { timeout: 180_000 }, () => {
    expect(
      compile(
        examples.map((example) => asModule(example, names)),
        `${ROOT}docs/examples.d.ts`,
      ),
    ).toEqual([]);
  });
});

// eslint-disable-next-line @typescript-eslint/require-await -- only its constructor is wanted
const AsyncFunction = (async () => undefined).constructor as new (...parameters: string[]) => (...values: unknown[]) => Promise<void>;

describe('running', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  test.each(examples.filter(({ name }) => !NOT_RUN.includes(name)))('$file:$line, the example of $name', async ({ code }) => {
    const stage = setStage();
    for (const [name, value] of Object.entries(stage.globals)) vi.stubGlobal(name, value);
    const { outputText } = ts.transpileModule(code, { compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 } });
    // What the example declares itself takes the place of what it is given.
    const given = {
      ...Object.assign({}, ...Object.values(modules).reverse()),
      ...stage.values,
      console: { log: () => undefined },
    } as Record<string, unknown>;
    const run = new AsyncFunction('given', `with (given) { return (async () => {\n${outputText}\n})(); }`);
    const isOver = { now: false };
    const running = run(given).finally(() => (isOver.now = true));
    for (let tick = 0; tick < 50 && !isOver.now; tick += 1) {
      stage.answer();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(isOver.now).toBe(true);
    await running;
    await stage.close();
  });
});
