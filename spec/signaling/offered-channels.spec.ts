import { expect, test } from 'vitest';
import { offeredChannels } from '../../src/signaling/offered-channels.ts';

const offer = { type: 'offer', sdp: '', connection_id: 'C' } as const;

test('an offer that names no channels has none', () => {
  expect(offeredChannels(offer)).toEqual([]);
});

test('a channel of which only the label is told goes both ways, uncompressed and without a header', () => {
  expect(offeredChannels({ ...offer, data_channels: [{ label: 'notify' }] })).toStrictEqual([
    { label: 'notify', direction: 'sendrecv', compress: false },
  ]);
});

test('what is told counts; the rest of what the server says of a channel is left out', () => {
  const header = [{ type: 'sender_connection_id', length: 26 }];
  const told = { label: '#chat', direction: 'recvonly', compress: true, header, ordered: true } as const;
  expect(offeredChannels({ ...offer, data_channels: [told] })).toStrictEqual([
    { label: '#chat', direction: 'recvonly', compress: true, header },
  ]);
});
