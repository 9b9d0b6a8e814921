import type { Browser } from 'puppeteer-core';
import type { ConnectOptions } from 'rx-sora';
import { startLab, type Lab } from 'rx-sora-lab';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { allModes, modes } from '../support/modes.ts';
import { openTab } from '../support/open-page.ts';
import type { OfficialBench } from '../support/page/official.ts';
import type { RxSoraBench } from '../support/page/rx-sora.ts';
import { serve, type Site } from '../support/page-site.ts';

let browser: Browser;
let site: Site;
let officialSite: Site;
let lab: Lab;

beforeAll(async () => {
  [browser, site, officialSite, lab] = await Promise.all([launchChromium(), serve('rx-sora'), serve('official'), startLab()]);
});
afterAll(async () => {
  await Promise.all([browser.close(), site.close(), officialSite.close(), lab.close()]);
});

// What the official SDK alone does against the lab is in packages/lab/spec/e2e/official.
test.each(allModes)('rx-sora and the official SDK in one channel, mode %s: they see, hear and write to each other', async (mode) => {
  const [ours, theirs] = await Promise.all([openTab<RxSoraBench>(browser, site), openTab<OfficialBench>(browser, officialSite)]);
  const channelId = `together-${mode}`;
  const talks = mode !== 'W';
  const label = '#chat';
  const options: ConnectOptions = {
    signalingUrl: lab.url,
    channelId,
    role: 'sendrecv',
    video: { codecType: 'VP8' },
    ...modes[mode],
    ...(talks && { dataChannels: [{ label, direction: 'sendrecv', compress: true }] }),
  };
  await ours.run(
    async ({ open, capture }, { options, talks }) => {
      const watched = open('me', { ...options, stream: await capture() });
      await watched.connect();
      if (talks) await watched.switched();
    },
    { options, talks },
  );
  await theirs.run(
    async ({ open, capture }, { url, channelId, options, talks }) => {
      const subject = open('me', url, channelId, options);
      await subject.connect(await capture());
      if (talks) await subject.switched();
    },
    {
      url: lab.url,
      channelId,
      options: {
        videoCodecType: 'VP8',
        ...modes[mode],
        ...(talks && { dataChannels: [{ label, direction: 'sendrecv', compress: true }] }),
      },
      talks,
    },
  );

  const heardByUs = ours.run(({ session, receivedTracks, rx }) =>
    rx.firstValueFrom(
      receivedTracks(session('me').session).pipe(
        rx.filter((tracks) => tracks.some(({ framesDecoded }) => framesDecoded >= 10) && tracks.some(({ audioEnergy }) => audioEnergy > 0)),
        rx.map((tracks) => new Set(tracks.map(({ connectionId }) => connectionId)).size),
      ),
    ),
  );
  await theirs.run(({ subject }) => subject('me').seenAndHeard());
  expect(await heardByUs).toBe(1);

  if (talks) {
    const read = ours.run(
      async ({ session, rx }, label) => new TextDecoder().decode((await rx.firstValueFrom(session('me').session.messages(label))).data),
      label,
    );
    await ours.run(({ session }, label) => session('me').session.send(label, 'from rx-sora'), label);
    expect(await theirs.run(({ subject }) => subject('me').message())).toBe('#chat from rx-sora');
    await theirs.run(
      ({ subject }, label) => subject('me').connection.sendMessage(label, new TextEncoder().encode('from the official SDK')),
      label,
    );
    expect(await read).toBe('from the official SDK');
  }
  const left = ours.run(({ session, rx }) =>
    rx.firstValueFrom(session('me').session.remoteStreams$.pipe(rx.filter((streams) => streams.length === 0))),
  );
  await theirs.run(({ subject }) => subject('me').disconnect());
  expect(await left).toEqual([]);
  expect([...ours.errors, ...theirs.errors]).toEqual([]);
  await Promise.all([ours.close(), theirs.close()]);
});
