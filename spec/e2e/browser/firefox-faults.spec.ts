import type { Browser } from 'puppeteer-core';
import { describe, expect, test } from 'vitest';
import { rxSoraClient } from '../../matrix/rx-sora-client.ts';
import { browserStage } from '../support/browser-stage.ts';
import { testFaults } from '../support/fault-tests.ts';
import { firefoxPath, launchFirefox, withoutFirefox } from '../support/firefox.ts';
import { serve, type Site } from '../support/page-site.ts';

const path = firefoxPath();
let browser: Browser;
let site: Site;

// Where browsers differ most: `npm run matrix` plays all the rest.
describe('Firefox: every fault of a session that is up comes to what the rules say', () => {
  if (path === null) {
    console.warn(withoutFirefox);
    test(withoutFirefox, () => {
      expect(path).toBeNull();
    });
    return;
  }
  testFaults({
    runtime: 'firefox',
    titles: ['The WebSocket of a session that is up', 'The DataChannels of a session that is up'],
    client: async () => {
      [browser, site] = await Promise.all([launchFirefox(path), serve('rx-sora')]);
      return rxSoraClient('rx-sora, Firefox', await browserStage(browser, site));
    },
    close: async () => {
      await Promise.all([browser.close(), site.close()]);
    },
  });
});
