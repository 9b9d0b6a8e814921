import type { Browser } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { firefoxPath, launchFirefox, withoutFirefox } from '../support/firefox.ts';
import { openTab, type Tab } from '../support/open-page.ts';
import type { MediaBench } from '../support/page/media.ts';
import { serve, type Site } from '../support/page-site.ts';

const path = firefoxPath();

/** Every page is asked, and a user who says yes for this time only; what is audible needs a gesture. */
const askedEachTime = { 'permissions.default.camera': 0, 'permissions.default.microphone': 0, 'media.autoplay.default': 1 };
const denied = {
  'permissions.default.camera': 2,
  'permissions.default.microphone': 2,
  'media.navigator.permission.disabled': false,
};

describe('Firefox: devices', () => {
  if (path !== null) testDevices(path);
  else {
    console.warn(withoutFirefox);
    test(withoutFirefox, () => {
      expect(path).toBeNull();
    });
  }
});

function testDevices(executablePath: string): void {
  let site: Site;
  let browser: Browser;
  let strict: Browser;
  let tab: Tab<MediaBench>;

  // Several browsers at once.
  beforeAll(async () => {
    [browser, strict, site] = await Promise.all([
      launchFirefox(executablePath, askedEachTime),
      launchFirefox(executablePath, denied),
      serve('media'),
    ]);
  }, 120_000);
  afterAll(async () => {
    await Promise.all([browser.close(), strict.close(), site.close()]);
  });
  beforeEach(async () => {
    tab = await openTab<MediaBench>(browser, site);
  });
  afterEach(async () => {
    const { errors } = tab;
    await tab.close();
    expect(errors).toEqual([]);
  });

  test('labels become readable when a device is opened, although the permission stays a question', async () => {
    const words = await tab.run(async ({ watch, devices, userMedia }) => {
      const { said } = watch('devices', devices(), ({ cameras, microphones, permission, added, removed }) => {
        const labels = [cameras[0], microphones[0]].map((each) => (each?.label === '' ? 'hidden' : 'readable'));
        return [permission.camera, permission.microphone, ...labels, added.length, removed.length].join(' / ');
      });
      await said('prompt / prompt / hidden / hidden / 0 / 0');
      watch('call', userMedia({ audio: true, video: true }), () => 'stream');
      return said('prompt / prompt / readable / readable / 0 / 0');
    });
    expect(words).toHaveLength(2);
  });

  test('a camera is obtained, and let go with its last subscriber', async () => {
    const seen = await tab.run(async ({ watch, userMedia, tracks }) => {
      const stream$ = userMedia({ audio: true, video: true });
      const one = watch('one', stream$, () => 'stream');
      const other = watch('other', stream$, () => 'stream');
      await other.said('stream');
      one.subscription.unsubscribe();
      const between = tracks();
      other.subscription.unsubscribe();
      return { words: [one.words, other.words], between, after: tracks() };
    });
    expect(seen).toEqual({
      words: [['stream'], ['stream']],
      between: ['audio live', 'video live'],
      after: ['audio ended', 'video ended'],
    });
  });

  test('a camera that opens after the unsubscribe is let go at once', async () => {
    const seen = await tab.run(async ({ watch, userMedia, obtained$, tracks, rx }) => {
      const { subscription, words } = watch('early', userMedia({ video: true }), () => 'stream');
      subscription.unsubscribe();
      await rx.firstValueFrom(obtained$);
      await rx.firstValueFrom(rx.timer(0));
      return { words, tracks: tracks() };
    });
    expect(seen).toEqual({ words: [], tracks: ['video ended'] });
  });

  test.each([
    ['an exact id that is nowhere', { video: { deviceId: { exact: 'nowhere' } } }, 'overconstrained deviceId'],
    ['a width that no camera has', { video: { width: { min: 100_000 } } }, 'overconstrained width'],
    ['constraints that ask for nothing', {}, 'invalid'],
  ])('%s', async (_, constraints, word) => {
    const words = await tab.run(
      ({ watch, userMedia }, { constraints, word }) => watch('it', userMedia(constraints), () => 'stream').said(word),
      {
        constraints,
        word,
      },
    );
    expect(words).toEqual([word]);
  });

  test('a screen is missing where there is none', async () => {
    await tab.page.mouse.click(50, 50);
    const words = await tab.run(({ watch, displayMedia }) => watch('screen', displayMedia(), () => 'stream').said('missing'));
    expect(words).toEqual(['missing']);
  });

  test('playback() plays a muted camera, and completes when the camera is let go', async () => {
    const seen = await tab.run(async ({ watch, playback, element, obtained, userMedia }) => {
      const call = watch('call', userMedia({ audio: true, video: true }), () => 'stream');
      await call.said('stream');
      const video = element();
      video.muted = true;
      const { said } = watch('playback', playback(video, obtained[0]!), ({ kind }) => kind);
      await said('playing');
      call.subscription.unsubscribe();
      return { words: await said('complete'), after: video.srcObject };
    });
    expect(seen).toEqual({ words: ['starting', 'playing', 'complete'], after: null });
  });

  test('playback() says that the browser wants a gesture first, and plays on the next one, even where the page keeps it to itself', async () => {
    const page = await tab.page.browserContext().newPage();
    const first = new Promise<string>((resolve) => {
      page.on('console', (message) => message.type() === 'info' && resolve(message.text()));
    });
    await page.goto(`${site.url}#untouched`);
    expect(await first).toBe('starting blocked');
    await page.mouse.click(50, 50);
    expect(await page.evaluate(`bench.told('playback').said('playing')`)).toEqual(['starting', 'blocked', 'playing']);
  });

  test('audioLevel() has no value while the browser holds its AudioContext back, completes with the microphone, and closes the context', async () => {
    const seen = await tab.run(async ({ watch, audioLevel, tone, contexts, closed }) => {
      const stream = tone();
      const { said } = watch('level', audioLevel(stream, { periodMs: 20 }), () => 'a level');
      const [, context] = contexts;
      const { state } = context!;
      for (const track of stream.getTracks()) track.stop();
      const words = await said('complete');
      return { words, states: [state, await closed(context!)], contexts: contexts.length };
    });
    expect(seen).toEqual({ words: ['complete'], states: ['suspended', 'closed'], contexts: 2 });
  });

  test('a permission that is denied is refused', async () => {
    const there = await openTab<MediaBench>(strict, site);
    const words = await there.run(async ({ watch, userMedia, permission }) => [
      ...(await watch('permission', permission('camera'), (state) => state).said('denied')),
      ...(await watch('camera', userMedia({ video: true }), () => 'stream').said('refused')),
    ]);
    await there.close();
    expect(words).toEqual(['denied', 'refused']);
  });
}
