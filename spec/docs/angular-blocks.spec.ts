import '../angular/support/test-bed.ts';
import * as angularCore from '@angular/core';
import { TestBed } from '@angular/core/testing';
import * as rxjs from 'rxjs';
import * as rxjsTesting from 'rxjs/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';
import * as angular from '../../src/angular/index.ts';
import * as core from '../../src/index.ts';
import * as testing from '../../src/testing/index.ts';
import { type CodeBlock, codeBlocks } from './support/markdown.ts';
import { runBlock } from './support/run-block.ts';

/** The blocks of this page need a document and a TestBed, which those of other pages must not find. */
const PAGE = 'docs/guide/testing-angular.md';

const modules = {
  '@angular/core': angularCore,
  '@angular/core/testing': { TestBed },
  'rx-sora': core,
  'rx-sora/angular': angular,
  'rx-sora/testing': testing,
  rxjs,
  'rxjs/testing': rxjsTesting,
};

const blocks = codeBlocks(PAGE);
const fileOf = ({ mark }: CodeBlock): string | undefined => /^file: (.+)$/.exec(mark ?? '')?.[1];

afterEach(() => {
  TestBed.resetTestingModule();
  vi.useRealTimers();
});

const files = await Promise.all(
  blocks
    .filter((block) => fileOf(block) !== undefined)
    .map(async (block) => [`./${fileOf(block) ?? ''}`, (await runBlock(block, modules)).exports] as const),
);

for (const block of blocks.filter(({ mark }) => mark === 'run')) {
  const { tests } = await runBlock(block, { ...modules, ...Object.fromEntries(files) });
  describe(`${block.page}:${block.line}`, () => {
    test('has a test', () => {
      expect(tests).not.toEqual([]);
    });
    for (const { name, run } of tests) {
      test(name, async () => {
        await run();
      });
    }
  });
}
