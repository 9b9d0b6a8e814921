import type { Browser } from 'puppeteer-core';
import { startLab, type Lab } from 'rx-sora-lab';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../../../../spec/e2e/support/chromium.ts';
import { firefoxPath, launchFirefox, withoutFirefox } from '../../../../spec/e2e/support/firefox.ts';
import { serveBlankPage, type BlankPage } from './rtc/support/blank-page.ts';
import { MessagingPage } from './support/messaging-page.ts';

const ROUNDS = 20;

let lab: Lab;
let site: BlankPage;
let browsers: readonly Browser[];
const pages = new Map<string, MessagingPage>();

beforeAll(async () => {
  const path = firefoxPath();
  if (path === null) throw new Error(withoutFirefox);
  [lab, site, browsers] = await Promise.all([startLab(), serveBlankPage(), Promise.all([launchChromium(), launchFirefox(path)])]);
  for (const [index, name] of ['Chromium', 'Firefox'].entries()) pages.set(name, await MessagingPage.open(browsers[index]!, site.url));
});
afterAll(async () => {
  await Promise.all([...browsers.map((browser) => browser.close()), site.close(), lab.close()]);
});

const numbered = (from: string): readonly string[] => Array.from({ length: 5 }, (_, index) => `${from} ${index}`);

// The channel is reliable and ordered: what has not arrived before the last message never will.
const LAST = 'last';

/**
 * `first` is in the channel. `second` joins, and both send five messages in the tick in which the channel of `second` opens: its acknowledgement is
 * still on its way to the lab then (RFC 8832 section 6).
 */
async function round(page: MessagingPage, channelId: string): Promise<readonly (readonly string[])[]> {
  await page.join('first', lab.url, channelId);
  await page.joinSending('second', lab.url, channelId, { first: numbered('first'), second: numbered('second') });
  await page.send('first', LAST);
  await page.send('second', LAST);
  const received = [await page.receivedUntil('first', LAST), await page.receivedUntil('second', LAST)];
  for (const name of ['first', 'second']) await page.leave(name);
  return received;
}

describe('messages that are sent in the tick in which a channel opens', { timeout: 120_000 }, () => {
  test.each(['Chromium', 'Firefox'])(`all arrive, in both directions, in ${ROUNDS} rounds of %s`, async (name) => {
    for (let index = 0; index < ROUNDS; index += 1) {
      const [first, second] = await round(pages.get(name)!, `${name} ${index}`);
      expect([index, first, second]).toEqual([index, [...numbered('second'), LAST], [...numbered('first'), LAST]]);
    }
  });

  test.each([
    ['Chromium', 'Firefox'],
    ['Firefox', 'Chromium'],
  ])(`all arrive from %s in %s, in ${ROUNDS} rounds`, async (from, to) => {
    const [sender, receiver] = [pages.get(from)!, pages.get(to)!];
    for (let index = 0; index < ROUNDS; index += 1) {
      const channelId = `${from} to ${to} ${index}`;
      await receiver.join('receiver', lab.url, channelId);
      await sender.joinSending('sender', lab.url, channelId, { sender: numbered('sender') });
      await sender.send('sender', LAST);
      expect([index, await receiver.receivedUntil('receiver', LAST)]).toEqual([index, [...numbered('sender'), LAST]]);
      await sender.leave('sender');
      await receiver.leave('receiver');
    }
  });
});
