import { filter, firstValueFrom } from 'rxjs';
import { startLab, type Lab } from 'rx-sora-lab';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { closeClients, WeriftClient } from './support/werift-client.ts';

let lab: Lab;
beforeEach(async () => {
  lab = await startLab({ bundleId: true });
});
afterEach(async () => {
  await closeClients();
  await lab.close();
});

type Channels = readonly Record<string, unknown>[];

const join = async (channels: Channels, more: Record<string, unknown> = {}): Promise<WeriftClient> => {
  const client = await new WeriftClient(lab.url, { mode: 'datachannel', connect: { data_channels: channels, ...more } }).ready();
  for (const { label } of channels) await client.event((event) => event.kind === 'channel' && event.label === label);
  return client;
};

const chat = (more: Record<string, unknown> = {}) => ({ label: '#chat', direction: 'sendrecv', ...more });
const heard = (client: WeriftClient) => client.events.filter((event) => event.kind === 'data' && event.label.startsWith('#')).length;

test('the offer lists what was asked for, with the header and without what only the channel itself tells', async () => {
  const client = await join([
    chat({ compress: true, header: [{ type: 'sender_connection_id' }], ordered: false, max_retransmits: 0, protocol: 'p' }),
  ]);
  const offered = (client.offer['data_channels'] as Channels).find(({ label }) => label === '#chat');
  expect(offered).toEqual({
    label: '#chat',
    direction: 'sendrecv',
    compress: true,
    header: [{ type: 'sender_connection_id', length: 26 }],
  });
  const channel = client.channels.get('#chat')!;
  expect({ ordered: channel.ordered, maxRetransmits: channel.maxRetransmits, protocol: channel.protocol }).toEqual({
    ordered: false,
    maxRetransmits: 0,
    protocol: 'p',
  });
});

test('a message reaches everybody but the sender, each in its own encoding', async () => {
  const sender = await join([chat({ compress: true })]);
  const plain = await join([chat({ compress: false })]);
  const packed = await join([chat({ compress: true })]);
  const headed = await join([chat({ compress: true, header: [{ type: 'sender_connection_id' }] })]);
  sender.sendData('#chat', Buffer.from('good morning'));
  expect((await plain.data('#chat')).toString()).toBe('good morning');
  expect((await packed.data('#chat')).toString()).toBe('good morning');
  expect((await headed.data('#chat')).toString()).toBe(`${sender.connectionId}good morning`);
  plain.sendData('#chat', Buffer.from('echo?'));
  await sender.data('#chat');
  expect(heard(sender)).toBe(1);
});

test('text on an uncompressed channel arrives as the same bytes', async () => {
  const sender = await join([chat()]);
  const receiver = await join([chat()]);
  sender.channels.get('#chat')!.send('grüße');
  expect((await receiver.data('#chat')).toString('utf8')).toBe('grüße');
});

test('direction: sendonly hears nothing, recvonly is not listened to, other labels are other rooms', async () => {
  const speaker = await join([chat({ direction: 'sendonly' })]);
  const listener = await join([chat({ direction: 'recvonly' })]);
  const other = await join([{ label: '#other', direction: 'sendrecv' }]);
  const both = await join([chat()]);
  listener.sendData('#chat', Buffer.from('against the direction'));
  speaker.sendData('#chat', Buffer.from('one'));
  expect((await both.data('#chat')).toString()).toBe('one');
  expect((await listener.data('#chat')).toString()).toBe('one');
  both.sendData('#chat', Buffer.from('two'));
  await listener.event((event) => event.kind === 'data' && event.payload.toString() === 'two');
  expect(heard(speaker)).toBe(0);
  expect(heard(other)).toBe(0);
});

test('within a bundle nothing is exchanged', async () => {
  const one = await join([chat()], { bundle_id: 'desk' });
  const two = await join([chat()], { bundle_id: 'desk' });
  const stranger = await join([chat()]);
  one.sendData('#chat', Buffer.from('psst'));
  await stranger.data('#chat');
  expect(heard(two)).toBe(0);
});

test('order is kept and nothing is lost: 500 messages of several sizes, compressed', async () => {
  const sender = await join([chat({ compress: true })]);
  const receiver = await join([chat({ compress: true })]);
  for (let index = 0; index < 500; index += 1) sender.sendData('#chat', Buffer.from(`${index}:${'x'.repeat((index * 37) % 3000)}`));
  await receiver.event((event) => event.kind === 'data' && event.payload.toString('utf8', 0, 4) === '499:');
  const order = receiver.events.flatMap((event) => (event.kind === 'data' ? [Number.parseInt(event.payload.toString(), 10)] : []));
  expect(order).toEqual(Array.from({ length: 500 }, (_, index) => index));
});

test('the empty message, one of 60 KiB, and one larger than the receiver allows', async () => {
  const sender = await join([chat()]);
  const receiver = await join([chat()]);
  // werift cannot send an empty message (SCTP has none, RFC 8831 section 6.6), the lab can.
  expect(lab.connections[1]!.sendMessage('#chat', new Uint8Array(0))).toBe(true);
  expect((await receiver.data('#chat')).byteLength).toBe(0);
  // werift's answer says `a=max-message-size:65536`.
  sender.sendData('#chat', Buffer.alloc(200 * 1024, 7));
  sender.sendData('#chat', Buffer.alloc(60 * 1024, 7));
  await receiver.event((event) => event.kind === 'data' && event.payload.byteLength === 60 * 1024);
  expect(heard(receiver)).toBe(2);
});

test('what cannot be inflated on a # channel is dropped, on signaling it is the end', async () => {
  const sender = await join([chat({ compress: true })]);
  sender.channels.get('#chat')!.send(Buffer.from('no zlib stream'));
  sender.sendData('#chat', Buffer.from('fine'));
  expect(lab.connections[0]!.state).toBe('switched');
  sender.channels.get('signaling')!.send(Buffer.from('no zlib stream'));
  await sender.channelClosed('signaling');
  expect(lab.connections).toHaveLength(0);
});

// RFC 8832 section 6: the lab opens the channels, so it may send on them before the client has acknowledged them.
test('a message is sent on a channel that the client has not acknowledged, and its loss is logged before there is a channel', async () => {
  const sent: boolean[] = [];
  lab.connections$.subscribe((connection) => {
    sent.push(connection.sendMessage('#chat', Buffer.from('too early')));
    connection.received$.pipe(filter(({ type }) => type === 'answer')).subscribe(() => {
      // The channels are created when the answer has been handled, long before SCTP is up.
      queueMicrotask(() => sent.push(connection.sendMessage('#chat', Buffer.from('early'))));
    });
  });
  const client = await join([chat({ ordered: false })]);
  expect((await client.data('#chat')).toString()).toBe('early');
  expect(sent).toEqual([false, true]);
  const lost = await firstValueFrom(lab.log$.pipe(filter(({ type }) => type === 'not-sent')));
  expect(lost).toMatchObject({ kind: 'event', label: '#chat', detail: { payloadBytes: 9, why: 'not-open' } });
});
