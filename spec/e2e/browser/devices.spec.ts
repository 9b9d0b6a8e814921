import type { Browser } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { openTab, type Tab } from '../support/open-page.ts';
import type { MediaBench } from '../support/page/media.ts';
import { serve, type Site } from '../support/page-site.ts';

const FAKE_UI = '--use-fake-ui-for-media-stream';
const FAKE_DEVICES = '--use-fake-device-for-media-stream';

let site: Site;
/** Its user allows everything. */
let browser: Browser;
/** Its user allows nothing. */
let refusing: Browser;
/** Has no camera, and plays nothing before its user has done something. */
let strict: Browser;
let tab: Tab<MediaBench>;
const tabs: Tab<MediaBench>[] = [];

const enter = async (where: Browser): Promise<Tab<MediaBench>> => {
  const entered = await openTab<MediaBench>(where, site);
  tabs.push(entered);
  return entered;
};

// Several browsers at once.
beforeAll(async () => {
  [site, browser, refusing, strict] = await Promise.all([
    serve('media'),
    launchChromium(),
    launchChromium([`${FAKE_UI}=deny`], [FAKE_UI]),
    launchChromium(
      [`${FAKE_DEVICES}=device-count=0`, '--autoplay-policy=document-user-activation-required'],
      [FAKE_DEVICES, '--autoplay-policy=no-user-gesture-required'],
    ),
  ]);
}, 120_000);
afterAll(async () => {
  await Promise.all([site, browser, refusing, strict].map((each) => each.close()));
});
beforeEach(async () => {
  tab = await enter(browser);
});
afterEach(async () => {
  const errors = tabs.flatMap((each) => each.errors);
  await Promise.all(tabs.splice(0).map((each) => each.close()));
  expect(errors).toEqual([]);
});

/** Opens camera and microphone under a name and waits for the stream. */
const open = (name: string): Promise<unknown> =>
  tab.run(({ watch, userMedia }, name) => watch(name, userMedia({ audio: true, video: true }), () => 'stream').said('stream'), name);

/** Takes a permission back, as a user does in the settings of the page. */
const withdraw = (name: 'camera' | 'microphone'): Promise<void> =>
  tab.page.browserContext().setPermission(new URL(site.url).origin, { permission: { name }, state: 'denied' });

test('Chromium: devices() lists what can be opened', async () => {
  const [devices, opened] = await tab.run(async ({ devices, userMedia, rx }) => {
    const { cameras, microphones, speakers, added, removed } = await rx.firstValueFrom(devices());
    const tracks = await rx.firstValueFrom(
      userMedia({ video: { deviceId: { exact: cameras[0]!.deviceId } } }).pipe(rx.map((stream) => stream.getTracks())),
    );
    const labels = [cameras, microphones, speakers].map((each) => each.map(({ label }) => label));
    return [[...labels, added, removed], tracks.map(({ label }) => label)] as const;
  });
  expect(devices).toEqual([
    ['fake_device_0'],
    ['Fake Default Audio Input', 'Fake Audio Input 1', 'Fake Audio Input 2'],
    ['Fake Default Audio Output', 'Fake Audio Output 1', 'Fake Audio Output 2'],
    [],
    [],
  ]);
  expect(opened).toEqual(['fake_device_0']);
});

describe('Chromium: userMedia()', () => {
  test('two subscribers share camera and microphone, which are let go with the last of them', async () => {
    const seen = await tab.run(async ({ watch, userMedia, tracks, obtained, rx }) => {
      const stream$ = userMedia({ audio: true, video: true });
      const one = watch('one', stream$, ({ id }) => id);
      const other = watch('other', stream$, ({ id }) => id);
      await rx.firstValueFrom(stream$);
      const both = [one.words, other.words, obtained.map(({ id }) => id)];
      const before = tracks();
      one.subscription.unsubscribe();
      const between = tracks();
      other.subscription.unsubscribe();
      return { both, before, between, after: tracks() };
    });
    expect(seen.both[0]).toHaveLength(1);
    expect(new Set(seen.both.map(String)).size).toBe(1);
    expect(seen.before).toEqual(['audio live', 'video live']);
    expect(seen.between).toEqual(['audio live', 'video live']);
    expect(seen.after).toEqual(['audio ended', 'video ended']);
  });

  test('a camera that opens after the unsubscribe is let go at once', async () => {
    const seen = await tab.run(async ({ watch, userMedia, obtained$, tracks, rx }) => {
      const { subscription, words } = watch('early', userMedia({ audio: true, video: true }), () => 'stream');
      subscription.unsubscribe();
      await rx.firstValueFrom(obtained$);
      // What follows from the browser's answer follows in the same task.
      await rx.firstValueFrom(rx.timer(0));
      return { words, tracks: tracks() };
    });
    expect(seen).toEqual({ words: [], tracks: ['audio ended', 'video ended'] });
  });

  test.each([
    ['an exact id that is nowhere', { video: { deviceId: { exact: 'nowhere' } } }, 'overconstrained deviceId'],
    ['a width that no camera has', { video: { width: { min: 100_000 } } }, 'overconstrained width'],
    ['constraints that ask for nothing', {}, 'invalid'],
  ])('%s', async (_, constraints, word) => {
    const words = await tab.run(
      ({ watch, userMedia }, { constraints, word }) => watch('it', userMedia(constraints), () => 'stream').said(word),
      { constraints, word },
    );
    expect(words).toEqual([word]);
  });

  test('a user who says no, to a camera and to a screen', async () => {
    const there = await enter(refusing);
    const words = await there.run(async ({ watch, userMedia, displayMedia }) => [
      await watch('camera', userMedia({ video: true }), () => 'stream').said('refused'),
      await watch('screen', displayMedia(), () => 'stream').said('refused'),
    ]);
    expect(words).toEqual([['refused'], ['refused']]);
  });

  test('a machine without a camera', async () => {
    const there = await enter(strict);
    const words = await there.run(({ watch, userMedia }) => watch('camera', userMedia({ video: true }), () => 'stream').said('missing'));
    expect(words).toEqual(['missing']);
  });

  test('a permission that is withdrawn while the devices are in use ends them', async () => {
    await open('call');
    await withdraw('camera');
    expect(await tab.run(({ told }) => told('call').said('ended'))).toEqual(['stream', 'ended']);
    expect(await tab.run(({ tracks }) => tracks())).toEqual(['audio ended', 'video ended']);
  });

  test('permission() and devices() tell of it too', async () => {
    await tab.run(async ({ watch, permission, devices }) => {
      watch('devices', devices(), (now) => `${now.permission.microphone} ${now.removed.length}`);
      await watch('microphone', permission('microphone'), (state) => (state === 'denied' ? state : 'not denied')).said('not denied');
    });
    await withdraw('microphone');
    expect(await tab.run(({ told }) => told('microphone').said('denied'))).toEqual(['not denied', 'denied']);
    await tab.run(({ told }) => told('devices').said('denied 0'));
  });
});

test('Chromium: displayMedia() stops sharing with its subscriber', async () => {
  const seen = await tab.run(async ({ watch, displayMedia, tracks }) => {
    const { said, subscription } = watch('screen', displayMedia({ video: true, audio: true }), () => 'stream');
    const words = [...(await said('stream'))];
    const before = tracks();
    subscription.unsubscribe();
    return { words, before, after: tracks() };
  });
  expect(seen).toEqual({ words: ['stream'], before: ['audio live', 'video live'], after: ['audio ended', 'video ended'] });
});

test('Chromium: audioLevel() hears the beep and the silence between, and closes what it opened', async () => {
  await open('call');
  const heard = await tab.run(async ({ audioLevel, obtained, contexts, closed, rx }) => {
    const level$ = audioLevel(obtained[0]!, { periodMs: 50 });
    const loud = await rx.firstValueFrom(level$.pipe(rx.filter((level) => level > 0.01)));
    const quiet = await rx.firstValueFrom(level$.pipe(rx.filter((level) => level < 0.001)));
    return { loud, quiet, contexts: await Promise.all(contexts.map(closed)) };
  });
  expect(heard.loud).toBeLessThanOrEqual(1);
  expect(heard.quiet).toBeGreaterThanOrEqual(0);
  expect(heard.contexts).toEqual(['closed', 'closed']);
});

test('Chromium: audioLevel() completes when the microphone is let go', async () => {
  await open('call');
  await tab.run(({ watch, audioLevel, obtained, told }) => {
    watch('level', audioLevel(obtained[0]!, { periodMs: 20 }), (level) => typeof level);
    return told('level').said('number');
  });
  const words = await tab.run(({ told }) => {
    told('call').subscription.unsubscribe();
    return told('level').said('complete');
  });
  expect(new Set(words)).toEqual(new Set(['number', 'complete']));
});

describe('Chromium: playback()', () => {
  test('plays a camera, and lets the element go with its subscriber', async () => {
    await open('call');
    const seen = await tab.run(async ({ watch, playback, element, obtained }) => {
      const video = element();
      const { said, subscription } = watch('playback', playback(video, obtained[0]!), ({ kind }) => kind);
      const words = [...(await said('playing'))];
      const played = [video.srcObject === obtained[0], video.paused];
      subscription.unsubscribe();
      return { words, played, after: video.srcObject };
    });
    expect(seen).toEqual({ words: ['starting', 'playing'], played: [true, false], after: null });
  });

  test('completes when the camera is let go', async () => {
    await open('call');
    await tab.run(({ watch, playback, element, obtained }) =>
      watch('playback', playback(element(), obtained[0]!), ({ kind }) => kind).said('playing'),
    );
    const words = await tab.run(({ told }) => {
      told('call').subscription.unsubscribe();
      return told('playback').said('complete');
    });
    expect(words).toEqual(['starting', 'playing', 'complete']);
  });

  test('paused and resumed', async () => {
    await open('call');
    const words = await tab.run(async ({ watch, playback, element, obtained, rx }) => {
      const video = element();
      const state$ = playback(video, obtained[0]!).pipe(
        rx.tap((state) => state.kind === 'paused' && state.resume()),
        rx.map(({ kind }, index) => `${index} ${kind}`),
      );
      const { said } = watch('playback', state$, (word) => word);
      await said('1 playing');
      video.pause();
      return said('3 playing');
    });
    expect(words).toEqual(['0 starting', '1 playing', '2 paused', '3 playing']);
  });

  test('says that the browser wants a gesture first, and plays on the next one, even where the page keeps it to itself', async () => {
    const page = await strict.newPage();
    const first = new Promise<string>((resolve) => {
      page.on('console', (message) => message.type() === 'info' && resolve(message.text()));
    });
    await page.goto(`${site.url}#untouched`);
    expect(await first).toBe('starting blocked');
    await page.mouse.click(50, 50);
    expect(await page.evaluate(`bench.told('playback').said('playing')`)).toEqual(['starting', 'blocked', 'playing']);
    await page.close();
  });
});
