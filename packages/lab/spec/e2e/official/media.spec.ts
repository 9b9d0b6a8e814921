import { startLab, type Lab } from 'rx-sora-lab';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { OfficialBrowser, type OfficialTab } from '../support/official-browser.ts';
import type { InboundTrack, PageConnect } from './page.ts';

let browser: OfficialBrowser;
let lab: Lab;
beforeAll(async () => {
  browser = await OfficialBrowser.start();
});
afterAll(async () => {
  await browser.close();
});
beforeEach(async () => {
  lab = await startLab();
});
afterEach(async () => {
  await browser.closeTabs();
  await lab.close();
});

type More = Partial<Omit<PageConnect, 'name'>>;

/** A tab of its own with one connection in it. */
const enter = async (name: string, more: More = {}): Promise<{ tab: OfficialTab; connectionId: string }> => {
  const tab = await browser.tab();
  const { connectionId } = await tab.connect({
    name,
    role: 'sendrecv',
    urls: lab.url,
    channelId: 'room',
    ...(more.role === 'recvonly' ? {} : { media: {} }),
    ...more,
    options: { videoCodecType: 'VP8', ...more.options },
  });
  return { tab, connectionId };
};

const seen =
  (streamId: string, frames = 5) =>
  (tracks: readonly InboundTrack[]): boolean =>
    tracks.some((track) => track.kind === 'video' && track.streamId === streamId && track.framesDecoded >= frames);
const heard =
  (streamId: string) =>
  (tracks: readonly InboundTrack[]): boolean =>
    tracks.some((track) => track.kind === 'audio' && track.streamId === streamId && track.totalAudioEnergy > 0);
const both =
  (streamId: string) =>
  (tracks: readonly InboundTrack[]): boolean =>
    seen(streamId)(tracks) && heard(streamId)(tracks);

test.each([
  ['WebSocket only', {}],
  ['both', { dataChannelSignaling: true, ignoreDisconnectWebSocket: false }],
  ['DataChannel only', { dataChannelSignaling: true, ignoreDisconnectWebSocket: true }],
] as const)('two tabs see and hear each other: %s', async (_, options) => {
  const one = await enter('a', { options });
  const two = await enter('b', { options });
  await one.tab.inboundUntil('a', both(two.connectionId));
  await two.tab.inboundUntil('b', both(one.connectionId));
});

test.each(['VP8', 'VP9', 'AV1', 'H264'])('%s decodes in the receiver', async (videoCodecType) => {
  const sender = await enter('a', { role: 'sendonly', options: { videoCodecType } });
  const receiver = await enter('b', { role: 'recvonly', options: { videoCodecType } });
  const tracks = await receiver.tab.inboundUntil('b', both(sender.connectionId));
  expect(tracks.find(({ kind }) => kind === 'video')!.codec).toBe(`video/${videoCodecType}`);
  expect(await sender.tab.inbound('a')).toEqual([]);
});

test('whoever comes later gets everybody, whoever leaves takes the tracks along, and sections are reused', async () => {
  const viewer = await enter('v', { role: 'recvonly' });
  const first = await enter('a', { role: 'sendonly' });
  await viewer.tab.inboundUntil('v', both(first.connectionId));
  await first.tab.disconnect('a');
  await viewer.tab.event('v', ({ kind, stream, track }) => kind === 'removetrack' && stream === first.connectionId && track === 'video');
  const second = await enter('b', { role: 'sendonly' });
  await viewer.tab.inboundUntil('v', both(second.connectionId));
  const offers: string[] = [];
  lab.connections[0]!.log$.subscribe(({ type, direction, message }) => {
    if (direction === 'sent' && type === 're-offer') offers.push((message as { sdp: string }).sdp);
  });
  // The section of the placeholder, then one of audio and one of video for whoever is there.
  const sections = (sdp: string) => sdp.match(/^m=/gm)!.length;
  expect(sections(offers.at(-1)!)).toBe(sections(offers[0]!));
});

test('audio alone and video alone', async () => {
  const speaker = await enter('a', { role: 'sendonly', options: { video: false }, media: { video: false } });
  const painter = await enter('p', { role: 'sendonly', options: { audio: false }, media: { audio: false } });
  const viewer = await enter('v', { role: 'recvonly' });
  const tracks = await viewer.tab.inboundUntil('v', (all) => heard(speaker.connectionId)(all) && seen(painter.connectionId)(all));
  expect(tracks).toHaveLength(2);
});

describe('stereo', () => {
  const near = (expected: number) => (frequency: number | undefined) => frequency !== undefined && Math.abs(frequency - expected) < 30;

  /** Connects a sender of 440 Hz on the left and 660 Hz on the right; resolves once its audio satisfies this. */
  const heardUntil = async (options: More['options'], is: (left?: number, right?: number) => boolean): Promise<void> => {
    const audioOnly = { video: false, ...options };
    const sender = await enter('a', { role: 'sendonly', options: audioOnly, media: { audio: 'stereo', video: false } });
    // Chromium decodes stereo only where the answer of the receiver allows it.
    const listener = await enter('v', { role: 'recvonly', options: { video: false, forceStereoOutput: true } });
    await listener.tab.inboundUntil('v', heard(sender.connectionId));
    await listener.tab.until(async () => (is(...(await listener.tab.frequencies('v', sender.connectionId))) ? true : undefined));
  };

  test('is sent by default, because the offer allows it', async () => {
    await heardUntil({}, (left, right) => near(440)(left) && near(660)(right));
  });

  test('is not sent where the client turns it off', async () => {
    await heardUntil({ audioOpusParamsStereo: false }, (left, right) => left === right && (near(440)(left) || near(660)(left)));
  });
});

test('a bundle sees the others and not itself', async () => {
  await lab.close();
  lab = await startLab({ bundleId: true });
  const own = { bundleId: 'desk' };
  const camera = await enter('c', { role: 'sendonly', options: own });
  const screen = await enter('s', { options: own });
  const other = await enter('o');
  await screen.tab.inboundUntil('s', both(other.connectionId));
  await other.tab.inboundUntil('o', (all) => both(camera.connectionId)(all) && both(screen.connectionId)(all));
  expect(new Set((await screen.tab.inbound('s')).map(({ streamId }) => streamId))).toEqual(new Set([other.connectionId]));
});

test('filters: what connect asked for, and what the API changes later', async () => {
  const rules = [[{ field: 'kind', operator: 'is_in', values: ['video'] }]];
  const sender = await enter('a', { role: 'sendonly' });
  const viewer = await enter('v', { role: 'recvonly', options: { forwardingFilters: [{ action: 'block', rules }] } });
  await viewer.tab.inboundUntil('v', heard(sender.connectionId));
  expect((await viewer.tab.inbound('v')).map(({ kind }) => kind)).toEqual(['audio']);
  const response = await fetch(lab.httpUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-sora-target': 'Sora_20230628.DeleteConnectionForwardingFilter' },
    body: JSON.stringify({ channel_id: 'room', connection_id: viewer.connectionId }),
  });
  expect(response.status).toBe(200);
  await viewer.tab.inboundUntil('v', seen(sender.connectionId));
});

describe('simulcast', () => {
  const layered: More = {
    role: 'sendonly',
    media: { width: 1280, height: 720, framesPerSecond: 15 },
    options: { simulcast: true, videoBitRate: 2500 },
  };
  const signaled = { simulcast: true, dataChannelSignaling: true, ignoreDisconnectWebSocket: true };
  const ofWidth = (width: number) => (tracks: readonly InboundTrack[]) => tracks.some((track) => track.frameWidth === width);
  const switched = (tab: OfficialTab, rid: string) =>
    tab.event('v', ({ kind, message }) => {
      const { event_type: type, current_rid: current } = (message ?? {}) as Record<string, unknown>;
      return kind === 'notify' && type === 'simulcast.switched' && current === rid;
    });

  test('the layer asked for in connect, then another by RPC, then none', async () => {
    const sender = await enter('a', layered);
    const viewer = await enter('v', { role: 'recvonly', options: { ...signaled, simulcastRequestRid: 'r0' } });
    await viewer.tab.inboundUntil('v', ofWidth(320));
    expect(
      await viewer.tab.rpc('v', '2025.2.0/RequestSimulcastRid', { rid: 'r1', sender_connection_id: sender.connectionId }),
    ).toMatchObject({
      rid: 'r1',
    });
    const message = (await switched(viewer.tab, 'r1'))['message'];
    expect(message).toMatchObject({
      sender_connection_id: sender.connectionId,
      priority: 'higher',
      trigger: 'receiver',
      rpc_rids: ['none', 'r0', 'r1', 'r2'],
      auto_rids: ['r0', 'r1', 'r2'],
      request_rid: 'r1',
      previous_rid: 'r0',
    });
    await viewer.tab.inboundUntil('v', ofWidth(640));
    await viewer.tab.rpc('v', '2025.2.0/RequestSimulcastRid', { rid: 'none' });
    expect((await switched(viewer.tab, 'none'))['message']).toMatchObject({ priority: 'lower' });
  });

  test('encodings of the auth webhook: a layer that is off is not sent, the best lower one stands in', async () => {
    await lab.close();
    lab = await startLab({
      auth: () => ({
        allowed: true,
        simulcast_encodings: [
          { rid: 'r0', active: true, scaleResolutionDownBy: 4, maxBitrate: 150_000 },
          { rid: 'r1', active: true, scaleResolutionDownBy: 2, maxBitrate: 500_000 },
          { rid: 'r2', active: false, scaleResolutionDownBy: 1 },
        ],
      }),
    });
    await enter('a', layered);
    const viewer = await enter('v', { role: 'recvonly', options: { ...signaled, simulcastRequestRid: 'r2' } });
    await viewer.tab.inboundUntil('v', ofWidth(640));
  });

  test('spotlight: who speaks comes into focus and is seen large', async () => {
    const spotlight = { simulcast: true, spotlight: true, spotlightNumber: 1, spotlightFocusRid: 'r1', spotlightUnfocusRid: 'r0' };
    const speaker = await enter('a', { ...layered, options: { ...layered.options, ...spotlight } });
    const viewer = await enter('v', { role: 'recvonly', options: spotlight });
    const focused = await viewer.tab.event('v', ({ kind, message }) => {
      const { event_type: type } = (message ?? {}) as Record<string, unknown>;
      return kind === 'notify' && type === 'spotlight.focused';
    });
    expect(focused['message']).toMatchObject({ connection_id: speaker.connectionId, fixed: false, audio: true, video: true });
    await viewer.tab.inboundUntil('v', ofWidth(640));
  });
});
