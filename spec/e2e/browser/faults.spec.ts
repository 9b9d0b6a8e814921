import type { Browser } from 'puppeteer-core';
import { describe } from 'vitest';
import { rxSoraClient } from '../../matrix/rx-sora-client.ts';
import { browserStage, type BrowserStage } from '../support/browser-stage.ts';
import { launchChromium } from '../support/chromium.ts';
import { testFaults } from '../support/fault-tests.ts';
import { serve, type Site } from '../support/page-site.ts';

let browser: Browser;
let site: Site;
let stage: BrowserStage;

// The core of the fault matrix: `npm run matrix` adds Firefox, peers that fall silent, and the official SDK.
describe('Chromium: every fault of the lab comes to what the rules say', () => {
  testFaults({
    runtime: 'chromium',
    client: async () => {
      [browser, site] = await Promise.all([launchChromium(), serve('rx-sora')]);
      stage = await browserStage(browser, site);
      return rxSoraClient('rx-sora, Chromium', stage);
    },
    close: async () => {
      await Promise.all([browser.close(), site.close()]);
    },
  });
});
