import { expect, test } from 'vitest';
import { isOwn, offeredChannels } from '../../src/signaling/offered-channels.ts';

const offer = { type: 'offer', sdp: '', connection_id: 'C' } as const;

test('an offer that names no channels has none', () => {
  expect([...offeredChannels(offer)]).toEqual([]);
});

test('a channel of which the offer names only the label goes both ways, uncompressed and without a header', () => {
  expect([...offeredChannels({ ...offer, data_channels: [{ label: 'notify' }] }).values()]).toStrictEqual([
    { label: 'notify', direction: 'sendrecv', compress: false },
  ]);
});

test('members beyond label, direction, compression and header are left out', () => {
  const header = [{ type: 'sender_connection_id', length: 26 }];
  const told = { label: '#chat', direction: 'recvonly', compress: true, header, ordered: true } as const;
  expect([...offeredChannels({ ...offer, data_channels: [told] }).values()]).toStrictEqual([
    { label: '#chat', direction: 'recvonly', compress: true, header },
  ]);
});

test('a label of the application begins with a hash', () => {
  expect(['#', '#chat', '', 'chat', 'chat#'].map(isOwn)).toEqual([true, true, false, false, false]);
});
