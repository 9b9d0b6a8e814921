import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Browser } from 'puppeteer-core';
import { type Lab, type LabConnection, startLab } from 'rx-sora-lab';
import { filter, firstValueFrom } from 'rxjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../e2e/support/chromium.ts';
import { CallTab } from './support/call-tab.ts';

const EXAMPLE = new URL('../../examples/angular/', import.meta.url).pathname;
/** The folder for the pictures of the documents, if they are wanted anew. */
const PICTURES = process.env['PICTURES'];

let lab: Lab;
let server: ChildProcess;
let url: string;
let browser: Browser;

beforeAll(async () => {
  lab = await startLab({ normalCloseReason: true });
  server = spawn(process.execPath, ['dist/server/server.mjs'], {
    cwd: EXAMPLE,
    env: { ...process.env, PORT: '0', SIGNALING_URL: lab.url },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (server.stdout === null) throw new Error('the server has no output');
  [[url], browser] = await Promise.all([
    once(createInterface({ input: server.stdout }), 'line') as Promise<[string]>,
    // The second and the third fake camera give pictures that no encoder takes.
    launchChromium(['--use-fake-device-for-media-stream=device-count=4'], ['--use-fake-device-for-media-stream']),
  ]);
});

afterAll(async () => {
  await browser.close();
  server.kill();
  await lab.close();
});

const picture = async ({ page }: CallTab, name: string): Promise<void> => {
  if (PICTURES !== undefined) await page.screenshot({ path: `${PICTURES}/angular-${name}.webp`, type: 'webp', quality: 50 });
};

/** The connection of a member, by the name that it gave. */
const connectionOf = (name: string): LabConnection => {
  const found = lab.connections.find(
    ({ connect }) => (connect['signaling_notify_metadata'] as { readonly name?: string } | undefined)?.name === name,
  );
  if (found === undefined) throw new Error(`the lab has no connection of ${name}`);
  return found;
};

/**
 * The client has said goodbye, and the server has let go. Which of the two comes first is left open: a goodbye goes by UDP, and the close of the WebSocket by TCP.
 */
async function leftProperly({ ended$, log$ }: LabConnection): Promise<void> {
  const goodbye$ = log$.pipe(filter(({ direction, type }) => direction === 'received' && type === 'disconnect'));
  await Promise.all([firstValueFrom(goodbye$), firstValueFrom(ended$)]);
}

describe('a page that the server has rendered', () => {
  let html: string;
  let tab: CallTab;

  beforeAll(async () => {
    html = await (await fetch(`${url}rooms/quiet`)).text();
    tab = await CallTab.open(browser, `${url}rooms/quiet`);
  });
  afterAll(() => tab.close());

  test('has the first paint in it, and no session was opened for it', () => {
    expect(html).toContain('data-state="idle">not in a call<');
    expect(html).toContain('<strong>quiet</strong>');
    expect(html).toContain('Nobody else is here.');
  });

  test('is taken over in the browser without a word, and nothing of it is thrown away', async () => {
    await tab.reaches('connected');
    expect(await tab.page.evaluate(() => notes.removed)).toEqual([]);
    expect(await tab.page.$$eval('[ngh]', (all) => all.length)).toBe(0); // what is hydrated loses its mark
    expect(tab.printed).toEqual([]);
  });

  test('leaves nothing when the tab is left', async () => {
    const [gone] = lab.connections as [LabConnection];
    await tab.page.goto('about:blank');
    await leftProperly(gone);
  });
});

describe('two tabs in a room', () => {
  let ann: CallTab;
  let ben: CallTab;

  beforeAll(async () => {
    [ann, ben] = await Promise.all([CallTab.open(browser, url), CallTab.open(browser, url)]);
  });
  afterAll(() => Promise.all([ann.close(), ben.close()]));

  test('see each other, by name', async () => {
    await ann.join('team', 'Ann');
    await ann.reaches('connected');
    await ben.join('team', 'Ben');
    await Promise.all([ann.sees(1), ben.sees(1)]);
    await Promise.all([ann.shows('Ben'), ben.shows('Ann')]);
    expect(await ann.texts('.roster li')).toEqual(['Ann (you)', 'Ben']);
    expect(await ben.texts('.roster li')).toEqual(['Ann', 'Ben (you)']);
    expect(await ann.texts('.tile:not(.own) figcaption')).toEqual(['Ben']);
    await ann.page.waitForSelector('.health[data-health="good"]');
  });

  test('render nothing for messages that are not shown, and show the last of them when the chat is opened', async () => {
    const connection = connectionOf('Ben');
    await firstValueFrom(connection.state$.pipe(filter((state) => state === 'switched')));
    // The first look at Ben's health has been taken, and is rendered.
    await ben.page.waitForSelector('.health:not([title*="unmeasured"], [title*="not-connected"])');
    const before = await ben.changeDetections();
    for (let batch = 1; batch <= 20; batch += 1) {
      for (let at = batch * 25 - 24; at <= batch * 25; at += 1) {
        connection.sendMessage('#chat', new TextEncoder().encode(JSON.stringify({ at, name: 'lab', text: `message ${at}` })));
      }
      await ben.page.waitForFunction((count) => notes.received === count, {}, batch * 25);
    }
    // Other news of the call may be rendered in between.
    expect((await ben.changeDetections()) - before).toBeLessThan(10);
    await ben.press('Chat');
    await ben.shows('lab message 500');
    expect(await ben.texts('.lines li')).toHaveLength(100);
  });

  test('chat', async () => {
    await ann.press('Chat');
    await ann.page.locator('input[name=text]').fill('hello Ben');
    await ann.press('Send');
    await ben.shows('Ann hello Ben');
    await ben.page.locator('input[name=text]').fill('hello Ann');
    await ben.press('Send');
    await ann.shows('Ben hello Ann');
    expect(await ann.texts('.lines li')).toEqual(['Ann hello Ben', 'Ben hello Ann']);
    await picture(ann, 'call');
  });

  test('change the camera in the same connection', async () => {
    const { connectionId } = connectionOf('Ann');
    const labelOf = (): Promise<string | undefined> =>
      ann.page.$eval('.own video', (video) => (video.srcObject as MediaStream).getVideoTracks()[0]?.label);
    const before = await labelOf();
    const cameras = await ann.page.$$eval('select[name=camera] option', (all) => all.map((option) => option.value));
    await ann.page.select('select[name=camera]', cameras.at(-1) ?? '');
    await ann.page.waitForFunction(
      (before) => {
        const video = document.querySelector<HTMLVideoElement>('.own video');
        const [track] = (video?.srcObject as MediaStream | null)?.getVideoTracks() ?? [];
        const sent = notes.peerConnections.flatMap((each) => each.getSenders()).find((sender) => sender.track?.kind === 'video')?.track;
        return track !== undefined && track.label !== before && sent?.id === track.id && sent.readyState === 'live';
      },
      {},
      before,
    );
    expect(connectionOf('Ann').connectionId).toBe(connectionId);
    await ben.seesMore();
  });

  test('survive a restart of the lab', async () => {
    const { port } = new URL(lab.url);
    for (const connection of lab.connections) connection.resetWebSocket();
    await lab.close();
    await Promise.all([ann.reaches('waiting'), ben.reaches('waiting')]);
    await ann.shows('The connection was lost and is tried again.');
    await picture(ann, 'banner');
    lab = await startLab({ port: Number(port), normalCloseReason: true });
    await Promise.all([ann.retryNow(), ben.retryNow()]);
    await Promise.all([ann.reaches('connected'), ben.reaches('connected')]);
    await Promise.all([ann.sees(1), ben.sees(1)]);
    expect(await ann.page.$('.banner')).toBeNull();
    expect(await ann.texts('.lines li')).toEqual(['Ann hello Ben', 'Ben hello Ann']); // what was said is still there
  });

  test('say why, in two languages, when the server removes somebody', async () => {
    // What the Close frame says must not come after channels that closed without a word, however late it is.
    connectionOf('Ben').inject({ kind: 'end-without', channelClose: true });
    connectionOf('Ben').disconnect({ code: 1000, reason: 'DISCONNECTED-API' });
    await ben.reaches('over');
    expect(await ben.text('.reason')).toMatch(/the server closed the session over the WebSocket with 1000 "DISCONNECTED-API"/);
    await ben.press('日本語');
    await ben.shows('サーバー');
    expect(await ben.text('.reason')).toMatch(/サーバー.*DISCONNECTED-API/);
    expect(await ben.page.$eval('html', (html) => html.lang)).toBe('ja');
    await picture(ben, 'reason-ja');
    await ben.press('もう一度参加');
    await Promise.all([ann.sees(1), ben.sees(1)]);
  });

  test('leave while the call waits, with camera and microphone off, and come back with both', async () => {
    connectionOf('Ann').resetWebSocket();
    const live = await ann.leaveInTheWait();
    expect(live).toBe(2);
    await ann.reaches('over');
    await ann.page.waitForFunction(() => notes.left?.every(({ readyState }) => readyState === 'ended'));
    await ann.press('Join again');
    await ann.reaches('connected');
    await Promise.all([ann.sees(1), ben.sees(1)]);
  });

  test('leave nothing on the server when the route changes', async () => {
    const gone = connectionOf('Ann');
    await ann.page.locator('header a').click();
    await leftProperly(gone);
    await ann.page.waitForFunction(() => notes.peerConnections.every(({ connectionState }) => connectionState === 'closed'));
    await ben.sees(0);
    expect(lab.connections).toHaveLength(1);
  });

  test('printed nothing to the console that the network did not cause', () => {
    const own = [...ann.printed, ...ben.printed].filter((line) => !/WebSocket connection|net::ERR/.test(line));
    expect(own).toEqual([]);
  });
});
