import type { Browser } from 'puppeteer-core';
import type { ConnectOptions, Termination } from 'rx-sora';
import { startLab, type Lab } from 'rx-sora-lab';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { eventAt, receivedFrom } from '../support/lab-side.ts';
import { allModes, modes } from '../support/modes.ts';
import { openTab } from '../support/open-page.ts';
import type { RxSoraBench } from '../support/page/rx-sora.ts';
import { serve, type Site } from '../support/page-site.ts';

let browser: Browser;
let site: Site;
let lab: Lab;

beforeAll(async () => {
  [browser, site, lab] = await Promise.all([launchChromium(), serve('rx-sora'), startLab()]);
});
afterAll(async () => {
  await Promise.all([browser.close(), site.close(), lab.close()]);
});

// Chromium says `persisted: true` for such a page and evicts it all the same (Q56, H09).
test.each(allModes)('following a link ends the session in the event, and the server receives NO-ERROR, mode %s', async (mode) => {
  const tab = await openTab<RxSoraBench>(browser, site);
  const clientId = `leaver ${mode}`;
  const options: ConnectOptions = { signalingUrl: lab.url, channelId: clientId, clientId, role: 'recvonly', ...modes[mode] };
  await tab.run(
    async ({ open }, { options, switches }) => {
      const watched = open('me', options);
      window.addEventListener('pagehide', ({ persisted }) => sessionStorage.setItem('persisted', String(persisted)));
      watched.session.termination$.subscribe((termination) => sessionStorage.setItem('termination', JSON.stringify(termination)));
      await watched.connect();
      if (switches) await watched.switched();
    },
    { options, switches: mode !== 'W' },
  );
  if (mode === 'D') await eventAt(lab, clientId, 'websocket-close');
  await tab.leave();
  const [persisted, termination] = await tab.run(() => [sessionStorage.getItem('persisted'), sessionStorage.getItem('termination')]);
  expect(persisted).toBe('true');
  expect(JSON.parse(termination ?? 'null') as Termination).toMatchObject({
    kind: 'client-disconnect',
    trigger: 'pagehide',
    outcome: 'immediate',
    sent: { reason: 'NO-ERROR', via: mode === 'W' ? 'websocket' : 'datachannel', ok: true },
  });
  const via = mode === 'W' ? 'websocket' : 'datachannel signaling';
  expect(await receivedFrom(lab, clientId)).toEqual(['websocket answer', `${via} disconnect NO-ERROR`]);
  expect(tab.errors).toEqual([]);
  await tab.close();
});
