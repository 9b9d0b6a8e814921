import type { Browser } from 'puppeteer-core';
import { startLab, type Lab } from 'rx-sora/lab';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { browserStage, type BrowserStage } from '../support/browser-stage.ts';
import { launchChromium } from '../support/chromium.ts';
import { announcedEnding, endingCases, playEnding, silentPeers } from '../support/ending-cases.ts';
import { serve, type Site } from '../support/page-site.ts';

let browser: Browser;
let site: Site;
let lab: Lab;
let announcing: Lab;
let stage: BrowserStage;

beforeAll(async () => {
  [browser, site, lab, announcing] = await Promise.all([
    launchChromium(),
    serve('rx-sora'),
    startLab({ normalCloseReason: true, iceFailedTimeoutMs: 60_000 }),
    startLab({ normalCloseReason: true, closeMessage: true }),
  ]);
});
afterAll(async () => {
  await Promise.all([browser.close(), site.close(), lab.close(), announcing.close()]);
});
beforeEach(async () => {
  stage = await browserStage(browser, site);
});
afterEach(() => stage.close());

describe('Chromium: every end is told once, for the right reason, and leaves nothing behind', () => {
  test.each(endingCases)('$name, mode $mode', async (row) => {
    await playEnding(row, stage, lab);
  });

  test(`${announcedEnding.name}, mode D`, async () => {
    await playEnding(announcedEnding, stage, announcing);
  });

  test('a silent peer, in the three modes: connectionState goes failed after 15 to 20 s', async () => {
    const started = performance.now();
    const others = await Promise.all([browserStage(browser, site), browserStage(browser, site)]);
    await Promise.all(silentPeers.map((row, index) => playEnding(row, [stage, ...others][index]!, lab)));
    await Promise.all(others.map((other) => other.close()));
    expect(performance.now() - started).toBeGreaterThan(10_000);
  });
});
