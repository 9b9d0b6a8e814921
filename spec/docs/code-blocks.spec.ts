import assert from 'node:assert/strict';
import { describe, expect, test } from 'vitest';
import * as rxjs from 'rxjs';
import * as rxjsTesting from 'rxjs/testing';
import * as core from '../../src/index.ts';
import * as media from '../../src/media/index.ts';
import * as telemetry from '../../src/telemetry/index.ts';
import * as testing from '../../src/testing/index.ts';
import { compile, isCompiled } from './support/compile.ts';
import { type CodeBlock, codeBlocks, pages } from './support/markdown.ts';
import { expectPrinted, runBlock } from './support/run-block.ts';

/** A page in Japanese has the blocks of its English counterpart, which `languages.spec.ts` holds. */
const blocks = pages()
  .filter((page) => !page.startsWith('docs/ja/'))
  .flatMap((page) => codeBlocks(page));
const compiled = blocks.filter(isCompiled);

/** One that cannot compile, to see that the check can fail. */
const wrong: CodeBlock = {
  page: 'wrong.md',
  line: 7,
  language: 'ts',
  mark: null,
  code: "import { connect } from 'rx-sora';\n\nconnect({ channelId: 'room' });\n",
};

describe('blocks of code', () => {
  test('compile with the types of the package, all but the wrong one', { timeout: 180_000 }, () => {
    const found = compile([...compiled, wrong]);
    const ofWrong = found.filter((line) => line.startsWith('wrong.md'));
    expect(found.filter((line) => !ofWrong.includes(line))).toEqual([]);
    expect(ofWrong).toHaveLength(1);
    expect(ofWrong[0]).toMatch(/^wrong\.md:10 .*'ConnectOptions'[^]*signalingUrl, role/);
  });

  test('have a language, and a mark that means something', () => {
    expect(blocks.filter(({ language }) => language === '').map(({ page, line }) => `${page}:${line}`)).toEqual([]);
    const marks = blocks
      .map(({ mark }) => mark)
      .filter((mark) => mark !== null && !/^(run|run: lab|output|file: [\w/-]+\.ts|printed: [\w-]+)$/.test(mark));
    expect(marks).toEqual([]);
  });
});

/** Blocks that need nothing but the fakes; those that need a server are run in `spec/e2e/docs`. */
const modules = {
  'rx-sora': core,
  'rx-sora/media': media,
  'rx-sora/telemetry': telemetry,
  'rx-sora/testing': testing,
  rxjs,
  'rxjs/testing': rxjsTesting,
  'node:assert/strict': assert,
};

/** Those that render components are run in `angular-blocks.spec.ts`. */
const WITH_COMPONENTS = 'docs/guide/testing-angular.md';

for (const [index, block] of blocks.entries()) {
  if (block.mark !== 'run' || block.page === WITH_COMPONENTS) continue;
  const files = blocks.filter(({ page, mark }) => page === block.page && mark?.startsWith('file: '));
  const beside = await Promise.all(
    files.map(async (file) => [`./${file.mark?.slice(6) ?? ''}`, (await runBlock(file, modules)).exports] as const),
  );
  const { printed, tests } = await runBlock(block, { ...modules, ...Object.fromEntries(beside) });
  const shown = blocks[index + 1];
  describe(`${block.page}:${block.line}`, () => {
    for (const { name, run } of tests) {
      test(name, async () => {
        await run();
      });
    }
    test('runs, and prints what the page shows', () => {
      if (shown?.mark === 'output') expectPrinted(printed, shown.code);
      expect(tests.length > 0 || printed.length > 0).toBe(true);
    });
  });
}
