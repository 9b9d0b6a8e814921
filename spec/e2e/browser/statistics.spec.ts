import type { Browser } from 'puppeteer-core';
import type { Observable } from 'rxjs';
import type { ActiveSpeaker, ConnectOptions } from 'rx-sora';
import { startLab, type Lab, type LabConnection } from 'rx-sora-lab';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { connectionOf } from '../support/lab-side.ts';
import { modes } from '../support/modes.ts';
import { openTab, type Tab } from '../support/open-page.ts';
import type { RxSoraBench } from '../support/page/rx-sora.ts';
import { serve, type Site } from '../support/page-site.ts';

let browser: Browser;
let site: Site;
let lab: Lab;
let receiver: Tab<RxSoraBench>;
let sender: Tab<RxSoraBench>;
let atLab: LabConnection;

beforeAll(async () => {
  [browser, site, lab] = await Promise.all([launchChromium(), serve('rx-sora'), startLab()]);
});
afterAll(async () => {
  await Promise.all([browser.close(), site.close(), lab.close()]);
});
beforeEach(async () => {
  // The receiver's tab is opened last: the one in front is the one whose pictures are shown.
  sender = await openTab<RxSoraBench>(browser, site);
  receiver = await openTab<RxSoraBench>(browser, site);
  const options: ConnectOptions = { signalingUrl: lab.url, channelId: 'truth', role: 'sendonly', video: { codecType: 'VP8' } };
  await sender.run(async ({ open, capture }, given) => {
    await open('me', { ...given, stream: await capture(320, 180, 20) }).session.connect();
  }, options);
  await receiver.run(
    async ({ open, session, sora, rx }, given) => {
      const watched = open('me', given);
      await watched.session.connect();
      // From here on both kinds flow.
      const isFlowing = rx.filter<{ inbound: readonly { packetsPerSecond: unknown }[] }>(
        ({ inbound }) => inbound.filter(({ packetsPerSecond }) => Number(packetsPerSecond) > 0).length === 2,
      );
      await rx.firstValueFrom(sora.stats(session('me').session, 200).pipe(isFlowing));
    },
    {
      ...options,
      role: 'recvonly',
      clientId: 'receiver',
      dataChannels: [{ label: '#data', direction: 'recvonly' }],
      ...modes.M,
    } satisfies ConnectOptions,
  );
  atLab = await connectionOf(lab, 'receiver');
});
afterEach(async () => {
  const errors = [...sender.errors, ...receiver.errors];
  await Promise.all([sender.close(), receiver.close()]);
  expect(errors).toEqual([]);
});

test('frames per second are those that come to the page to be shown', async () => {
  const { told, come } = await receiver.run(async ({ session, sora, rx }) => {
    const element = document.querySelector('video');
    if (element === null) throw new Error('no video');
    const sums$ = sora.stats(session('me').session, 500).pipe(
      rx.map(({ reports, inbound }) => ({
        at: reports.find(({ type }) => type === 'inbound-rtp')?.timestamp ?? 0,
        rate: inbound.find(({ kind }) => kind === 'video')?.framesPerSecond,
        // Among them are those that a busy machine comes too late to show.
        count: element.getVideoPlaybackQuality().totalVideoFrames,
        countedAt: performance.now(),
      })),
      rx.pairwise(),
      rx.mergeMap(([before, { at, rate, count, countedAt }]) => {
        const ms = at - before.at;
        if (typeof rate !== 'number') return [];
        return [{ frames: (rate * ms) / 1000, ms, count: count - before.count, countMs: countedAt - before.countedAt }];
      }),
      rx.scan((sum, each) => ({
        frames: sum.frames + each.frames,
        ms: sum.ms + each.ms,
        count: sum.count + each.count,
        countMs: sum.countMs + each.countMs,
      })),
    );
    const { frames, ms, count, countMs } = await rx.firstValueFrom(sums$.pipe(rx.filter((sum) => sum.count >= 60)));
    return { told: frames / ms, come: count / countMs };
  });
  expect(told / come).toBeGreaterThan(0.8);
  expect(told / come).toBeLessThan(1.25);
});

test('bytes of a channel are those that the lab sent', async () => {
  const sizes = [1, 1000, 16_000, 20_000];
  const total = sizes.reduce((sum, size) => sum + size, 0);
  await receiver.run(async ({ session, sora, rx }, total) => {
    const me = session('me').session;
    await rx.firstValueFrom(me.dataChannels$.pipe(rx.filter((channels) => channels.length > 0)));
    // So seldom that a page that is held up leaves no gap, behind which there would be no rate.
    const samples$ = sora.stats(me, 2000).pipe(
      rx.map(({ reports, dataChannels }) => ({
        at: reports.find(({ type }) => type === 'data-channel')?.timestamp ?? 0,
        rate: dataChannels.find(({ label }) => label === '#data')?.receivedBytesPerSecond,
      })),
      rx.filter(({ rate }) => rate !== undefined),
      rx.share({ connector: () => new rx.ReplaySubject(1) }),
    );
    const sums$ = samples$.pipe(
      rx.pairwise(),
      // A rate times its interval is what came in it.
      rx.map(([before, { at, rate }]) => (typeof rate === 'number' ? (rate * (at - before.at)) / 1000 : 0)),
      rx.scan((sum, bytes) => sum + bytes, 0),
      rx.map(Math.round),
    );
    Object.assign(globalThis, { counted: rx.firstValueFrom(sums$.pipe(rx.filter((sum) => sum >= total))) });
    // Nothing is sent before there is something to compare with.
    await rx.firstValueFrom(samples$);
  }, total);
  for (const size of sizes) expect(atLab.sendMessage('#data', new Uint8Array(size), 'somebody')).toBe(true);
  const counted = await receiver.run(() => (globalThis as unknown as { readonly counted: Promise<number> }).counted);
  expect(counted).toBe(total);
});

test('loss is that of the network', async () => {
  const lossRatio = 0.25;
  atLab.inject({ kind: 'network', lossRatio });
  const told = await receiver.run(({ session, sora, rx }) =>
    rx.firstValueFrom(
      sora.stats(session('me').session, 250).pipe(
        rx.map(({ reports, inbound }) => {
          const audio = (reports as RTCInboundRtpStreamStats[]).find(({ type, kind }) => type === 'inbound-rtp' && kind === 'audio');
          return {
            ratio: inbound.find(({ kind }) => kind === 'audio')?.lossRatio,
            packets: (audio?.packetsReceived ?? 0) + (audio?.packetsLost ?? 0),
          };
        }),
        rx.pairwise(),
        // A ratio counts for as many packets as it was made of.
        rx.mergeMap(([before, { ratio, packets }]) =>
          typeof ratio === 'number' ? [{ packets: packets - before.packets, lost: ratio * (packets - before.packets) }] : [],
        ),
        rx.skip(1), // began before the fault
        rx.scan((sum, each) => ({ packets: sum.packets + each.packets, lost: sum.lost + each.lost })),
        rx.filter(({ packets }) => packets >= 175),
        rx.map(({ packets, lost }) => lost / packets),
      ),
    ),
  );
  // Four times the standard deviation of 175 packets.
  expect(Math.abs(told - lossRatio)).toBeLessThan(0.13);
});

test('a stall is told while ICE still says connected', async () => {
  const told = receiver.run(({ session, sora, rx }) =>
    rx.firstValueFrom(
      sora.stats(session('me').session, 200).pipe(
        rx.filter(({ stalled }) => stalled === true),
        rx.map(() => session('me').session.peerConnection?.iceConnectionState),
      ),
    ),
  );
  atLab.inject({ kind: 'peer-silent' });
  expect(await told).toBe('connected');
});

test('who is heard speaks, and does not after being muted; no statistics are asked for it', async () => {
  const connectionId = (await sender.run(({ session }) => session('me').session.connect())).connectionId;
  // The microphone beeps for about 60 ms, twice a second: every 30 ms some sample hears each of them. Samples every 100 ms, of a timer that is
  // never late, meet the same five moments of every half second, and may hear none.
  await receiver.run(({ session, sora, rx }) => {
    const me = session('me').session;
    const { peerConnection } = me;
    if (peerConnection === null) throw new Error('no peer connection');
    peerConnection.getStats = () => Promise.reject(new Error('nobody should ask'));
    const speakers$ = sora.activeSpeakers(me, { periodMs: 30 }).pipe(rx.shareReplay(1));
    speakers$.subscribe();
    Object.assign(globalThis, { speakers$ });
  });
  const speaks = (isHeard: boolean): Promise<readonly string[]> =>
    receiver.run(({ rx }, isHeard) => {
      const { speakers$ } = globalThis as unknown as { readonly speakers$: Observable<readonly ActiveSpeaker[]> };
      const ids$ = speakers$.pipe(rx.map((speakers) => speakers.map((each) => each.connectionId)));
      return rx.firstValueFrom(ids$.pipe(rx.filter((ids) => ids.length > 0 === isHeard)));
    }, isHeard);
  expect(await speaks(true)).toEqual([connectionId]);
  const level = await receiver.run(({ session, sora, rx }) =>
    rx.firstValueFrom(
      sora.remoteAudioLevels(session('me').session, 30).pipe(
        rx.map(({ levels }) => levels[0]?.level ?? 0),
        rx.filter((level) => level > 0.02),
      ),
    ),
  );
  expect(level).toBeLessThanOrEqual(1);
  await sender.run(({ session }) => {
    for (const { track } of session('me').session.peerConnection?.getSenders() ?? []) if (track?.kind === 'audio') track.enabled = false;
  });
  expect(await speaks(false)).toEqual([]);
});
