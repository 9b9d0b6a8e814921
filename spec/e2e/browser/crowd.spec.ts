import type { Browser } from 'puppeteer-core';
import type { ConnectOptions } from 'rx-sora';
import { startLab, type Lab } from 'rx-sora-lab';
import { firstValueFrom, take, toArray } from 'rxjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { modes } from '../support/modes.ts';
import { type NodeStage, nodeStage } from '../support/node-stage.ts';
import { openTab, type Tab } from '../support/open-page.ts';
import type { RxSoraBench } from '../support/page/rx-sora.ts';
import { serve, type Site } from '../support/page-site.ts';

const TABS = 4;
const CLIENTS = 16;
/** So many of each video have to come; how fast is a matter of the machine. */
const PICTURES = 50;

let browser: Browser;
let site: Site;
let lab: Lab;
let stage: NodeStage;

beforeAll(async () => {
  [browser, site, lab] = await Promise.all([launchChromium(), serve('rx-sora'), startLab()]);
  stage = nodeStage();
});
afterAll(async () => {
  await stage.close();
  await Promise.all([browser.close(), site.close(), lab.close()]);
});

const crowd = {
  channelId: 'crowd',
  role: 'sendrecv',
  dataChannels: [{ label: '#all', direction: 'sendrecv' }],
  ...modes.M,
} as const satisfies Partial<ConnectOptions>;

async function enterWithVideo(): Promise<Tab<RxSoraBench>> {
  const tab = await openTab<RxSoraBench>(browser, site);
  await tab.run(
    async (bench, options) => {
      const watched = bench.open('me', { ...options, stream: await bench.capture(320, 180, 10) });
      await watched.connect();
      await watched.switched();
    },
    { ...crowd, signalingUrl: lab.url, audio: false, video: { codecType: 'VP8' } } satisfies ConnectOptions,
  );
  return tab;
}

async function enterWithoutMedia(index: number): Promise<string> {
  const clientId = `node-${index}`;
  const session = await stage.open({ ...crowd, clientId, signalingUrl: lab.url, audio: false, video: false });
  expect(await session.connect()).not.toBeNull();
  await session.switched();
  return clientId;
}

/** Waits until every video that a tab receives has gone on for so many pictures since all of them were there, and tells how many videos those are. */
const videosThatGoOn = (tab: Tab<RxSoraBench>): Promise<number> =>
  tab.run(
    ({ session, receivedTracks, rx }, { others, pictures }) =>
      rx.firstValueFrom(
        receivedTracks(session('me').session).pipe(
          rx.filter((tracks) => tracks.length === others && tracks.every(({ framesDecoded }) => framesDecoded > 0)),
          rx.map((tracks) => new Map(tracks.map(({ connectionId, framesDecoded }) => [connectionId, framesDecoded]))),
          rx.scan(
            ({ first }, now) => ({ first: first ?? now, now }),
            {} as { readonly first?: ReadonlyMap<string, number>; readonly now?: ReadonlyMap<string, number> },
          ),
          rx.map(({ first, now }) => [...(now ?? [])].map(([id, frames]) => frames - (first?.get(id) ?? frames))),
          rx.filter((grown) => grown.every((frames) => frames >= pictures)),
          rx.map((grown) => grown.length),
        ),
      ),
    { others: TABS - 1, pictures: PICTURES },
  );

test(`${TABS} tabs with video and ${CLIENTS} clients without, in one channel at once`, { timeout: 120_000 }, async () => {
  const names = await Promise.all(Array.from({ length: CLIENTS }, (_, index) => enterWithoutMedia(index)));
  const tabs: Tab<RxSoraBench>[] = [];
  for (let index = 0; index < TABS; index += 1) tabs.push(await enterWithVideo());
  expect(lab.connections.map(({ state }) => state)).toEqual(Array.from({ length: CLIENTS + TABS }, () => 'switched'));

  const videos = Promise.all(tabs.map(videosThatGoOn));
  // Meanwhile everybody without video says hello to everybody.
  const sessions = names.map((name) => stage.session(name));
  const heard = Promise.all(sessions.map((session) => firstValueFrom(session.messages('#all').pipe(take(CLIENTS - 1), toArray()))));
  await Promise.all(sessions.map((session, index) => session.send('#all', names[index]!)));
  const hellos = (await heard).map((messages) => messages.map(({ data }) => new TextDecoder().decode(data)).sort());
  expect(hellos).toEqual(names.map((name) => names.filter((other) => other !== name).sort()));

  expect(await videos).toEqual(tabs.map(() => TABS - 1));
  expect(tabs.flatMap((tab) => tab.errors)).toEqual([]);
});
