import type { Browser } from 'puppeteer-core';
import type { ConnectedInfo, ConnectOptions } from 'rx-sora';
import { startLab, type Lab } from 'rx-sora-lab';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { allModes, modes } from '../support/modes.ts';
import { openTab, type Tab } from '../support/open-page.ts';
import type { ReceivedTrack } from '../support/page/received-tracks.ts';
import type { RxSoraBench } from '../support/page/rx-sora.ts';
import { serve, type Site } from '../support/page-site.ts';

let browser: Browser;
let site: Site;
let lab: Lab;
const tabs: Tab<RxSoraBench>[] = [];

beforeAll(async () => {
  [browser, site, lab] = await Promise.all([launchChromium(), serve('rx-sora'), startLab()]);
});
afterAll(async () => {
  await Promise.all([browser.close(), site.close(), lab.close()]);
});
afterEach(async () => {
  const errors = tabs.flatMap((tab) => tab.errors);
  await Promise.all(tabs.splice(0).map((tab) => tab.close()));
  expect(errors).toEqual([]);
});

interface Participant {
  readonly tab: Tab<RxSoraBench>;
  readonly info: ConnectedInfo;
}

type Capture = readonly [width: number, height: number, frameRate: number];

/** A tab of its own with one session in it, that sends what the fake devices give unless it only receives. */
async function enter(options: Omit<ConnectOptions, 'signalingUrl' | 'stream'>, capture: Capture = [320, 180, 10]): Promise<Participant> {
  const tab = await openTab<RxSoraBench>(browser, site);
  tabs.push(tab);
  const info = await tab.run(
    async (bench, { options, capture }) => {
      const stream = options.role === 'recvonly' ? undefined : await bench.capture(...capture);
      return bench.open('me', { ...options, ...(stream && { stream }) }).session.connect();
    },
    { options: { ...options, signalingUrl: lab.url }, capture },
  );
  return { tab, info };
}

/** The tracks of a sender at a receiver once its picture moves and its sound is heard. */
const seenAndHeard = (receiver: Participant, sender: Participant): Promise<readonly ReceivedTrack[]> =>
  receiver.tab.run(
    ({ session, receivedTracks, rx }, connectionId) =>
      rx.firstValueFrom(
        receivedTracks(session('me').session).pipe(
          rx.map((tracks) => tracks.filter((track) => track.connectionId === connectionId)),
          rx.filter(
            (tracks) =>
              tracks.some(({ kind, framesDecoded }) => kind === 'video' && framesDecoded >= 10) &&
              tracks.some(({ kind, audioEnergy }) => kind === 'audio' && audioEnergy > 0),
          ),
        ),
      ),
    sender.info.connectionId,
  );

describe('two tabs', () => {
  test.each(allModes)('sendrecv, mode %s: both see and hear each other, and the one that goes takes its stream along', async (mode) => {
    const options = { channelId: `both-${mode}`, role: 'sendrecv', video: { codecType: 'VP8' }, ...modes[mode] } as const;
    const [one, two] = [await enter(options), await enter(options)];
    await Promise.all([seenAndHeard(one, two), seenAndHeard(two, one)]);
    const goes = two.tab.run(({ session, rx }) =>
      rx.firstValueFrom(session('me').session.remoteStreams$.pipe(rx.filter((streams) => streams.length === 0))),
    );
    await one.tab.run(({ session }) => session('me').session.disconnect());
    expect(await goes).toEqual([]);
  });

  test('sendonly and recvonly: media goes one way', async () => {
    const sender = await enter({ channelId: 'one-way', role: 'sendonly' });
    const receiver = await enter({ channelId: 'one-way', role: 'recvonly' });
    const tracks = await seenAndHeard(receiver, sender);
    expect(tracks.map(({ kind }) => kind).sort()).toEqual(['audio', 'video']);
    const back = await sender.tab.run(({ session, receivedTracks, rx }) => rx.firstValueFrom(receivedTracks(session('me').session)));
    expect(back).toEqual([]);
  });
});

// On a busy machine the sender's estimate of the bandwidth takes up to half a minute to allow for the third layer.
test('simulcast: three layers are sent, and an RPC changes the one that is received', { timeout: 120_000 }, async () => {
  const video = { codecType: 'VP8', bitRate: 2000 } as const;
  const sender = await enter({ channelId: 'layers', role: 'sendonly', audio: false, simulcast: true, video }, [960, 540, 10]);
  const receiver = await enter({
    channelId: 'layers',
    role: 'recvonly',
    audio: false,
    simulcast: true,
    simulcastRequestRid: 'r2',
    video,
    ...modes.M,
  });
  expect(sender.info.simulcast).toBe(true);
  // A browser that lacks power gives up pictures, not their size.
  await sender.tab.run(({ session, sora }) => sora.preferDegradation(session('me').session, 'maintain-resolution'));

  const sent = await sender.tab.run(({ session, sora, rx }) =>
    rx.firstValueFrom(
      sora.stats(session('me').session, 200).pipe(
        rx.map(({ reports }) => reports.filter(({ type }) => type === 'outbound-rtp') as RTCOutboundRtpStreamStats[]),
        rx.map((layers) => layers.filter(({ framesEncoded = 0 }) => framesEncoded > 0).map(({ rid, frameWidth }) => ({ rid, frameWidth }))),
        rx.filter((layers) => [240, 480, 960].every((width) => layers.some(({ frameWidth }) => frameWidth === width))),
      ),
    ),
  );
  expect(sent.sort((a, b) => (a.rid ?? '').localeCompare(b.rid ?? ''))).toEqual([
    { rid: 'r0', frameWidth: 240 },
    { rid: 'r1', frameWidth: 480 },
    { rid: 'r2', frameWidth: 960 },
  ]);

  const receivesWidth = (width: number): Promise<unknown> =>
    receiver.tab.run(
      ({ session, receivedTracks, rx }, width) =>
        rx.firstValueFrom(
          receivedTracks(session('me').session).pipe(rx.filter((tracks) => tracks.some((track) => track.frameWidth === width))),
        ),
      width,
    );
  await receivesWidth(960);
  const switched = await receiver.tab.run(async ({ session, sora, rx }, sender_connection_id) => {
    const me = session('me').session;
    const told = rx.firstValueFrom(me.notify$.pipe(rx.filter(({ event_type }) => event_type === 'simulcast.switched')));
    const result = await sora.rpc(me, '2025.2.0/RequestSimulcastRid', { rid: 'r0', sender_connection_id });
    return { result, told: await told };
  }, sender.info.connectionId);
  expect(switched.result).toMatchObject({ rid: 'r0', sender_connection_id: sender.info.connectionId });
  expect(switched.told).toMatchObject({ current_rid: 'r0', previous_rid: 'r2', sender_connection_id: sender.info.connectionId });
  await receivesWidth(240);
});
