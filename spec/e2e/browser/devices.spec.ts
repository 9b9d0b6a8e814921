import type { Browser, PermissionState } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { openTab, type Tab } from '../support/open-page.ts';
import type { MediaBench } from '../support/page/media.ts';
import { serve, type Site } from '../support/page-site.ts';

const FAKE_DEVICES = '--use-fake-device-for-media-stream';
// The permissions are the browser's own, and whoever asks for a screen gets the tab with this title.
const ownPermissions = ['--use-fake-ui-for-media-stream'];
const SHARED_TITLE = 'the shared tab';

let site: Site;
let browser: Browser;
let tab: Tab<MediaBench>;

beforeAll(async () => {
  [browser, site] = await Promise.all([
    launchChromium([`--auto-select-tab-capture-source-by-title=${SHARED_TITLE}`], ownPermissions),
    serve('media'),
  ]);
});
afterAll(async () => {
  await Promise.all([browser.close(), site.close()]);
});
beforeEach(async () => {
  tab = await openTab<MediaBench>(browser, site);
});
afterEach(async () => {
  const { errors } = tab;
  await tab.close();
  expect(errors).toEqual([]);
});

/** What the user decides, by a click in the browser's own bar. */
async function decide(state: PermissionState, ...names: readonly ('camera' | 'microphone')[]): Promise<void> {
  const { origin } = new URL(site.url);
  await tab.page.browserContext().setPermission(origin, ...names.map((name) => ({ permission: { name }, state })));
}

/** Opens camera and microphone and waits for the stream. */
async function open(name: string): Promise<void> {
  await tab.run(({ watch, userMedia }, name) => watch(name, userMedia({ audio: true, video: true }), () => 'stream').said('stream'), name);
}

describe('Chromium: devices and permissions', () => {
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
    await tab.run(({ watch, permission }) => {
      watch('camera', permission('camera'), (state) => state);
      watch('microphone', permission('microphone'), (state) => state);
      return Promise.resolve();
    });
    await tab.run(({ told }) => told('camera').said('prompt'));
    await decide('granted', 'camera');
    await tab.run(({ told }) => told('camera').said('granted'));
    await decide('denied', 'camera');
    expect(await tab.run(({ told }) => told('camera').said('denied'))).toEqual(['prompt', 'granted', 'denied']);
    expect(await tab.run(({ told }) => told('microphone').words)).toEqual(['prompt']);
  });
});

describe('Chromium: userMedia()', () => {
  test('two subscribers share camera and microphone, which are let go with the last of them', async () => {
    await decide('granted', 'camera', 'microphone');
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
    await decide('granted', 'camera', 'microphone');
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

  test('a permission that is denied is refused', async () => {
    await decide('denied', 'camera', 'microphone');
    const words = await tab.run(({ watch, userMedia }) => watch('camera', userMedia({ video: true }), () => 'stream').said('refused'));
    expect(words).toEqual(['refused']);
  });

  test.each([
    ['an exact id that is nowhere', { video: { deviceId: { exact: 'nowhere' } } }, 'overconstrained deviceId'],
    ['a width that no camera has', { video: { width: { min: 100_000 } } }, 'overconstrained width'],
    ['constraints that ask for nothing', {}, 'invalid'],
  ])('%s', async (_, constraints, word) => {
    await decide('granted', 'camera', 'microphone');
    const words = await tab.run(
      ({ watch, userMedia }, { constraints, word }) => watch('it', userMedia(constraints), () => 'stream').said(word),
      {
        constraints,
        word,
      },
    );
    expect(words).toEqual([word]);
  });

  test('a permission that is withdrawn while the devices are in use ends them', async () => {
    await decide('granted', 'camera', 'microphone');
    await open('call');
    await decide('denied', 'camera');
    expect(await tab.run(({ told }) => told('call').said('ended'))).toEqual(['stream', 'ended']);
    expect(await tab.run(({ tracks }) => tracks())).toEqual(['audio ended', 'video ended']);
  });
});

test('Chromium: a machine without a camera', async () => {
  const bare = await launchChromium([`${FAKE_DEVICES}=device-count=0`], [FAKE_DEVICES]);
  try {
    const there = await openTab<MediaBench>(bare, site);
    const words = await there.run(({ watch, userMedia }) => watch('camera', userMedia({ video: true }), () => 'stream').said('missing'));
    expect(words).toEqual(['missing']);
  } finally {
    await bare.close();
  }
});

describe('Chromium: displayMedia()', () => {
  async function share(): Promise<{ close(): Promise<void> }> {
    const shared = await tab.page.browserContext().newPage();
    await shared.goto(site.url);
    await shared.evaluate(`document.title = '${SHARED_TITLE}'`);
    await tab.page.bringToFront();
    await tab.run(({ watch, displayMedia }) =>
      watch('screen', displayMedia({ video: true, audio: true }), (stream) => String(stream.getTracks().length)).said('2'),
    );
    return shared;
  }

  test('completes when what is shared is gone', async () => {
    const shared = await share();
    await shared.close();
    expect(await tab.run(({ told }) => told('screen').said('complete'))).toEqual(['2', 'complete']);
    expect(await tab.run(({ tracks }) => tracks())).toEqual(['audio ended', 'video ended']);
  });

  test('unsubscribing stops the sharing', async () => {
    await share();
    const seen = await tab.run(({ told, tracks }) => {
      told('screen').subscription.unsubscribe();
      return { words: told('screen').words, tracks: tracks() };
    });
    expect(seen).toEqual({ words: ['2'], tracks: ['audio ended', 'video ended'] });
  });

  test('what plays a shared tab stops with it', async () => {
    const shared = await share();
    await tab.run(({ watch, playback, element, obtained }) =>
      watch('playback', playback(element(), obtained[0]!), ({ kind }) => kind).said('playing'),
    );
    await shared.close();
    expect(await tab.run(({ told }) => told('playback').said('complete'))).toEqual(['starting', 'playing', 'complete']);
    expect(await tab.run(() => document.querySelector('video')?.srcObject ?? null)).toBeNull();
  });
});

test('Chromium: audioLevel() hears the beep and the silence between, and closes what it opened', async () => {
  await decide('granted', 'camera', 'microphone');
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
  await decide('granted', 'camera', 'microphone');
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
    await decide('granted', 'camera', 'microphone');
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

  test('paused and resumed', async () => {
    await decide('granted', 'camera', 'microphone');
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
    const strict = await launchChromium(
      ['--autoplay-policy=document-user-activation-required'],
      ['--autoplay-policy=no-user-gesture-required'],
    );
    try {
      const page = await strict.newPage();
      const first = new Promise<string>((resolve) => {
        page.on('console', (message) => message.type() === 'info' && resolve(message.text()));
      });
      await page.goto(`${site.url}#untouched`);
      expect(await first).toBe('starting blocked');
      await page.mouse.click(50, 50);
      expect(await page.evaluate(`bench.told('playback').said('playing')`)).toEqual(['starting', 'blocked', 'playing']);
    } finally {
      await strict.close();
    }
  });
});
