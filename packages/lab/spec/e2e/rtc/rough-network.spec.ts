import type { Browser } from 'puppeteer-core';
import { scan, take, toArray } from 'rxjs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startRtcEndpoint } from '../../../src/rtc/endpoint.ts';
import type { RtcEndpoint, RtcPeer } from '../../../src/rtc/endpoint.ts';
import { launchChromium } from '../../../../../spec/e2e/support/chromium.ts';
import { firefoxPath, launchFirefox, withoutFirefox } from '../../../../../spec/e2e/support/firefox.ts';
import { pseudoRandom } from '../../rtc/support/pseudo-random.ts';
import { smooth } from '../../rtc/support/werift-sctp.ts';
import { serveBlankPage } from './support/blank-page.ts';
import type { BlankPage } from './support/blank-page.ts';
import { BrowserClient } from './support/browser-client.ts';
import { startRoughRelay } from './support/rough-relay.ts';
import type { RoughRelay } from './support/rough-relay.ts';
import { until, untilOpen, untilState } from './support/until.ts';

const firefox = firefoxPath();

const rough = { loss: 0.1, duplication: 0.2, jitterMs: 10 };

describe.each([
  { name: 'Firefox', launch: async () => launchFirefox(firefox ?? '') },
  { name: 'Chromium', launch: launchChromium },
])('DataChannels with $name over a network that loses 10 %, doubles 20 % and reorders', ({ name, launch }) => {
  if (name === 'Firefox' && firefox === null) {
    console.warn(withoutFirefox);
    test(withoutFirefox, () => {
      expect(firefox).toBeNull();
    });
    return;
  }

  let browser: Browser;
  let page: BlankPage;
  let client: BrowserClient;
  let endpoint: RtcEndpoint;
  let relay: RoughRelay;
  let peer: RtcPeer;

  beforeAll(async () => {
    [browser, page] = await Promise.all([launch(), serveBlankPage()]);
    const tab = await browser.newPage();
    await tab.goto(page.url);
    // Firefox finds a server on loopback only for pages that use a microphone or camera.
    await tab.evaluate(async () => {
      await navigator.mediaDevices.getUserMedia({ audio: true });
    });
    client = new BrowserClient(tab);
  });

  afterAll(async () => {
    await Promise.all([browser.close(), page.close()]);
  });

  beforeEach(async () => {
    endpoint = await startRtcEndpoint();
    relay = await startRoughRelay(endpoint.port, pseudoRandom(2026));
    peer = endpoint.createPeer({ dataChannels: true });
    await client.start();
  });

  afterEach(async () => {
    await client.close();
    await endpoint.close();
    await relay.close();
  });

  const connect = async (): Promise<void> => {
    const connected = untilState(peer, 'connected');
    const offer = peer.createOffer().replaceAll(` ${endpoint.port} typ host`, ` ${relay.port} typ host`);
    peer.acceptAnswer(await client.answer(offer));
    await connected;
  };

  test('open, and carry messages of every size in order, both ways', async () => {
    relay.network = rough;
    const channel = peer.createDataChannel('#rough');
    await connect();
    await untilOpen([channel]);
    const messages = Array.from({ length: 120 }, (_, index) =>
      `${index} `.padEnd([1, 30, 1159, 1160, 1161, 5000, 40_000][index % 7] ?? 1, 'x'),
    );
    const echoes = until(channel.message$.pipe(take(messages.length), toArray()));
    for (const message of messages) channel.send(message);
    expect((await echoes).map((echo) => [String(echo).slice(0, 12), echo.length])).toEqual(
      messages.map((message) => [`echo ${message}`.slice(0, 12), message.length + 5]),
    );
    expect(relay.counted.lost).toBeGreaterThan(20);
    expect(relay.counted.doubled).toBeGreaterThan(40);
    expect(peer.state).toBe('connected');
  });

  test.each([true, false])('messages that may be given up hold up nothing, and take nothing with them (ordered: %s)', async (ordered) => {
    const channel = peer.createDataChannel('#lossy', { ordered, maxRetransmits: 0 });
    const reliable = peer.createDataChannel('#reliable');
    await connect();
    await untilOpen([channel, reliable]);
    relay.network = rough;
    const kept = until(reliable.message$.pipe(take(50), toArray()));
    const received: string[] = [];
    channel.message$.subscribe((data) => received.push(String(data)));
    for (let index = 0; index < 200; index++) {
      channel.send(`${index} `.padEnd(index % 4 === 0 ? 3000 : 20, 'x'));
      if (index % 4 === 0) reliable.send(`kept ${index / 4} `.padEnd(4000, 'x'));
    }
    // What is still on its way then is whole or given up.
    await until(channel.drain$);
    relay.network = smooth;
    // The first few may still be given up.
    const wanted = Array.from({ length: 15 }, (_, index) => `echo after ${index + 6}`);
    const after = until(
      channel.message$.pipe(scan((missing, data) => missing.filter((echo) => echo !== String(data)), wanted)),
      (missing) => missing.length === 0,
    );
    for (let index = 0; index <= 20; index++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      channel.send(`after ${index}`);
    }
    await after;
    expect((await kept).map((echo) => Number.parseInt(String(echo).slice(10), 10))).toEqual(
      Array.from({ length: 50 }, (_, index) => index),
    );
    const numbers = received.filter((text) => !text.includes('after')).map((text) => Number.parseInt(text.slice(5), 10));
    expect(numbers.length).toBeGreaterThan(20);
    expect(numbers.length).toBeLessThan(200);
    expect(new Set(numbers).size).toBe(numbers.length);
    if (!ordered) return; // there a late echo may come behind those after it
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect(received.slice(-15)).toEqual(wanted);
  });

  test('close from either side', async () => {
    const [ours, theirs] = [peer.createDataChannel('ours'), peer.createDataChannel('theirs')];
    await connect();
    await untilOpen([ours, theirs]);
    relay.network = rough;
    const closed = [until(ours.close$), until(theirs.close$)];
    ours.close();
    await client.seen('close ours');
    await client.closeChannel('theirs');
    await Promise.all(closed);
    await client.seen('close theirs');
    expect((await client.events()).filter((event) => event.startsWith('error'))).toEqual([]);
  });
});
