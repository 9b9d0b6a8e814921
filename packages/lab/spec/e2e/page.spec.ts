import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { firstValueFrom } from 'rxjs';
import { startLab, type Lab } from 'rx-sora-lab';
import type { Browser, Page } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchChromium } from '../../../../spec/e2e/support/chromium.ts';
import { firefoxPath, launchFirefox, withoutFirefox } from '../../../../spec/e2e/support/firefox.ts';
import { closeClients, WeriftClient } from './support/werift-client.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8');

/** What axe finds wrong with a page, by rule. */
const violations = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(AXE);
  const found = await page.evaluate(
    'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes.map(({ html }) => html).join(" ")))',
  );
  return found as readonly string[];
};

/** Whether the page is wider than the window. */
const overflow = (page: Page): Promise<unknown> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');

/** `emulates`: the browser can be told that the user prefers dark. */
function testPage(launch: () => Promise<Browser>, emulates: boolean): void {
  let browser: Browser;
  let lab: Lab;
  let page: Page;
  let problems: string[];

  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  const home = (): string => lab.url.replace(/^ws(.*)signaling$/, 'http$1');

  beforeEach(async () => {
    lab = await startLab();
    page = await browser.newPage();
    problems = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
  });
  afterEach(async () => {
    await closeClients();
    await page.close();
    await lab.close();
  });

  /** Waits until the page shows this text somewhere in its visible part. */
  const shows = (text: string): Promise<unknown> => page.waitForFunction((wanted) => document.body.innerText.includes(wanted), {}, text);
  const hides = (text: string): Promise<unknown> => page.waitForFunction((wanted) => !document.body.innerText.includes(wanted), {}, text);
  const press = (name: string): Promise<void> => page.locator(`aria/${name}[role="button"]`).click();
  const open = async (): Promise<void> => {
    await page.goto(home());
    await shows('Live');
  };

  test('says what it is, lists the URLs, and shows who comes and goes', async () => {
    await open();
    expect(await page.title()).toBe('rx-sora-lab');
    await shows('Never for production');
    await shows(lab.url);
    await shows('Nobody is connected');
    const client = await new WeriftClient(lab.url, { connect: { client_id: 'ann' }, mode: 'both' }).ready();
    await shows(`ann (${client.connectionId.slice(0, 6)})`);
    await shows('switched');
    await hides('Nobody is connected');
    await client.close();
    await shows('Nobody is connected');
    expect(problems).toEqual([]);
  });

  test('breaks one connection and leaves the other', async () => {
    const [ann, ben] = await Promise.all(['ann', 'ben'].map((name) => new WeriftClient(lab.url, { connect: { client_id: name } }).ready()));
    await open();
    await press(`Cut WebSocket, ${ann!.connectionId.slice(0, 6)}`);
    expect((await ann!.closed()).code).toBe(1006);
    await shows('Cut WebSocket: 1 connection');
    await hides('ann (');
    expect(lab.connections.map(({ clientId }) => clientId)).toEqual(['ben']);
    await shows('fault websocket-cut');
    await press('Close WebSocket, all connections');
    expect(await ben!.closed()).toEqual({ code: 4490, reason: 'LAB-PAGE' });
    expect(problems).toEqual([]);
  });

  test('ends connections as the API does', async () => {
    const client = await new WeriftClient(lab.url).ready();
    await open();
    await press(`Disconnect, ${client.connectionId.slice(0, 6)}`);
    expect((await client.closed()).code).toBe(1000);
    await shows('Disconnect: 1 connection');
    await shows('Nobody is connected');
    expect(problems).toEqual([]);
  });

  test('adds faults for connections to come, and removes them', async () => {
    await open();
    await press('Refuse authentication');
    await shows('Added: Refuse authentication');
    await shows('"kind":"auth-refused"');
    expect(lab.faults.rules).toMatchObject([{ fault: { kind: 'auth-refused', reason: 'LAB-PAGE' }, times: 1 }]);
    expect(await new WeriftClient(lab.url).closed()).toEqual({ code: 4490, reason: 'LAB-PAGE' });
    await hides('"kind":"auth-refused"');

    await page.locator('aria/every connection until it is removed').click();
    await press('Withhold the offer');
    await shows('"kind":"offer-withheld"');
    expect(lab.faults.rules[0]?.times).toBeUndefined();
    await press('Remove offer-withheld');
    await hides('"kind":"offer-withheld"');
    expect(lab.faults.rules).toEqual([]);
    expect(problems).toEqual([]);
  });

  test('takes any rule as JSON, and says what is wrong with one', async () => {
    await open();
    await page.locator('summary').click();
    await press('Add the rule');
    await shows('"code":4490');
    expect(lab.faults.rules).toMatchObject([{ fault: { kind: 'websocket-close', code: 4490 }, at: 'connected', times: 1 }]);
    await page.locator('textarea').fill('{ "fault": { "kind": "gremlin" } }');
    await press('Add the rule');
    await shows('LAB-INVALID-REQUEST: rule.fault.kind must be one of');
    expect(lab.faults.rules).toHaveLength(1);
  });

  test('comes back when the lab does', async () => {
    await open();
    const { port } = new URL(home());
    await lab.close();
    await shows('The lab does not answer');
    lab = await startLab({ port: Number(port) });
    await shows('Live');
    const arrival = firstValueFrom(lab.connections$);
    await new WeriftClient(lab.url, { connect: { client_id: 'zoe' } }).ready();
    await arrival;
    await shows('zoe (');
  });

  test(`fits a phone and is accessible${emulates ? ', in light and in dark' : ''}`, { timeout: 120_000 }, async () => {
    await new WeriftClient(lab.url, {
      connect: { client_id: 'ann', channel_id: 'a-channel-with-a-rather-long-name-'.repeat(4) },
      mode: 'both',
    }).ready();
    const schemes = emulates ? ['light', 'dark'] : [undefined];
    for (const [width, scheme] of [320, 1280].flatMap((width) => schemes.map((scheme) => [width, scheme] as const))) {
      if (scheme !== undefined) await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      await page.setViewport({ width, height: 800 });
      await open();
      await shows('ann (');
      await press('Withhold the offer');
      await shows('offer-withheld');
      expect(await overflow(page)).toBe(0);
      expect(await violations(page)).toEqual([]);
    }
  });

  test('a signaling URL in the address bar shows a hint', async () => {
    const answer = await page.goto(lab.url.replace(/^ws/, 'http'));
    expect(answer?.status()).toBe(426);
    await shows(`Point a Sora client at ${lab.url}`);
  });
}

describe('the page of the lab in Chromium', () => {
  testPage(launchChromium, true);
});

describe('the page of the lab in Firefox', () => {
  const path = firefoxPath();
  if (path !== null) testPage(() => launchFirefox(path), false);
  else {
    console.warn(withoutFirefox);
    test(withoutFirefox, () => {
      expect(path).toBeNull();
    });
  }
});
