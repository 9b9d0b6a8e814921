import type { Browser } from 'puppeteer-core';
import { startLab, type Lab } from 'rx-sora-lab';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { openTab } from '../support/open-page.ts';
import type { ProcessedBench } from '../support/page/processed.ts';
import type { RxSoraBench } from '../support/page/rx-sora.ts';
import { serve, type Site } from '../support/page-site.ts';

let browser: Browser;
let lab: Lab;
let sites: readonly Site[];

beforeAll(async () => {
  [browser, lab, ...sites] = await Promise.all([launchChromium(), startLab(), serve('processed'), serve('rx-sora')]);
});
afterAll(async () => {
  await Promise.all([browser.close(), lab.close(), ...sites.map((site) => site.close())]);
});

test('a processed camera takes the place of the camera in a call, and back; all is let go in the end', async () => {
  const [sender, receiver] = [await openTab<ProcessedBench>(browser, sites[0]!), await openTab<RxSoraBench>(browser, sites[1]!)];
  const common = { signalingUrl: lab.url, channelId: 'processed', audio: false, video: { codecType: 'VP8' } } as const;
  await receiver.run(async ({ open }, options) => (await open('me', options).session.connect()).connectionId, {
    ...common,
    role: 'recvonly',
  } as const);
  await sender.run(({ send }, options) => send(options), { ...common, role: 'sendonly' } as const);
  const receives = (width: number): Promise<number> =>
    receiver.run(
      ({ session, receivedTracks, rx }, width) =>
        rx.firstValueFrom(
          receivedTracks(session('me').session).pipe(
            rx.map(([track]) => track?.frameWidth ?? 0),
            rx.filter((frameWidth) => frameWidth === width),
          ),
        ),
      width,
    );
  await receives(320);
  await sender.run(({ process }) => process());
  await receives(160);
  await sender.run(({ unprocess }) => unprocess());
  await receives(320);
  await sender.run(({ process }) => process());
  await receives(160);
  expect(await sender.run(({ leave }) => leave())).toEqual({ camera: 'ended', isProcessing: false });
  expect([...sender.errors, ...receiver.errors]).toEqual([]);
});
