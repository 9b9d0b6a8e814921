import { firstValueFrom } from 'rxjs';
import { startLab, type Lab } from 'rx-sora-lab';
import type { Browser } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchChromium } from '../../../../spec/e2e/support/chromium.ts';
import { firefoxPath, launchFirefox, withoutFirefox } from '../../../../spec/e2e/support/firefox.ts';
import { LabPage, overflow, violations } from './support/lab-page.ts';
import { closeClients, WeriftClient } from './support/werift-client.ts';

/** `isWhole`: everything, also in dark, which only Chromium can be told; otherwise what lives on the network, where browsers differ. */
function testPage(launch: () => Promise<Browser>, isWhole: boolean): void {
  let browser: Browser;
  let lab: Lab;
  let tab: LabPage;

  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  const home = (): string => lab.url.replace(/^ws(.*)signaling$/, 'http$1');

  beforeEach(async () => {
    lab = await startLab();
    tab = new LabPage(await browser.newPage());
  });
  afterEach(async () => {
    await closeClients();
    await tab.page.close();
    await lab.close();
  });

  const open = async (): Promise<void> => {
    await tab.page.goto(home());
    await tab.shows('Live');
  };

  test('says what it is, lists the URLs, and shows who comes and goes', async () => {
    await open();
    expect(await tab.page.title()).toBe('rx-sora-lab');
    await tab.shows('Never for production');
    await tab.shows(lab.url);
    await tab.shows('Nobody is connected');
    const client = await new WeriftClient(lab.url, { connect: { client_id: 'ann' }, mode: 'both' }).ready();
    await tab.shows(`ann (${client.connectionId.slice(0, 6)})`);
    await tab.shows('switched');
    await tab.hides('Nobody is connected');
    await client.close();
    await tab.shows('Nobody is connected');
    expect(tab.problems).toEqual([]);
  });

  test('breaks one connection and leaves the other', async () => {
    const [ann, ben] = await Promise.all(['ann', 'ben'].map((name) => new WeriftClient(lab.url, { connect: { client_id: name } }).ready()));
    await open();
    const short = ann!.connectionId.slice(0, 6);
    await tab.press(`Faults, ${short}`);
    await tab.press(`websocket-cut, ${short}`);
    expect((await ann!.closed()).code).toBe(1006);
    await tab.shows('websocket-cut: 1 connection');
    await tab.hides('ann (');
    expect(lab.connections.map(({ clientId }) => clientId)).toEqual(['ben']);
    await tab.shows('fault websocket-cut');
    await tab.press('Faults, all connections');
    await tab.press('websocket-close, all connections');
    expect(await ben!.closed()).toEqual({ code: 4490, reason: 'LAB-PAGE' });
    expect(tab.problems).toEqual([]);
  });

  test('comes back when the lab does', async () => {
    await open();
    const { port } = new URL(home());
    await lab.close();
    await tab.shows('The lab does not answer');
    lab = await startLab({ port: Number(port) });
    await tab.shows('Live');
    const arrival = firstValueFrom(lab.connections$);
    await new WeriftClient(lab.url, { connect: { client_id: 'zoe' } }).ready();
    await arrival;
    await tab.shows('zoe (');
  });

  if (!isWhole) return;

  test('ends connections as the API does', async () => {
    const client = await new WeriftClient(lab.url).ready();
    await open();
    await tab.press(`Disconnect, ${client.connectionId.slice(0, 6)}`);
    expect((await client.closed()).code).toBe(1000);
    await tab.shows('Disconnect: 1 connection');
    await tab.shows('Nobody is connected');
    expect(tab.problems).toEqual([]);
  });

  test('adds faults for connections to come, and removes them', async () => {
    await open();
    await tab.unfold();
    await tab.press('auth-refused, connections to come');
    await tab.shows('auth-refused: waits for the next connection');
    await tab.shows('"kind":"auth-refused"');
    expect(lab.faults.rules).toMatchObject([{ fault: { kind: 'auth-refused', reason: 'LAB-PAGE' }, times: 1 }]);
    expect(await new WeriftClient(lab.url).closed()).toEqual({ code: 4490, reason: 'LAB-PAGE' });
    await tab.hides('"kind":"auth-refused"');

    await tab.choose('every connection until it is removed');
    await tab.press('offer-withheld, connections to come');
    await tab.shows('"kind":"offer-withheld"');
    expect(lab.faults.rules[0]?.times).toBeUndefined();
    await tab.press('Remove offer-withheld');
    await tab.hides('"kind":"offer-withheld"');
    expect(lab.faults.rules).toEqual([]);
    expect(tab.problems).toEqual([]);
  });

  test('takes any rule as JSON, and says what is wrong with one', async () => {
    await open();
    await tab.press('Add the rule');
    await tab.shows('"code":4490');
    expect(lab.faults.rules).toMatchObject([{ fault: { kind: 'websocket-close', code: 4490 }, at: 'connected', times: 1 }]);
    await tab.page.locator('aria/Any rule, as JSON').fill('{ "fault": { "kind": "gremlin" } }');
    await tab.press('Add the rule');
    await tab.shows('LAB-INVALID-REQUEST: rule.fault.kind must be one of');
    expect(lab.faults.rules).toHaveLength(1);
  });

  test('calls the HTTP API', async () => {
    await new WeriftClient(lab.url, { connect: { client_id: 'ann', channel_id: 'sora' } }).ready();
    await open();
    await tab.shows('ann (');
    await tab.page.evaluate(() => {
      const select = [...document.querySelectorAll('select')].find(({ options }) =>
        [...options].some(({ value }) => value === 'ListConnections'),
      );
      if (select === undefined) throw new Error('no call to choose');
      select.value = 'ListConnections';
      select.dispatchEvent(new Event('change'));
    });
    await tab.press('Call the API');
    await tab.shows('"client_id": "ann"');
    expect(tab.problems).toEqual([]);
  });

  test('holds what is typed in its URL, and shows it in the language that was chosen', async () => {
    await open();
    await tab.unfold();
    await tab.fill('channelId', 'other & more');
    await tab.fill('simulcast', 'true');
    const url = tab.page.url();
    expect(url).toContain('#channelId=other+%26+more&simulcast=true');
    await tab.page.goto('about:blank');
    await tab.page.goto(url.replace('#', '#lang=ja&'));
    await tab.shows('本番では使わないでください');
    expect(await tab.page.evaluate(() => document.documentElement.lang)).toBe('ja');
    await tab.press('接続, 左');
    await tab.inspects('Left', 'overview', 'チャネル ID');
    await tab.connected('Left');
    expect(lab.connections.map(({ channelId }) => channelId)).toEqual(['other & more']);
    expect(tab.problems).toEqual([]);
  });

  test('says which option is wrong, and opens nothing', async () => {
    await open();
    await tab.unfold();
    await tab.fill('timeouts.rpcMs', '-1');
    await tab.press('Connect, Left');
    await tab.shows('option timeouts.rpcMs');
    await tab.fill('timeouts.rpcMs', '');
    await tab.fill('metadata', '{');
    await tab.press('Connect, Left');
    await tab.shows('metadata: ');
    expect(await tab.page.evaluate(() => document.querySelector('sora-inspector')?.session ?? null)).toBeNull();
    expect(tab.problems).toEqual([]);
  });

  test('acts on what was chosen just before, with no frame drawn between', async () => {
    await open();
    await tab.unfold();
    await tab.page.evaluate(() => {
      const named = (selector: string, text: string): HTMLElement => {
        const found = [...document.querySelectorAll<HTMLElement>(selector)].find(
          (each) => (each.ariaLabel ?? each.textContent).trim() === text,
        );
        if (found === undefined) throw new Error(`no ${selector} is called ${text}`);
        return found;
      };
      named('label', 'every connection until it is removed').click();
      named('button', 'offer-withheld, connections to come').click();
      const channel = named('.field .code', 'channelId').parentElement?.querySelector('input');
      if (channel === null || channel === undefined) throw new Error('no channel to name');
      channel.value = 'here';
      channel.dispatchEvent(new Event('input'));
      named('button', 'Connect, Left').click();
    });
    await firstValueFrom(lab.connections$);
    expect(lab.connections.map(({ channelId }) => channelId)).toEqual(['here']);
    await tab.shows('"kind":"offer-withheld"');
    expect(lab.faults.rules.map(({ times }) => times)).toEqual([undefined]);
    expect(tab.problems).toEqual([]);
  });

  test('fits a phone and is accessible, in light and in dark', { timeout: 120_000 }, async () => {
    await new WeriftClient(lab.url, {
      connect: { client_id: 'ann', channel_id: 'a-channel-with-a-rather-long-name-'.repeat(4) },
      mode: 'both',
    }).ready();
    const looks = [
      [320, 'dark'],
      [1280, 'light'],
    ] as const;
    for (const [width, scheme] of looks) {
      await tab.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      await tab.page.setViewport({ width, height: 800 });
      await open();
      await tab.press('Connect both');
      await Promise.all([tab.connected('Left'), tab.connected('Right')]);
      await tab.unfold();
      await tab.press('offer-withheld, connections to come');
      await tab.shows('"kind":"offer-withheld"');
      expect(await overflow(tab.page)).toBe(0);
      expect(await violations(tab.page)).toEqual([]);
      lab.faults.clear();
    }
  });

  test('a signaling URL in the address bar shows a hint', async () => {
    const answer = await tab.page.goto(lab.url.replace(/^ws/, 'http'));
    expect(answer?.status()).toBe(426);
    await tab.shows(`Point a Sora client at ${lab.url}`);
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
