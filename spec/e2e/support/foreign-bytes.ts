import type { Browser } from 'puppeteer-core';
import type { ConnectOptions, Session } from 'rx-sora';
import { startLab, type Lab } from 'rx-sora-lab';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { modes } from './modes.ts';
import { openTab, type Tab } from './open-page.ts';
import { serve, type Site } from './page-site.ts';
import type { RxSoraBench } from './page/rx-sora.ts';

/** The tests of bytes in memory of every kind, in one browser. To be called within a `describe`. */
export function testForeignBytes(launch: () => Promise<Browser>): void {
  let browser: Browser;
  let site: Site;
  let lab: Lab;
  let tab: Tab<RxSoraBench>;

  beforeAll(async () => {
    [browser, site, lab] = await Promise.all([launch(), serve('rx-sora'), startLab()]);
  });
  afterAll(async () => {
    await Promise.all([browser.close(), site.close(), lab.close()]);
  });
  beforeEach(async () => {
    tab = await openTab<RxSoraBench>(browser, site);
    // Firefox gathers loopback candidates only where a camera may be used.
    await tab.run(async ({ capture }) => {
      for (const track of (await capture()).getTracks()) track.stop();
    });
  });
  afterEach(async () => {
    expect(tab.errors).toEqual([]);
    await tab.close();
  });

  const options = (compress: boolean): ConnectOptions => ({
    signalingUrl: lab.url,
    channelId: `bytes ${compress}`,
    role: 'sendrecv',
    audio: false,
    video: false,
    dataChannels: [{ label: '#bytes', direction: 'sendrecv', compress }],
    ...modes.M,
  });

  test.each([false, true])('memory of every kind is sent as it was at the call, compress: %s', async (compress) => {
    const outcome = await tab.run(async ({ openTwo, rx }, options) => {
      const [one, two] = await openTwo(options);
      for (const each of [one, two]) await rx.firstValueFrom(each.dataChannels$.pipe(rx.filter(({ length }) => length > 0)));
      const frame = document.createElement('iframe');
      document.body.append(frame);
      const realm = frame.contentWindow as unknown as typeof globalThis;
      const resizable = new (ArrayBuffer as new (length: number, options: object) => ArrayBuffer)(3, { maxByteLength: 6 });
      new Uint8Array(resizable).set([1, 2, 3]);
      const shared = new SharedArrayBuffer(3);
      new Uint8Array(shared).set([1, 2, 3]);
      const reused = new Uint8Array([1, 2, 3]);
      const transferred = new Uint8Array([1, 2, 3]);
      const data: Readonly<Record<string, unknown>> = {
        'a view on shared memory': new Uint8Array(shared),
        'shared memory': shared,
        'a view on a resizable buffer': new Uint8Array(resizable),
        'a resizable buffer': resizable,
        'a view of another realm': new realm.Uint8Array([1, 2, 3]),
        'a buffer of another realm': new realm.Uint8Array([1, 2, 3]).buffer,
        'a Blob': new Blob([new Uint8Array([1, 2, 3])]),
        'a Blob of another realm': new realm.Blob([new Uint8Array([1, 2, 3])]),
        'a buffer that is written again': reused,
        'a buffer that is transferred': transferred,
      };
      const arrived: string[] = [];
      for (const [name, each] of Object.entries(data)) {
        const message = rx.firstValueFrom(two.messages('#bytes'));
        const sent = one.send('#bytes', each as Uint8Array);
        reused.fill(9);
        if (each === transferred) structuredClone(transferred.buffer, { transfer: [transferred.buffer] });
        if (each !== reused) reused.set([1, 2, 3]);
        const how = await sent.then(
          async () => [...(await message).data].join(''),
          (error: unknown) => String(error),
        );
        arrived.push(`${name}: ${how}`);
      }
      const detached = await one.send('#bytes', transferred).then(
        () => 'sent',
        (error: unknown) => {
          const { name, code, cause } = error as { name: string; code: string; cause?: Error };
          return `${name} ${code}, because of a ${String(cause?.name)}`;
        },
      );
      return { arrived, detached, stillUp: await one.send('#bytes', 'text').then(() => 'sent') };
    }, options(compress));
    expect(outcome.arrived.filter((line) => !line.endsWith(': 123'))).toEqual([]);
    expect(outcome.arrived).toHaveLength(10);
    expect(outcome.detached).toBe('SoraSendError not-sendable, because of a TypeError');
    expect(outcome.stillUp).toBe('sent');
  });

  test('a session whose WebSocket and peer connection are those of an iframe receives every byte', async () => {
    const received = await tab.run(async ({ sora, rx }, options) => {
      const frame = document.createElement('iframe');
      document.body.append(frame);
      const { WebSocket, RTCPeerConnection } = frame.contentWindow as unknown as typeof globalThis;
      const one: Session = sora.createSession(options);
      const two: Session = sora.createSession({ ...options, platform: { WebSocket, RTCPeerConnection } });
      const switched = Promise.all([one, two].map(({ switched$ }) => rx.firstValueFrom(switched$)));
      await Promise.all([one.connect(), two.connect()]);
      await switched;
      for (const each of [one, two]) await rx.firstValueFrom(each.dataChannels$.pipe(rx.filter(({ length }) => length > 0)));
      const message = rx.firstValueFrom(two.messages('#bytes'));
      await one.send('#bytes', new Uint8Array([1, 2, 3]));
      const bytes = [...(await message).data];
      const ends = await Promise.all([one.disconnect(), two.disconnect()]);
      return { bytes, ends: ends.map(({ kind }) => kind) };
    }, options(false));
    expect(received).toEqual({ bytes: [1, 2, 3], ends: ['client-disconnect', 'client-disconnect'] });
  });
}
