import type { PermissionState } from 'puppeteer-core';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { openTab, type Tab } from '../support/open-page.ts';
import type { MediaBench } from '../support/page/media.ts';
import { serve } from '../support/page-site.ts';

/** Whoever asks for a screen gets the tab with this title. */
const SHARED_TITLE = 'the shared tab';
const NOT_RUN = 'NOT RUN: a headless shell asks nobody for permission. Name a whole Chromium in $CHROMIUM';

// The permissions are the browser's own here.
const browser = await launchChromium([`--auto-select-tab-capture-source-by-title=${SHARED_TITLE}`], ['--use-fake-ui-for-media-stream']);
const version = await browser.version();
const site = await serve('media');
let tab: Tab<MediaBench>;

afterAll(async () => {
  await Promise.all([browser.close(), site.close()]);
});

if (version.startsWith('Headless')) {
  console.warn(NOT_RUN);
  test(NOT_RUN, () => {
    expect(version).toMatch(/^Headless/);
  });
} else {
  beforeEach(async () => {
    tab = await openTab<MediaBench>(browser, site);
  });
  afterEach(async () => {
    const { errors } = tab;
    await tab.close();
    expect(errors).toEqual([]);
  });
  testPermissions();
  testSharedTab();
}

/** What the user decides, by a click in the browser's own bar. */
async function decide(state: PermissionState, ...names: readonly ('camera' | 'microphone')[]): Promise<void> {
  const { origin } = new URL(site.url);
  await tab.page.browserContext().setPermission(origin, ...names.map((name) => ({ permission: { name }, state })));
}

function testPermissions(): void {
  describe('Chromium: permissions', () => {
    test('labels come with the permission and go with it; nothing is added or removed by that', async () => {
      await tab.run(({ watch, devices }) => {
        watch('devices', devices(), ({ cameras, microphones, speakers, permission, added, removed }) => {
          const labels = [cameras[0], microphones[0], speakers[0]].map((each) => (each?.label === '' ? 'hidden' : each?.label));
          return [permission.camera, permission.microphone, ...labels, added.length, removed.length].join(' / ');
        });
      });
      const said = (word: string): Promise<readonly string[]> => tab.run(({ told }, word) => told('devices').said(word), word);
      await said('prompt / prompt / hidden / hidden / hidden / 0 / 0');
      await decide('granted', 'camera', 'microphone');
      await said('granted / granted / fake_device_0 / Fake Default Audio Input / Fake Default Audio Output / 0 / 0');
      await decide('denied', 'camera', 'microphone');
      await said('denied / denied / hidden / hidden / hidden / 0 / 0');
    });

    test('permission() has the state now and every change', async () => {
      await tab.run(async ({ watch, permission }) => {
        watch('microphone', permission('microphone'), (state) => state);
        await watch('camera', permission('camera'), (state) => state).said('prompt');
      });
      await decide('granted', 'camera');
      await tab.run(({ told }) => told('camera').said('granted'));
      await decide('denied', 'camera');
      expect(await tab.run(({ told }) => told('camera').said('denied'))).toEqual(['prompt', 'granted', 'denied']);
      expect(await tab.run(({ told }) => told('microphone').words)).toEqual(['prompt']);
    });

    test('a permission that is denied is refused, one that is granted is not', async () => {
      await decide('denied', 'camera', 'microphone');
      const words = await tab.run(({ watch, userMedia }) => watch('camera', userMedia({ video: true }), () => 'stream').said('refused'));
      expect(words).toEqual(['refused']);
      await decide('granted', 'camera', 'microphone');
      await tab.run(({ watch, userMedia }) => watch('again', userMedia({ video: true }), () => 'stream').said('stream'));
    });
  });
}

function testSharedTab(): void {
  describe('Chromium: a shared tab', () => {
    async function share(): Promise<{ close(): Promise<void> }> {
      const shared = await tab.page.browserContext().newPage();
      await shared.goto(site.url);
      // It has a clock in it: of a tab that never changes the capture may have only one picture, which is gone before an element asks for it.
      await shared.evaluate((title) => {
        document.title = title;
        setInterval(() => (document.body.textContent = String(performance.now())), 50);
      }, SHARED_TITLE);
      await tab.page.bringToFront();
      await tab.run(({ watch, displayMedia }) =>
        watch('screen', displayMedia({ video: true, audio: true }), (stream) => `${stream.getTracks().length} tracks`).said('2 tracks'),
      );
      return shared;
    }

    test('displayMedia() completes when it is closed', async () => {
      const shared = await share();
      await shared.close();
      expect(await tab.run(({ told }) => told('screen').said('complete'))).toEqual(['2 tracks', 'complete']);
      expect(await tab.run(({ tracks }) => tracks())).toEqual(['audio ended', 'video ended']);
    });

    test('playback() of it completes as well', async () => {
      const shared = await share();
      await tab.run(({ watch, playback, element, obtained }) =>
        watch('playback', playback(element(), obtained[0]!), ({ kind }) => kind).said('playing'),
      );
      await shared.close();
      expect(await tab.run(({ told }) => told('playback').said('complete'))).toEqual(['starting', 'playing', 'complete']);
      expect(await tab.run(() => document.querySelector('video')?.srcObject ?? null)).toBeNull();
    });
  });
}
