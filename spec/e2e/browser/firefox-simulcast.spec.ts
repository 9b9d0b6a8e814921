import type { Browser } from 'puppeteer-core';
import { startLab, type Lab } from 'rx-sora-lab';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { firefoxPath, launchFirefox, withoutFirefox } from '../support/firefox.ts';
import { openTab } from '../support/open-page.ts';
import type { RxSoraBench } from '../support/page/rx-sora.ts';
import { serve, type Site } from '../support/page-site.ts';

const path = firefoxPath();
let browser: Browser;
let site: Site;
let lab: Lab;

describe('Firefox: simulcast', () => {
  if (path === null) {
    console.warn(withoutFirefox);
    test(withoutFirefox, () => {
      expect(path).toBeNull();
    });
    return;
  }
  beforeAll(async () => {
    [browser, site, lab] = await Promise.all([launchFirefox(path), serve('rx-sora'), startLab()]);
  });
  afterAll(async () => {
    await Promise.all([browser.close(), site.close(), lab.close()]);
  });

  // It negotiates `rid` without listing the header extension, and a second description in a row would remove every track and add it anew.
  test('three layers are sent, and no remote track comes, goes and comes again', { timeout: 120_000 }, async () => {
    const tab = await openTab<RxSoraBench>(browser, site);
    const outcome = await tab.run(async ({ sora, rx, capture }, signalingUrl) => {
      const video = { codecType: 'VP8', bitRate: 2000 } as const;
      const common = { signalingUrl, channelId: 'layers', audio: false, simulcast: true, video } as const;
      const onlyVideo = async (): Promise<MediaStream> => new MediaStream((await capture(960, 540, 10)).getVideoTracks());
      const other = sora.createSession({ ...common, role: 'sendrecv', stream: await onlyVideo() });
      await other.connect();
      const session = sora.createSession({ ...common, role: 'sendrecv', stream: await onlyVideo() });
      const told: string[] = [];
      session.track$.subscribe(() => told.push('came'));
      session.removeTrack$.subscribe(() => told.push('went'));
      session.peerConnection$.subscribe(({ kind }) => kind === 'track' && told.push('track event'));
      const { simulcast } = await session.connect();
      const layers = await rx.firstValueFrom(
        sora.stats(session, 500).pipe(
          rx.map(({ reports }) => reports.filter(({ type }) => type === 'outbound-rtp') as RTCOutboundRtpStreamStats[]),
          rx.map((reports) => reports.filter(({ packetsSent = 0 }) => packetsSent > 0).map(({ rid }) => rid ?? '')),
          rx.filter(({ length }) => length === 3),
          rx.timeout({ first: 60_000, with: () => rx.of([]) }),
        ),
      );
      await Promise.all([session.disconnect(), other.disconnect()]);
      return { simulcast, layers: layers.sort(), told };
    }, lab.url);
    expect(outcome.simulcast).toBe(true);
    expect(outcome.layers).toEqual(['r0', 'r1', 'r2']);
    expect(outcome.told.filter((each) => each !== 'track event')).toEqual(['came']);
    expect(tab.errors).toEqual([]);
    await tab.close();
  });
});
