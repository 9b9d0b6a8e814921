import type { Browser } from 'puppeteer-core';
import { startLab, type Lab } from 'rx-sora-lab';
import { afterAll, afterEach, beforeAll, beforeEach, test } from 'vitest';
import { browserStage, type BrowserStage } from './browser-stage.ts';
import { playIntroduction } from './introduction.ts';
import { announcedEnding, endingCases, playEnding, silentPeers } from './ending-cases.ts';
import { serve, type Site } from './page-site.ts';

/** The lab tells the reasons of normal ends, and after a cut it leaves the first word to the client. */
const courtesy = { normalCloseReason: true, lingerMs: 20_000 };

/** Longer than any browser needs to give up a peer that it does not hear. */
const patience = { iceFailedTimeoutMs: 60_000 };

/** The tests of all ends in one browser. To be called within a `describe`. */
export function testEndings(launch: () => Promise<Browser>): void {
  let browser: Browser;
  let site: Site;
  let lab: Lab;
  let announcing: Lab;
  let patient: Lab;
  let stage: BrowserStage;

  beforeAll(async () => {
    [browser, site, lab, announcing, patient] = await Promise.all([
      launch(),
      serve('rx-sora'),
      startLab(courtesy),
      startLab({ ...courtesy, closeMessage: true }),
      startLab(patience),
    ]);
  });
  afterAll(async () => {
    await Promise.all([browser.close(), site.close(), ...[lab, announcing, patient].map((each) => each.close())]);
  });
  beforeEach(async () => {
    stage = await browserStage(browser, site);
  });
  afterEach(() => stage.close());

  test('connect says what the runtime can receive', async () => {
    await playIntroduction(stage, lab);
  });

  test.each(endingCases)('$name, mode $mode', async (row) => {
    await playEnding(row, stage, lab);
  });

  test(`${announcedEnding.name}, mode D`, async () => {
    await playEnding(announcedEnding, stage, announcing);
  });

  test('a silent peer, in the three modes: connectionState goes failed after a while', { timeout: 120_000 }, async () => {
    const stages = await Promise.all(silentPeers.map(() => browserStage(browser, site)));
    await Promise.all(silentPeers.map((row, index) => playEnding(row, stages[index]!, patient)));
    await Promise.all(stages.map((each) => each.close()));
  });
}
