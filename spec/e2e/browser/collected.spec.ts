import type { Browser } from 'puppeteer-core';
import { startLab, type Lab } from 'rx-sora-lab';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { openTab } from '../support/open-page.ts';
import type { RxSoraBench } from '../support/page/rx-sora.ts';
import { serve, type Site } from '../support/page-site.ts';

let browser: Browser;
let site: Site;
let lab: Lab;

beforeAll(async () => {
  [browser, site, lab] = await Promise.all([launchChromium(['--js-flags=--expose-gc']), serve('rx-sora'), startLab()]);
});
afterAll(async () => {
  await Promise.all([browser.close(), site.close(), lab.close()]);
});

test('streams and tracks of senders who left are collected while the session lives', { timeout: 120_000 }, async () => {
  const tab = await openTab<RxSoraBench>(browser, site);
  const kept = await tab.run(async ({ sora, rx, capture }, signalingUrl) => {
    const viewer = sora.createSession({ signalingUrl, channelId: 'meeting', role: 'recvonly', audio: false });
    const references: WeakRef<object>[] = [];
    viewer.track$.subscribe(({ track, stream }) => references.push(new WeakRef(stream), new WeakRef(track)));
    const counts = (count: number): Promise<unknown> =>
      rx.firstValueFrom(viewer.remoteStreams$.pipe(rx.filter(({ length }) => length === count)));
    await viewer.connect();
    for (let comer = 0; comer < 6; comer += 1) {
      const stream = new MediaStream((await capture()).getVideoTracks());
      const sender = sora.createSession({ signalingUrl, channelId: 'meeting', role: 'sendonly', audio: false, stream });
      await sender.connect();
      await counts(1);
      await sender.disconnect();
      await counts(0);
      for (const track of stream.getTracks()) track.stop();
    }
    const { gc } = globalThis as unknown as { gc: () => void };
    // The last answer may still be under way. If something is never collected, the test runs into its limit.
    await rx.firstValueFrom(
      rx.timer(0, 100).pipe(
        rx.tap(() => gc()),
        rx.filter(() => references.every((reference) => reference.deref() === undefined)),
      ),
    );
    const { kind } = await viewer.disconnect();
    return { references: references.length, kind };
  }, lab.url);
  expect(kept).toEqual({ references: 12, kind: 'client-disconnect' });
  await tab.close();
});
