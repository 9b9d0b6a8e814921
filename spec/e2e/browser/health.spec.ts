import type { Browser } from 'puppeteer-core';
import type { ConnectOptions, Health } from 'rx-sora';
import type { ReplaySubject } from 'rxjs';
import { startLab, type Lab, type LabConnection } from 'rx-sora-lab';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { connectionOf } from '../support/lab-side.ts';
import { openTab, type Tab } from '../support/open-page.ts';
import type { RxSoraBench } from '../support/page/rx-sora.ts';
import { serve, type Site } from '../support/page-site.ts';

/**
 * How long a healthy call is watched, in milliseconds. `HEALTHY_MS=60000` asks for a longer time on an idle machine, where the times are judged as well: a machine
 * that runs other specs besides may really starve a call. The limits themselves are proved in virtual time, in spec/health.
 */
const { HEALTHY_MS: asked } = process.env;
const HEALTHY_MS = Number(asked ?? 3000);
const isIdle = asked !== undefined;
const SHOWN_WITHIN_MS = isIdle ? 2000 : 30_000;
/** What a call without trouble must not be told to be. */
const alarms: readonly string[] = isIdle ? ['unstable', 'stalled'] : ['stalled'];

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

/** A health, with the time on the machine's clock at which it was told, and what ICE said then. */
type Told = Health & { readonly wall: number; readonly ice: string | undefined };

interface Participant {
  readonly tab: Tab<RxSoraBench>;
  readonly atLab: LabConnection;
}

interface Kept {
  readonly healthSubject: ReplaySubject<Told>;
}

/** A tab whose session is connected, and whose health is kept from the beginning. */
async function enter(channelId: string, role: ConnectOptions['role']): Promise<Participant> {
  const tab = await openTab<RxSoraBench>(browser, site);
  tabs.push(tab);
  const options: ConnectOptions = { signalingUrl: lab.url, channelId, role, clientId: `${channelId} ${role}`, video: { codecType: 'VP8' } };
  await tab.run(async ({ open, capture, sora, rx }, options) => {
    const stream = options.role === 'recvonly' ? undefined : await capture(320, 180, 20);
    const { session } = open('me', { ...options, ...(stream && { stream }) });
    const healthSubject = new rx.ReplaySubject<Told>(Infinity);
    Object.assign(globalThis, { healthSubject });
    sora
      .health(session)
      .pipe(rx.map((health) => ({ ...health, wall: Date.now(), ice: session.peerConnection?.iceConnectionState })))
      .subscribe(healthSubject);
    await session.connect();
  }, options);
  return { tab, atLab: await connectionOf(lab, `${channelId} ${role}`) };
}

/** Waits until data have been watched for so long. */
const watched = ({ tab }: Participant, ms: number): Promise<unknown> =>
  tab.run(
    ({ rx }, ms) =>
      rx.firstValueFrom(
        (globalThis as unknown as Kept).healthSubject.pipe(
          rx.filter(({ evidence }) => evidence[0]?.kind === 'receiving'),
          rx.delay(ms),
        ),
      ),
    ms,
  );

/** Everything told until now. */
const toldSoFar = ({ tab }: Participant): Promise<readonly Told[]> =>
  tab.run(({ rx }) => rx.firstValueFrom((globalThis as unknown as Kept).healthSubject.pipe(rx.takeUntil(rx.timer(0)), rx.toArray())));

/** The first health of a state that is told after a moment. */
const next = ({ tab }: Participant, state: Health['state'] | 'not good', after: number): Promise<Told> =>
  tab.run(
    ({ rx }, { state, after }) =>
      rx.firstValueFrom(
        (globalThis as unknown as Kept).healthSubject.pipe(
          rx.filter((told) => told.wall >= after && (state === 'not good' ? told.state !== 'good' : told.state === state)),
        ),
      ),
    { state, after },
  );

test('a healthy call gives no alarm; a peer that falls silent is shown, and its return too', { timeout: 60_000 + HEALTHY_MS }, async () => {
  // One who sends and receives, one who only receives, one who sends alone.
  const everybody = [await enter('shared', 'sendrecv'), await enter('shared', 'recvonly'), await enter('apart', 'sendonly')];
  await Promise.all(everybody.map((each) => watched(each, HEALTHY_MS)));
  for (const each of everybody) {
    const told = await toldSoFar(each);
    expect(told.filter(({ state }) => alarms.includes(state))).toEqual([]);
  }

  const silentAt = Date.now();
  for (const { atLab } of everybody) atLab.inject({ kind: 'peer-silent' });
  for (const each of everybody) {
    const shown = await next(each, 'not good', silentAt);
    expect(shown.ice).toBe('connected');
    if (isIdle) expect(shown.evidence[0]?.kind).toBe('nothing-received');
    expect(shown.wall - silentAt).toBeLessThan(SHOWN_WITHIN_MS);
  }
  const stalled = await Promise.all(everybody.map((each) => next(each, 'stalled', silentAt)));
  expect(stalled.map(({ ice }) => ice)).toEqual(['connected', 'connected', 'connected']);
  // Who sends is owed the server's reports; who only receives has the checks.
  expect(stalled.map(({ evidence }) => evidence[0]?.kind)).toEqual(['nothing-received', 'checks-unanswered', 'nothing-received']);

  const resumedAt = Date.now();
  for (const { atLab } of everybody) atLab.inject({ kind: 'resume' });
  for (const each of everybody) expect((await next(each, 'good', resumedAt)).evidence[0]?.kind).toBe('receiving');
});

test('others who stop sending on purpose have not fallen silent', async () => {
  const [sender, receiver] = [await enter('muted', 'sendonly'), await enter('muted', 'recvonly')];
  await watched(receiver, 3000);
  await sender.tab.run(async ({ session, sora }) => {
    const { session: me } = session('me');
    await Promise.all([sora.replaceTrack(me, 'audio', null), sora.replaceTrack(me, 'video', null)]);
  });
  // Four samples without a packet of media: twice as long as a peer that fell silent would need to be known.
  await receiver.tab.run(({ session, sora, rx }) =>
    rx.firstValueFrom(
      sora.stats(session('me').session).pipe(
        rx.map(({ inbound }) => inbound.every(({ packetsPerSecond }) => packetsPerSecond === 0)),
        rx.scan((count, isSilent) => (isSilent ? count + 1 : 0), 0),
        rx.filter((count) => count >= 4),
      ),
    ),
  );
  for (const each of [sender, receiver]) expect((await toldSoFar(each)).filter(({ state }) => alarms.includes(state))).toEqual([]);
});
