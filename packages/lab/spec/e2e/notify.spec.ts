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

const from = (client: WeriftClient) => (message: Record<string, unknown>) => message['connection_id'] === client.connectionId;

test('the first alone gets its own created with an empty list, the second finds the first in it', async () => {
  const first = await new WeriftClient(lab.url, { connect: { client_id: 'left', signaling_notify_metadata: { nick: 'l' } } }).ready();
  const second = await new WeriftClient(lab.url, { connect: { role: 'recvonly', client_id: 'right' } }).ready();
  expect(await first.notify('connection.created', from(first))).toMatchObject({
    role: 'sendrecv',
    client_id: 'left',
    session_id: first.offer['session_id'],
    channel_connections: 1,
    channel_sendrecv_connections: 1,
    channel_sendonly_connections: 0,
    channel_recvonly_connections: 0,
    minutes: 0,
    data: [],
    authn_metadata: { nick: 'l' },
    metadata: { nick: 'l' },
    turn_transport_type: 'udp',
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/) as string,
  });
  const about = await first.notify('connection.created', from(second));
  expect(about).toMatchObject({
    client_id: 'right',
    channel_connections: 2,
    channel_sendrecv_connections: 1,
    channel_recvonly_connections: 1,
  });
  expect(about).not.toHaveProperty('data');
  expect(await second.notify('connection.created', from(second))).toMatchObject({
    channel_connections: 2,
    data: [{ client_id: 'left', bundle_id: first.connectionId, connection_id: first.connectionId, metadata: { nick: 'l' } }],
  });
});

test('who leaves is not counted any more, and hears nothing of it', async () => {
  const first = await new WeriftClient(lab.url).ready();
  const second = await new WeriftClient(lab.url).ready();
  second.sendOnWebSocket({ type: 'disconnect', reason: 'NO-ERROR' });
  expect(await first.notify('connection.destroyed')).toMatchObject({ connection_id: second.connectionId, channel_connections: 1 });
  await second.closed();
  expect(second.events.some((event) => event.kind === 'message' && event.message['event_type'] === 'connection.destroyed')).toBe(false);
});

test('a bundle keeps to itself: no notify between its connections, and none in the list', async () => {
  const first = await new WeriftClient(lab.url, { connect: { bundle_id: 'desk' } }).ready();
  const second = await new WeriftClient(lab.url, { connect: { bundle_id: 'desk' } }).ready();
  const third = await new WeriftClient(lab.url).ready();
  expect(await second.notify('connection.created')).toMatchObject({ connection_id: second.connectionId, channel_connections: 2, data: [] });
  expect(await first.notify('connection.created', from(third))).toMatchObject({ channel_connections: 3 });
  expect(first.events.some((event) => event.kind === 'message' && from(second)(event.message))).toBe(false);
  const own = await third.notify('connection.created', from(third));
  expect((own['data'] as readonly { readonly bundle_id: string }[]).map((entry) => entry.bundle_id)).toEqual(['desk', 'desk']);
});

test('a channel that was empty begins a new session', async () => {
  const first = await new WeriftClient(lab.url).ready();
  first.sendOnWebSocket({ type: 'disconnect', reason: 'NO-ERROR' });
  await first.closed();
  const second = await new WeriftClient(lab.url).ready();
  expect(second.offer['session_id']).not.toBe(first.offer['session_id']);
});

test('channels do not hear each other', async () => {
  const first = await new WeriftClient(lab.url, { connect: { channel_id: 'a' } }).ready();
  const second = await new WeriftClient(lab.url, { connect: { channel_id: 'b' } }).ready();
  expect(await second.notify('connection.created')).toMatchObject({ channel_connections: 1, data: [] });
  expect(first.events.filter((event) => event.kind === 'message' && event.message['type'] === 'notify')).toHaveLength(1);
});

test('signaling_notify_ice_connection_state: who has it is told the changes of all, its own too; nobody else is told any', async () => {
  await lab.close();
  lab = await startLab({
    iceDisconnectedTimeoutMs: 50,
    auth: ({ client_id }) => ({ allowed: true, signaling_notify_ice_connection_state: client_id === 'told' }),
  });
  const told = await new WeriftClient(lab.url, { connect: { client_id: 'told' } }).ready();
  const other = await new WeriftClient(lab.url, { connect: { client_id: 'other' } }).ready();
  const event = 'lab.ice-connection-state.changed';
  const heard = (client: WeriftClient): readonly string[] =>
    client.events.flatMap((each) =>
      each.kind === 'message' && each.message['event_type'] === event
        ? [`${String(each.message['client_id'])}: ${String(each.message['previous_state'])} > ${String(each.message['current_state'])}`]
        : [],
    );
  for (const subject of [other, told]) {
    const connection = lab.connections.find(({ connectionId }) => connectionId === subject.connectionId)!;
    const is = (state: string) => told.notify(event, (message) => from(subject)(message) && message['current_state'] === state);
    connection.inject({ kind: 'peer-silent' });
    expect(await is('disconnected')).toMatchObject({ connection_id: subject.connectionId, bundle_id: subject.connectionId });
    connection.resume();
    await is('connected');
  }
  lab.connections[1]!.push({ last: true });
  await other.message('push');
  const changes = ['connected > checking', 'checking > disconnected', 'disconnected > connected'];
  // A machine that is busy for seconds may bring a change of its own between these.
  const wanted = ['other', 'told'].flatMap((name) => changes.map((change) => `${name}: ${change}`));
  expect(heard(told)).toEqual(expect.arrayContaining(wanted));
  expect(heard(other)).toEqual([]);
});

test('connection.updated comes as often as the lab is set to send it', async () => {
  await lab.close();
  lab = await startLab({ updateIntervalMs: 20 });
  const client = await new WeriftClient(lab.url).ready();
  expect(await client.notify('connection.updated')).toMatchObject({
    connection_id: client.connectionId,
    channel_connections: 1,
    minutes: 0,
  });
});
