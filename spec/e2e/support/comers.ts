import type { Browser } from 'puppeteer-core';
import { startLab, type Lab } from 'rx-sora-lab';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openTab, type Tab } from './open-page.ts';
import { serve, type Site } from './page-site.ts';
import type { RxSoraBench } from './page/rx-sora.ts';

/** What a viewer saw of one sender. */
interface Seen {
  readonly isTold: boolean;
  readonly isRemoved: boolean;
  readonly readyState: string;
  /** Streams that `remoteStreams$` still listed after the sender had left. */
  readonly left: number;
}

/** The tests of senders who come and go while a viewer stays, in one browser. To be called within a `describe`. */
export function testComers(launch: () => Promise<Browser>): void {
  let browser: Browser;
  let site: Site;
  let lab: Lab;
  let tab: Tab<RxSoraBench>;

  beforeAll(async () => {
    [browser, site, lab] = await Promise.all([launch(), serve('rx-sora'), startLab()]);
  });
  afterAll(async () => {
    await Promise.all([browser.close(), site.close(), lab.close()]);
  });
  beforeEach(async () => {
    tab = await openTab<RxSoraBench>(browser, site);
  });
  afterEach(async () => {
    expect(tab.errors).toEqual([]);
    await tab.close();
  });

  test.each([
    ['left alone', false],
    ['stopped by the application', true],
  ])(
    'each sender that follows another is announced and plays; tracks of those who left are %s',
    { timeout: 120_000 },
    async (how, stops) => {
      const seen = await tab.run(
        async ({ sora, rx, capture }, { signalingUrl, channelId, stops }) => {
          const viewer = sora.createSession({ signalingUrl, channelId, role: 'recvonly', audio: false });
          const video = document.createElement('video');
          video.muted = true;
          video.autoplay = true;
          document.body.append(video);
          const told: { track: MediaStreamTrack; connectionId: string }[] = [];
          const removed: string[] = [];
          viewer.track$.subscribe(({ track, stream, connectionId }) => {
            told.push({ track, connectionId });
            video.srcObject = stream;
          });
          viewer.removeTrack$.subscribe(({ track, connectionId }) => {
            removed.push(connectionId);
            if (stops) track.stop();
          });
          const has = (id: string, isThere: boolean): Promise<unknown> =>
            rx.firstValueFrom(
              viewer.remoteStreams$.pipe(rx.filter((streams) => streams.some(({ connectionId }) => connectionId === id) === isThere)),
            );
          await viewer.connect();
          const seen: Seen[] = [];
          for (let comer = 0; comer < 3; comer += 1) {
            const stream = await capture(320, 180, 20);
            const sender = sora.createSession({
              signalingUrl,
              channelId,
              role: 'sendonly',
              audio: false,
              video: { codecType: 'VP8' },
              stream: new MediaStream(stream.getVideoTracks()),
            });
            const { connectionId } = await sender.connect();
            await has(connectionId, true);
            const before = video.currentTime;
            const plays = (): boolean => video.videoWidth > 0 && video.currentTime > before + 0.2;
            await rx.firstValueFrom(rx.interval(100).pipe(rx.filter(plays)));
            const mine = told.filter((each) => each.connectionId === connectionId);
            const readyState = mine.map(({ track }) => `${track.readyState}${track.muted ? ' muted' : ''}`).join();
            await sender.disconnect();
            await has(connectionId, false);
            stream.getTracks().forEach((track) => track.stop());
            const left = (await rx.firstValueFrom(viewer.remoteStreams$)).length;
            seen.push({ isTold: mine.length === 1, isRemoved: removed.includes(connectionId), readyState, left });
          }
          await viewer.disconnect();
          return seen;
        },
        { signalingUrl: lab.url, channelId: `comers ${how}`, stops },
      );
      expect(seen).toEqual(Array.from({ length: 3 }, () => ({ isTold: true, isRemoved: true, readyState: 'live', left: 0 })));
    },
  );
}
