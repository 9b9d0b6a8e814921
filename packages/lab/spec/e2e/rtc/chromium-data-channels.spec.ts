import type { Browser } from 'puppeteer-core';
import { take, toArray } from 'rxjs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startRtcEndpoint } from '../../../src/rtc/endpoint.ts';
import type { RtcDataChannelOptions, RtcEndpoint, RtcPeer } from '../../../src/rtc/endpoint.ts';
import { launchChromium } from '../../../../../spec/e2e/support/chromium.ts';
import { BrowserClient } from './support/browser-client.ts';
import { until, untilOpen, untilState } from './support/until.ts';

let browser: Browser;
let client: BrowserClient;
let endpoint: RtcEndpoint;
let peer: RtcPeer;

beforeAll(async () => {
  browser = await launchChromium();
  client = new BrowserClient(await browser.newPage());
});

afterAll(async () => {
  await browser.close();
});

beforeEach(async () => {
  endpoint = await startRtcEndpoint();
  peer = endpoint.createPeer({ dataChannels: true });
  await client.start();
});

afterEach(async () => {
  await endpoint.close();
  await client.close();
});

const connect = async (): Promise<void> => {
  const connected = untilState(peer, 'connected');
  peer.acceptAnswer(await client.answer(peer.createOffer()));
  await connected;
};

const labels = ['signaling', 'notify', 'push', 'stats', 'rpc', '#chat'];

describe('DataChannels with Chromium', () => {
  test('connect, open in order on odd streams, and echo', async () => {
    const states = until(peer.state$.pipe(take(3), toArray()));
    const channels = labels.map((label) => peer.createDataChannel(label));
    const echoes = channels.map(async ({ message$ }) => until(message$));
    for (const channel of channels) channel.send(`hello ${channel.label}`);
    await connect();
    await untilOpen(channels);
    expect(await Promise.all(echoes)).toEqual(labels.map((label) => `echo hello ${label}`));
    expect(await states).toEqual(['new', 'connecting', 'connected']);
    expect(channels.map(({ id }) => id)).toEqual([1, 3, 5, 7, 9, 11]);
    expect(peer.remoteAddress).toMatch(/:\d+$/);
    expect(peer.dropped).toBe(0);
  });

  test.each<RtcDataChannelOptions>([
    { ordered: true, protocol: 'chat.v1' },
    { ordered: false },
    { ordered: false, maxRetransmits: 0 },
    { ordered: true, maxPacketLifeTime: 500 },
    { ordered: false, maxPacketLifeTime: 65_535 },
  ])('arrive with the properties %o', async (options) => {
    const channel = peer.createDataChannel('#label', options);
    await connect();
    await untilOpen([channel]);
    const { ordered = true, maxRetransmits = null, maxPacketLifeTime = null, protocol = '' } = options;
    await client.seen(`open ${JSON.stringify({ id: 1, label: '#label', ordered, maxRetransmits, maxPacketLifeTime, protocol })}`);
  });

  test('carry text and binary of every size up to 256 KiB, empty ones too', async () => {
    const channel = peer.createDataChannel('#sizes');
    await connect();
    for (const size of [0, 1, 1160, 1161, 65_536, 262_144]) {
      const bytes = new Uint8Array(size).map((_, index) => index % 251);
      const echo = until(channel.message$);
      channel.send(bytes);
      expect(Buffer.compare((await echo) as Uint8Array, bytes)).toBe(0);
    }
    const empty = until(channel.message$);
    channel.send('');
    expect(await empty).toBe('echo ');
    expect(() => channel.send(new Uint8Array(262_145))).toThrow("the client's limit of 262144");
  });

  test('keep the order of 10 000 messages', async () => {
    const channel = peer.createDataChannel('#many');
    await connect();
    const echoes = until(channel.message$.pipe(take(10_000), toArray()));
    for (let index = 0; index < 10_000; index++) channel.send(String(index));
    expect(await echoes).toEqual(Array.from({ length: 10_000 }, (_, index) => `echo ${index}`));
  });

  test('carry 1 MB each way over a network that loses 5 % and reorders', async () => {
    const channel = peer.createDataChannel('#rough');
    await connect();
    peer.impair({ lossRatio: 0.05, delayMs: 2, jitterMs: 4 });
    const echoes = until(channel.message$.pipe(take(20), toArray()));
    const block = new Uint8Array(50_000).map((_, index) => index % 253);
    for (let index = 0; index < 20; index++) channel.send(block);
    expect((await echoes).every((echo) => Buffer.compare(echo as Uint8Array, block) === 0)).toBe(true);
  });

  test('close from either side', async () => {
    const [ours, theirs] = [peer.createDataChannel('ours'), peer.createDataChannel('theirs')];
    await connect();
    await untilOpen([ours, theirs]);
    const closed = [until(ours.close$), until(theirs.close$)];
    ours.close();
    await client.seen('close ours');
    await client.closeChannel('theirs');
    await Promise.all(closed);
    await client.seen('close theirs');
    expect(peer.state).toBe('connected');
    expect((await client.events()).filter((event) => event.startsWith('error'))).toEqual([]);
  });

  test('a client that closes its connection ends the peer', async () => {
    const channel = peer.createDataChannel('signaling');
    await connect();
    await untilOpen([channel]);
    const ends = Promise.all([untilState(peer, 'closed'), until(channel.close$)]);
    await client.close();
    await ends;
    expect(endpoint.peers).toEqual([]);
  });
});
