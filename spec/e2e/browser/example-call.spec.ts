import type { Browser, Page } from 'puppeteer-core';
import { filter, firstValueFrom } from 'rxjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LabConnection } from 'rx-sora-lab';
import { type CallSite, serveCall } from '../../../examples/call/site.ts';
import { launchChromium } from '../support/chromium.ts';

const root = (path: string): string => new URL(`../../../${path}`, import.meta.url).pathname;
let browser: Browser;
let site: CallSite;

beforeAll(async () => {
  [browser, site] = await Promise.all([
    launchChromium(['--use-fake-device-for-media-stream=device-count=3'], ['--use-fake-device-for-media-stream']),
    serveCall(0, { 'rx-sora': root('src/index.ts'), 'rx-sora/media': root('src/media/index.ts') }),
  ]);
});
afterAll(async () => {
  await Promise.all([browser.close(), site.close()]);
});

/** A user with a tab of their own. It may be in the background, where nothing is clicked by its place. */
class User {
  readonly name: string;
  readonly page: Page;
  readonly errors: string[] = [];

  constructor(name: string, page: Page) {
    this.name = name;
    this.page = page;
    page.on('pageerror', (error) => this.errors.push(String(error)));
  }

  static async enter(name: string): Promise<User> {
    const context = await browser.createBrowserContext();
    const user = new User(name, await context.newPage());
    // Every wait for an attempt takes its longest: one of a few milliseconds would be over before anybody looks.
    await user.page.evaluateOnNewDocument('Math.random = () => 0.999');
    await user.page.goto(`${site.url}?name=${name}`, { waitUntil: 'load' });
    return user;
  }

  /** Waits until an expression of the page is true. */
  async sees(expression: string): Promise<void> {
    await this.page.waitForFunction(expression, { polling: 100, timeout: 30_000 });
  }

  async does(statement: string): Promise<void> {
    await this.page.evaluate(`void (${statement})`);
  }

  click(selector: string): Promise<void> {
    return this.does(`document.querySelector('${selector}').click()`);
  }

  async join(): Promise<void> {
    await this.click('#room button');
    await this.sees(`document.querySelector('#state').value === 'connected' && document.querySelector('#banner').hidden`);
  }

  async writes(text: string): Promise<void> {
    await this.does(`document.querySelector('#text').value = '${text}'`);
    await this.click('#chat button');
  }

  /** Members, in the order of their names. */
  hasHere(...names: readonly string[]): Promise<void> {
    const expected = JSON.stringify([...names].sort());
    return this.sees(`JSON.stringify([...document.querySelectorAll('#members li')].map((li) => li.textContent).sort()) === '${expected}'`);
  }

  /** The picture of somebody moves, with their name under it. Where another one takes its place, it is that one's frames that count. */
  async seesMoving(name: string): Promise<void> {
    const begun = await this.page.evaluateHandle(() => new WeakMap<HTMLVideoElement, number>());
    await this.page.waitForFunction(
      (name, begun) => {
        const figure = [...document.querySelectorAll('figure')].find((it) => it.textContent.trim() === name);
        const video = figure?.querySelector('video');
        if (!video || video.videoWidth === 0) return false;
        const { totalVideoFrames } = video.getVideoPlaybackQuality();
        if (!begun.has(video)) begun.set(video, totalVideoFrames);
        return totalVideoFrames > (begun.get(video) ?? 0) + 5;
      },
      { polling: 100, timeout: 30_000 },
      name,
      begun,
    );
  }

  /** Shows what a connection sends, and nothing of one that is gone. */
  seesInPlaceOf(gone: LabConnection, now: LabConnection): Promise<void> {
    const shown = ({ connectionId }: LabConnection): string => `document.querySelector('[data-connection-id="${connectionId}"]') !== null`;
    return this.sees(`!(${shown(gone)}) && ${shown(now)}`);
  }
}

/** The connection that a client has now. */
const connectionOf = (name: string): LabConnection => {
  const connection = site.lab.connections.find(({ clientId, state }) => clientId === name && state !== 'ended');
  if (connection === undefined) throw new Error(`${name} has no connection`);
  return connection;
};

/** The channels of the connection that a client has now are open. */
const switched = (name: string): Promise<unknown> =>
  firstValueFrom(connectionOf(name).state$.pipe(filter((state) => state === 'switched')));

test('the example: two tabs meet, talk, lose the server, come back, change the camera, and leave', { timeout: 120_000 }, async () => {
  const [ann, ben] = await Promise.all([User.enter('Ann'), User.enter('Ben')]);
  await Promise.all([ann.join(), ben.join()]);
  await Promise.all([ann.hasHere('Ann (you)', 'Ben'), ben.hasHere('Ann', 'Ben (you)')]);
  await Promise.all([ann.seesMoving('Ben'), ben.seesMoving('Ann'), ann.sees(`document.querySelector('#light').dataset.state === 'good'`)]);
  // What is written to somebody whose channels have yet to open is lost.
  await Promise.all(['Ann', 'Ben'].map((name) => switched(name)));
  await ann.writes('hello');
  await ben.sees(`document.querySelector('#messages').textContent.trim() === 'Ann hello'`);

  // The server crashes: a banner says so. It is back, and Ann does not want to wait.
  const rule = site.lab.faults.add({ fault: { kind: 'refused' } });
  for (const connection of site.lab.connections) connection.cutWebSocket();
  await ann.sees(`/Attempt [2-9] in/.test(document.querySelector('#why').textContent) && !document.querySelector('#retry').hidden`);
  expect(await ann.page.evaluate(`document.querySelector('#self').srcObject.getVideoTracks()[0].readyState`)).toBe('live');
  site.lab.faults.remove(rule);
  await ann.click('#retry');
  await Promise.all([ann, ben].map((each) => each.sees(`document.querySelector('#state').value === 'connected'`)));
  await Promise.all([ann.hasHere('Ann (you)', 'Ben'), ben.hasHere('Ann', 'Ben (you)')]);
  await Promise.all([ann.seesMoving('Ben'), ben.seesMoving('Ann'), ann.sees(`document.querySelector('#banner').hidden`)]);
  await Promise.all(['Ann', 'Ben'].map((name) => switched(name)));
  await ben.writes('back again');
  await ann.sees(`document.querySelector('#messages li:last-child').textContent === 'Ben back again'`);

  // Another camera: the first one is let go, and the other one is what Ben sees. The second fake device has depth and no picture.
  await ann.does(`globalThis.first = document.querySelector('#self').srcObject.getVideoTracks()[0]`);
  await ann.does(
    `document.querySelector('#camera').selectedIndex = 2, document.querySelector('#camera').dispatchEvent(new Event('change'))`,
  );
  await ann.sees(
    `document.querySelector('#self').srcObject?.getVideoTracks()[0].label === 'fake_device_2' && first.readyState === 'ended'`,
  );
  await ben.seesMoving('Ann');

  // A renewed session sends the camera that was chosen.
  const lost = connectionOf('Ann');
  lost.cutWebSocket();
  const renewed = await firstValueFrom(
    site.lab.connections$.pipe(filter(({ clientId, connectionId }) => clientId === 'Ann' && connectionId !== lost.connectionId)),
  );
  await ann.sees(`document.querySelector('#state').value === 'connected'`);
  await ben.seesInPlaceOf(lost, renewed);
  await ben.seesMoving('Ann');
  expect(await ann.page.evaluate(`document.querySelector('#self').srcObject.getVideoTracks()[0].label`)).toBe('fake_device_2');

  // Ann leaves, and her camera goes off; Ben is kicked, and so does his.
  await Promise.all([ann, ben].map((each) => each.does(`globalThis.tracks = document.querySelector('#self').srcObject.getTracks()`)));
  await ann.click('#leave');
  await ann.sees(`tracks.every((track) => track.readyState === 'ended') && document.querySelector('#banner').hidden`);
  await ben.hasHere('Ben (you)');
  await ben.sees(`document.querySelectorAll('#tiles figure:not([hidden])').length === 1`);
  // What the Close frame says must not come after channels that closed without a word, however late it is.
  connectionOf('Ben').inject({ kind: 'end-without', channelClose: true });
  connectionOf('Ben').disconnect();
  await ben.sees(`document.querySelector('#why').textContent.startsWith('The call is over') && document.querySelector('#retry').hidden`);
  await ben.sees(`tracks.every((track) => track.readyState === 'ended')`);
  for (const each of [ann, ben]) {
    expect(await each.page.evaluate(`document.querySelector('#problem').hidden`)).toBe(true);
    expect(each.errors).toEqual([]);
  }
});
