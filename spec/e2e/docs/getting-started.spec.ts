import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Lab, startLab } from '../../../packages/lab/src/index.ts';
import { codeBlocks, ROOT } from '../../docs/support/markdown.ts';
import { launchChromium } from '../support/chromium.ts';

let browser: Browser;
let lab: Lab;
let server: Server;

beforeAll(async () => {
  [browser, lab] = await Promise.all([launchChromium(), startLab()]);
  const blocks = codeBlocks('docs/guide/getting-started.md');
  const codeOf = (language: string): string => blocks.find((block) => block.language === language)?.code ?? '';
  const { outputFiles } = await build({
    // The page names the port of the command; here the lab has another.
    stdin: { contents: codeOf('ts').replace('ws://127.0.0.1:5000/signaling', lab.url), loader: 'ts', resolveDir: ROOT },
    bundle: true,
    write: false,
    format: 'esm',
    alias: { 'rx-sora': `${ROOT}src/index.ts` },
    logLevel: 'error',
  });
  const answers = new Map([
    ['/', { type: 'text/html; charset=utf-8', body: codeOf('html') }],
    ['/call.ts', { type: 'text/javascript', body: outputFiles[0]?.text ?? '' }],
  ]);
  server = createServer(({ url }, response) => {
    const { type, body } = answers.get(url ?? '') ?? { type: 'text/plain', body: '' };
    response.setHeader('content-type', type);
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  await browser.close();
  await lab.close();
  server.close();
});

const statusOf = (page: Page): Promise<string> => page.$eval('#status', ({ textContent }) => textContent);

const ended = (page: Page): Promise<unknown> => page.waitForFunction("document.querySelector('#status').textContent.startsWith('Ended')");

test('the code of the page, as it stands, connects two tabs, and says why each session ended', async () => {
  const tabs = [await browser.newPage(), await browser.newPage()] as const;
  for (const tab of tabs) {
    await tab.bringToFront();
    await tab.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await tab.click('#join');
  }
  for (const tab of tabs) {
    await tab.bringToFront();
    await tab.waitForFunction("document.querySelector('#videos video')?.videoWidth > 0");
    expect(await statusOf(tab)).toBe('connected');
  }
  const [leaver, stayer] = tabs;
  await leaver.bringToFront();
  await leaver.click('#leave');
  await ended(leaver);
  expect(await statusOf(leaver)).toContain('the application disconnected');
  await stayer.bringToFront();
  await lab.close();
  await ended(stayer);
  expect(await statusOf(stayer)).toContain('the server closed the session');
});
