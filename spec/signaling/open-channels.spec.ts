import { describe, expect, test } from 'vitest';
import type { DataChannelLike } from '../../src/platform/w3c.ts';
import type { OfferedChannel } from '../../src/signaling/offered-channels.ts';
import { openChannels } from '../../src/signaling/open-channels.ts';

const offered = (...channels: OfferedChannel[]): ReadonlyMap<string, OfferedChannel> =>
  new Map(channels.map((channel) => [channel.label, channel]));
const chat: OfferedChannel = { label: '#chat', direction: 'sendrecv', compress: false };
const live = (fields: object = {}): DataChannelLike => ({ readyState: 'open', ...fields }) as never;

describe('openChannels', () => {
  test('before the offer there is none', () => {
    expect(openChannels(null, () => live())).toEqual([]);
  });

  test('what a channel says about itself stands beside what the offer said', () => {
    const header = [{ type: 'sender_connection_id' }];
    const full = live({ ordered: false, protocol: 'p', maxPacketLifeTime: 100, maxRetransmits: 3 });
    expect(openChannels(offered({ ...chat, compress: true, header }), () => full)).toStrictEqual([
      {
        label: '#chat',
        direction: 'sendrecv',
        compress: true,
        ordered: false,
        protocol: 'p',
        maxPacketLifeTime: 100,
        maxRetransmits: 3,
        header,
      },
    ]);
  });

  test('a zero is a limit', () => {
    const [info] = openChannels(offered(chat), () => live({ maxPacketLifeTime: 0, maxRetransmits: 0 }));
    expect([info?.maxPacketLifeTime, info?.maxRetransmits]).toEqual([0, 0]);
  });

  test.each([
    ['null', { maxPacketLifeTime: null, maxRetransmits: null }],
    ['missing', {}],
  ])('what is %s in a browser is left out, and the rest has its defaults', (_, fields) => {
    expect(openChannels(offered(chat), () => live(fields))).toStrictEqual([
      { label: '#chat', direction: 'sendrecv', compress: false, ordered: true, protocol: '' },
    ]);
  });

  test('only open channels of the application are listed, in the order of the offer', () => {
    const states: Readonly<Record<string, string>> = {
      '#b': 'open',
      '#connecting': 'connecting',
      '#closing': 'closing',
      '#a': 'open',
      notify: 'open',
    };
    const all = offered(...['#b', '#connecting', 'notify', '#closing', '#missing', '#a'].map((label) => ({ ...chat, label })));
    const labels = openChannels(all, (label) => (states[label] === undefined ? undefined : live({ readyState: states[label] }))).map(
      ({ label }) => label,
    );
    expect(labels).toEqual(['#b', '#a']);
  });

  test('a channel whose getters throw is left out, and keeps none of the others out (P22)', () => {
    const broken = Object.defineProperty({}, 'readyState', {
      get: () => {
        throw new Error('no');
      },
    }) as DataChannelLike;
    const all = offered({ ...chat, label: '#broken' }, chat);
    expect(openChannels(all, (label) => (label === '#broken' ? broken : live())).map(({ label }) => label)).toEqual(['#chat']);
  });
});
