import type { Browser, Page } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { codecFor, startRtcEndpoint } from '../../../src/rtc/endpoint.ts';
import type {
  RtcCodecName,
  RtcEndpoint,
  RtcForwarding,
  RtcPeer,
  RtcReceiver,
  RtcSender,
  SimulcastLayer,
} from '../../../src/rtc/endpoint.ts';
import { serveBlankPage } from './support/blank-page.ts';
import type { BlankPage } from './support/blank-page.ts';
import { launchChromium } from '../../../../../spec/e2e/support/chromium.ts';
import { BrowserClient } from './support/browser-client.ts';
import type { CaptureOptions } from './support/browser-client.ts';
import { until, untilState } from './support/until.ts';

let browser: Browser;
let blank: BlankPage;
let publisher: BrowserClient;
let viewer: BrowserClient;
let endpoint: RtcEndpoint;

const openPage = async (): Promise<Page> => {
  const page = await browser.newPage();
  await page.goto(blank.url);
  return page;
};

beforeAll(async () => {
  browser = await launchChromium();
  blank = await serveBlankPage();
  publisher = new BrowserClient(await openPage());
  viewer = new BrowserClient(await openPage());
});

afterAll(async () => {
  await browser.close();
  await blank.close();
});

beforeEach(async () => {
  endpoint = await startRtcEndpoint();
  await Promise.all([publisher.start(), viewer.start()]);
});

afterEach(async () => {
  await endpoint.close();
  await Promise.all([publisher.close(), viewer.close()]);
});

const small: CaptureOptions = { width: 320, height: 180, frameRate: 15 };
const streamId = 'CONNECTION-OF-PUBLISHER';

const negotiate = async (peer: RtcPeer, client: BrowserClient, capture?: CaptureOptions): Promise<void> => {
  peer.acceptAnswer(await client.answer(peer.createOffer(), capture));
};

interface Published {
  readonly peer: RtcPeer;
  readonly audio: RtcReceiver;
  readonly video: RtcReceiver;
}

const publish = async (codec: RtcCodecName, capture: CaptureOptions, simulcast: readonly SimulcastLayer[] = []): Promise<Published> => {
  const peer = endpoint.createPeer();
  const audio = peer.addReceiver({ kind: 'audio', mid: 'audio_1', codecs: [codecFor('OPUS')] });
  const video = peer.addReceiver({ kind: 'video', mid: 'video_1', codecs: [codecFor(codec)], simulcast });
  const connected = untilState(peer, 'connected');
  await negotiate(peer, publisher, capture);
  await connected;
  return { peer, audio, video };
};

const send = (peer: RtcPeer, { audio, video }: Published, id = streamId): readonly [RtcSender, RtcSender] => [
  peer.addSender({ kind: 'audio', streamId: id, trackId: `${id}-audio`, codec: audio.codec }),
  peer.addSender({ kind: 'video', streamId: id, trackId: `${id}-video`, codec: video.codec }),
];

const view = async (published: Published, rid?: string): Promise<{ readonly peer: RtcPeer; readonly video: RtcForwarding }> => {
  const peer = endpoint.createPeer();
  const [audioSender, videoSender] = send(peer, published);
  audioSender.forward(published.audio);
  const video = videoSender.forward(published.video, rid);
  await negotiate(peer, viewer);
  return { peer, video };
};

describe('media between two Chromium pages', () => {
  test.each<RtcCodecName>(['VP8', 'VP9', 'AV1', 'H264'])('Opus is heard and %s decodes', async (codec) => {
    const published = await publish(codec, small);
    expect([published.audio.sending, published.video.sending]).toEqual([true, true]);
    expect(published.video.codec.name).toBe(codec);
    await view(published);
    expect((await viewer.decodes(streamId, 15)).frameWidth).toBe(320);
    await viewer.receivesAll(streamId);
    await viewer.hears(streamId);
  });

  test('the level of the speaker can be read', async () => {
    const { audio } = await publish('VP8', small);
    // The fake microphone beeps once a second.
    const { dBov } = await until(audio.audioLevel$, (level) => level.dBov > -60);
    expect(dBov).toBeLessThanOrEqual(0);
    await until(audio.audioLevel$, (level) => level.dBov === -127);
  });

  test('pictures go on over a network that loses 3 % in both directions, by retransmission', async () => {
    const published = await publish('VP8', small);
    const { peer } = await view(published);
    await viewer.decodes(streamId, 15);
    for (const rough of [peer, published.peer]) rough.impair({ lossRatio: 0.03, delayMs: 5 });
    await viewer.decodes(streamId, 60);
  });

  test('a paused forwarding begins again with a key frame', async () => {
    const published = await publish('VP8', small);
    const { video } = await view(published);
    await viewer.decodes(streamId, 5);
    video.pause(true);
    await until(published.video.packets$, ({ marker }) => marker);
    video.pause(false);
    await viewer.decodes(streamId, 15);
    await viewer.receivesAll(streamId);
  });
});

describe('simulcast from Chromium', () => {
  const large: CaptureOptions = { width: 960, height: 540, frameRate: 15, scaleResolutionDownBy: [4, 2, 1] };
  const layers = [{ rid: 'r0' }, { rid: 'r1' }, { rid: 'r2' }];

  /** A layer that has not been heard for a second, on a busy machine, is active again with its next packet. */
  const untilActive = async (video: RtcReceiver, rids: readonly string[]): Promise<void> => {
    await until(video.packets$, () => video.activeRids.join() === rids.join());
  };

  test.each<RtcCodecName>(['VP8', 'H264'])('%s: three layers arrive, and switching shows in the size of the picture', async (codec) => {
    const published = await publish(codec, large, layers);
    expect(published.video.rids).toEqual(['r0', 'r1', 'r2']);
    const { video } = await view(published, 'r0');
    await viewer.decodes(streamId, 5, 240);
    for (const [rid, width] of [
      ['r1', 480],
      ['r2', 960],
      ['r0', 240],
    ] as const) {
      const switched = until(video.switched$, (value) => value === rid);
      video.selectRid(rid);
      await switched;
      await viewer.decodes(streamId, 5, width);
      await viewer.receivesAll(streamId);
    }
    await untilActive(published.video, ['r0', 'r1', 'r2']);
  });

  test('a layer offered with a tilde is not sent; the nearest lower one stands in for it', async () => {
    const published = await publish('VP8', large, [{ rid: 'r0' }, { rid: 'r1' }, { rid: 'r2', active: false }]);
    const { video } = await view(published, 'r2');
    await viewer.decodes(streamId, 5, 480);
    expect(video.requestedRid).toBe('r2');
    await until(published.video.packets$, () => video.currentRid === 'r1');
    await untilActive(published.video, ['r0', 'r1']);
  });
});

describe('renegotiation with Chromium', () => {
  test('tracks come and go, sections are used again, and the next track decodes in them', async () => {
    const published = await publish('VP8', small);
    const peer = endpoint.createPeer();
    await negotiate(peer, viewer);
    await viewer.seen('track audio default');
    const first = send(peer, published, 'FIRST');
    first[1].forward(published.video);
    await negotiate(peer, viewer);
    await viewer.seen('track video FIRST');
    await viewer.decodes('FIRST', 5);
    const sections = first.map(({ mid }) => mid);
    for (const sender of first) sender.remove();
    await negotiate(peer, viewer);
    await viewer.seen('removetrack audio FIRST');
    await viewer.seen('removetrack video FIRST');
    const second = send(peer, published, 'SECOND');
    expect(second.map(({ mid }) => mid)).toEqual(sections);
    second[1].forward(published.video);
    await negotiate(peer, viewer);
    await viewer.seen('track video SECOND');
    await viewer.decodes('SECOND', 10);
    await viewer.receivesAll('SECOND');
    expect(peer.state).toBe('connected');
  });
});
