import * as rxjs from 'rxjs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as werift from 'werift';
import * as ws from 'ws';
import * as core from '../../../src/index.ts';
import { type Lab, startLab } from '../../../packages/lab/src/index.ts';
import { type CodeBlock, codeBlocks, pages } from '../../docs/support/markdown.ts';
import { expectPrinted, runBlock, type Ran } from '../../docs/support/run-block.ts';

let lab: Lab;

beforeEach(async () => {
  lab = await startLab();
  // What a browser has and Node has not.
  vi.stubGlobal('RTCPeerConnection', werift.RTCPeerConnection);
  vi.stubGlobal('WebSocket', ws.WebSocket);
});

afterEach(async () => {
  vi.unstubAllGlobals();
  await lab.close();
});

const run = (block: CodeBlock): Promise<Ran> =>
  runBlock({ ...block, code: block.code.replaceAll(/wss:\/\/[^'"]+/g, lab.url) }, { 'rx-sora': core, rxjs, ws, werift });

test("the README's first example connects, and says why it ended", async () => {
  const [example] = codeBlocks('README.md');
  if (example === undefined) throw new Error('the README has no example');
  const { nextLine } = await run(example);
  expect(await nextLine()).toMatch(/^connected as \w{26}$/);
  await lab.close();
  expect(await nextLine()).toMatch(/^Ended while connected after [\d.]+ ms: the server closed the session over the WebSocket with 1000/);
});

/** Blocks that are marked to run against the lab, each with the block that says what it prints. The READMEs' example has its own test. */
const guided = pages().filter((page) => !page.startsWith('README') && !page.startsWith('docs/ja/'));
const runnable = guided.flatMap((page) => {
  const blocks = codeBlocks(page);
  return blocks.flatMap((block, index) =>
    block.mark === 'run: lab' ? [{ page, line: block.line, block, output: blocks[index + 1] }] : [],
  );
});

test('some pages have blocks that run against the lab', () => {
  expect(runnable).not.toEqual([]);
});

test.each(runnable)('$page:$line runs against the lab, and prints what the page shows', async ({ block, output }) => {
  expect(output?.mark).toBe('output');
  const { printed } = await run(block);
  expectPrinted(printed, output?.code ?? '');
  expect(lab.connections).toEqual([]); // it has ended what it began
});
