import type { Browser } from 'puppeteer-core';
import type { ConnectOptions, SoraSendError } from 'rx-sora';
import { startLab, type Lab } from 'rx-sora-lab';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { modes } from '../support/modes.ts';
import { openTab, type Tab } from '../support/open-page.ts';
import type { RxSoraBench } from '../support/page/rx-sora.ts';
import { serve, type Site } from '../support/page-site.ts';

let browser: Browser;
let site: Site;
let lab: Lab;
let tab: Tab<RxSoraBench>;

beforeAll(async () => {
  [browser, site, lab] = await Promise.all([launchChromium(), serve('rx-sora'), startLab()]);
});
afterAll(async () => {
  await Promise.all([browser.close(), site.close(), lab.close()]);
});
beforeEach(async () => {
  tab = await openTab<RxSoraBench>(browser, site);
});
afterEach(async () => {
  expect(tab.errors).toEqual([]);
  await tab.close();
});

const messagingOnly = (channelId: string, dataChannels: ConnectOptions['dataChannels']): ConnectOptions => ({
  signalingUrl: lab.url,
  channelId,
  role: 'sendrecv',
  audio: false,
  video: false,
  dataChannels,
  ...modes.D,
});

const KIB = 1024;

test('messages of every size arrive as they were sent, compressed or not, up to 256 KiB on the wire and not a byte more', async () => {
  const options = messagingOnly('sizes', [
    { label: '#plain', direction: 'sendrecv', compress: false },
    { label: '#deflated', direction: 'sendrecv', compress: true },
  ]);
  const outcome = await tab.run(
    async ({ openTwo, rx }, { options, sizes, limit }) => {
      const [one, two] = await openTwo(options);
      /** Numbers that no compression makes smaller. */
      const noise = (bytes: number): Uint8Array => {
        let seed = 7;
        return new Uint8Array(bytes).map(() => (seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0) >>> 16);
      };
      const pattern = (bytes: number): Uint8Array => new Uint8Array(bytes).map((_, index) => index % 251);
      const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, index) => byte === b[index]);
      const carried: string[] = [];
      for (const label of ['#plain', '#deflated']) {
        for (const bytes of sizes) {
          const data = pattern(bytes);
          const arrived = rx.firstValueFrom(two.messages(label));
          await one.send(label, data);
          carried.push(`${label} ${bytes} ${same((await arrived).data, data)}`);
        }
      }
      const refused = (label: string, data: Uint8Array): Promise<unknown> =>
        one.send(label, data).then(
          () => 'sent',
          (error: unknown) => {
            const { name, code } = error as SoraSendError;
            return `${name} ${code}`;
          },
        );
      return {
        carried,
        plainTooLarge: await refused('#plain', pattern(limit + 1)),
        // Deflate makes noise larger than it was.
        noiseTooLarge: await refused('#deflated', noise(limit)),
        // Twice the limit, and small on the wire.
        patternFits: await refused('#deflated', pattern(2 * limit)),
        stillOpen: await one.send('#plain', 'text').then(() => 'sent'),
      };
    },
    { options, sizes: [0, 1, 64 * KIB, 256 * KIB], limit: 256 * KIB },
  );
  expect(outcome).toEqual({
    carried: ['#plain', '#deflated'].flatMap((label) => [0, 1, 65_536, 262_144].map((bytes) => `${label} ${bytes} true`)),
    plainTooLarge: 'SoraSendError too-large',
    noiseTooLarge: 'SoraSendError too-large',
    patternFits: 'sent',
    stillOpen: 'sent',
  });
});

test.each([
  [10_000, false],
  [1000, true],
])('%i messages keep their order, compress: %s', async (count, compress) => {
  const options = messagingOnly(`order-${compress}`, [{ label: '#many', direction: 'sendrecv', ordered: true, compress }]);
  const outcome = await tab.run(
    async ({ openTwo, rx }, { options, count }) => {
      const [one, two] = await openTwo(options);
      const received = rx.firstValueFrom(
        two.messages('#many').pipe(
          rx.map(({ data }) => Number(new TextDecoder().decode(data))),
          rx.take(count),
          rx.toArray(),
        ),
      );
      await Promise.all(Array.from({ length: count }, (_, index) => one.send('#many', String(index))));
      const numbers = await received;
      return { count: numbers.length, inOrder: numbers.every((number, index) => number === index) };
    },
    { options, count },
  );
  expect(outcome).toEqual({ count, inOrder: true });
});

describe('channels', () => {
  test('the sender is told where the channel was asked for it, and text is the same as its bytes', async () => {
    const options = messagingOnly('header', [
      { label: '#signed', direction: 'sendrecv', compress: true, header: [{ type: 'sender_connection_id' }] },
      { label: '#unsigned', direction: 'sendrecv' },
    ]);
    const outcome = await tab.run(async ({ openTwo, rx }, options) => {
      const [one, two] = await openTwo(options);
      const { connectionId } = await one.connect();
      const both = rx.firstValueFrom(two.messages().pipe(rx.take(2), rx.toArray()));
      await one.send('#signed', 'こんにちは');
      await one.send('#unsigned', new Uint8Array([1, 2, 3]).buffer);
      const [signed, unsigned] = (await both).sort((a, b) => a.label.localeCompare(b.label));
      return {
        text: new TextDecoder().decode(signed?.data),
        isSender: signed?.senderConnectionId === connectionId,
        bytes: [...(unsigned?.data ?? [])],
        unsigned: unsigned?.senderConnectionId ?? 'nobody',
      };
    }, options);
    expect(outcome).toEqual({ text: 'こんにちは', isSender: true, bytes: [1, 2, 3], unsigned: 'nobody' });
  });

  test('directions are kept, unknown labels are refused, and after the end nothing is sent', async () => {
    const options = messagingOnly('directions', [
      { label: '#out', direction: 'sendonly' },
      { label: '#in', direction: 'recvonly' },
      { label: '#both', direction: 'sendrecv', ordered: false, maxRetransmits: 3, protocol: 'chat' },
    ]);
    const outcome = await tab.run(async ({ openTwo, rx }, options) => {
      const [one] = await openTwo(options);
      const channels = await rx.firstValueFrom(one.dataChannels$.pipe(rx.filter(({ length }) => length === 3)));
      const codeOf = (label: string): Promise<string> =>
        one.send(label, 'x').then(
          () => 'sent',
          (error: unknown) => (error as SoraSendError).code,
        );
      const before = [await codeOf('#out'), await codeOf('#in'), await codeOf('#none'), await codeOf('signaling')];
      await one.disconnect();
      return { channels, before, after: await codeOf('#out') };
    }, options);
    expect(outcome).toEqual({
      channels: [
        { label: '#out', direction: 'sendonly', compress: false, ordered: true, protocol: '' },
        { label: '#in', direction: 'recvonly', compress: false, ordered: true, protocol: '' },
        { label: '#both', direction: 'sendrecv', compress: false, ordered: false, protocol: 'chat', maxRetransmits: 3 },
      ],
      before: ['sent', 'wrong-direction', 'unknown-label', 'unknown-label'],
      after: 'ended',
    });
  });
});
