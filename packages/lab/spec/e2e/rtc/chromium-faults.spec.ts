import type { Browser } from 'puppeteer-core';
import { takeWhile, toArray } from 'rxjs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { startRtcEndpoint } from '../../../src/rtc/endpoint.ts';
import type { IceSupervision, RtcDataChannel, RtcEndpoint, RtcPeer } from '../../../src/rtc/endpoint.ts';
import { launchChromium } from '../../../../../spec/e2e/support/chromium.ts';
import { BrowserClient } from './support/browser-client.ts';
import { until, untilOpen, untilState } from './support/until.ts';

let browser: Browser;
let client: BrowserClient;
let endpoint: RtcEndpoint;
let peer: RtcPeer;
let channel: RtcDataChannel;

/** `disconnected` comes soon, and on a busy machine uncalled for; `failed`, which is for good, only where it is wanted. */
const supervision = {
  connectedIntervalMs: 100,
  connectedTimeoutMs: 200,
  checkingIntervalMs: 50,
  checkingTimeoutMs: 200,
  disconnectedIntervalMs: 20,
  disconnectedTimeoutMs: 60_000,
};

beforeAll(async () => {
  browser = await launchChromium();
  client = new BrowserClient(await browser.newPage());
});

afterAll(async () => {
  await browser.close();
});

beforeEach(async () => {
  endpoint = await startRtcEndpoint();
  await client.start();
});

const connect = async (times: IceSupervision = supervision): Promise<void> => {
  peer = endpoint.createPeer({ dataChannels: true, supervision: times });
  channel = peer.createDataChannel('signaling');
  const connected = untilState(peer, 'connected');
  peer.acceptAnswer(await client.answer(peer.createOffer()));
  await connected;
  await untilOpen([channel]);
};

afterEach(async () => {
  await endpoint.close();
  await client.close();
});

const echoes = async (): Promise<void> => {
  const echo = until(channel.message$);
  channel.send('still there?');
  expect(await echo).toBe('echo still there?');
};

describe('faults, as Chromium sees them', () => {
  beforeEach(async () => connect());

  test('abortSctp: every channel fails with cause 12, the connection stays', async () => {
    const error = until(channel.error$);
    peer.abortSctp();
    expect((await error).message).toContain('aborted by the lab');
    await client.seen('error signaling 12');
    await client.seen('close signaling');
    expect(channel.readyState).toBe('closed');
    await untilState(peer, 'connected');
  });

  test('closeDtls with close_notify: channels close without an error', async () => {
    // Without DTLS the state stays as it is, unless ICE fails.
    await untilState(peer, 'connected');
    peer.closeDtls();
    await client.seen('close signaling');
    expect((await client.events()).filter((event) => event.startsWith('error'))).toEqual([]);
    expect(channel.readyState).toBe('closed');
    expect(peer.state).toBe('connected');
  });

  test('closeDtls without a word: the client notices nothing, ICE goes on', async () => {
    await untilState(peer, 'connected');
    peer.closeDtls({ notify: false });
    const before = peer.dropped;
    await client.closeChannel('signaling');
    // What the client sends arrives, and nobody can read it.
    await vi.waitUntil(() => peer.dropped > before, { timeout: 30_000 });
    expect(peer.state).toBe('connected');
    expect(await client.events()).not.toContain('close signaling');
  });

  test('close: channels close without an error', async () => {
    peer.close();
    await client.seen('close signaling');
    expect((await client.events()).filter((event) => event.startsWith('error'))).toEqual([]);
    expect(endpoint.peers).toEqual([]);
  });

  test('silence that ends in time: disconnected, then connected, and nothing is lost', async () => {
    peer.silence(true);
    await untilState(peer, 'disconnected');
    peer.silence(false);
    await untilState(peer, 'connected');
    await echoes();
  });

  test('impair: 100 % loss is silence, and mending brings everything back', async () => {
    peer.impair({ lossRatio: 1 });
    expect(peer.impairment).toEqual({ lossRatio: 1, delayMs: 0, jitterMs: 0 });
    await untilState(peer, 'disconnected');
    peer.impair({});
    await untilState(peer, 'connected');
    await echoes();
  });

  test('impair: a delay counts in both directions', async () => {
    peer.impair({ delayMs: 40 });
    const startMs = performance.now();
    await echoes();
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(79);
  });
});

test('silence that stays, with Chromium: disconnected, then failed', async () => {
  await connect({ ...supervision, disconnectedTimeoutMs: 2000 });
  const states = until(
    peer.state$.pipe(
      takeWhile((state) => state !== 'failed', true),
      toArray(),
    ),
  );
  peer.silence(true);
  expect((await states).slice(-2)).toEqual(['disconnected', 'failed']);
  peer.silence(false);
  expect(peer.state).toBe('failed');
});
