import { startLab, type Lab, type LabOptions } from 'rx-sora-lab';
import { afterEach, expect, test } from 'vitest';
import { closeClients, WeriftClient } from './support/werift-client.ts';

let lab: Lab;
afterEach(async () => {
  await closeClients();
  await lab.close();
});

const caller = async (options: LabOptions = {}): Promise<WeriftClient> => {
  lab = await startLab(options);
  const client = await new WeriftClient(lab.url, { mode: 'datachannel', connect: { signaling_notify_metadata: { nick: 'a' } } }).ready();
  await client.event((event) => event.kind === 'channel' && event.label === 'rpc');
  return client;
};

const response = async (client: WeriftClient, id: unknown): Promise<unknown> => {
  const found = await client.event((event) => event.kind === 'message' && event.label === 'rpc' && event.message['id'] === id);
  return found.kind === 'message' ? found.message : undefined;
};

const call = async (client: WeriftClient, id: number | string, method: string, params?: unknown): Promise<unknown> => {
  client.rpc({ jsonrpc: '2.0', id, method, ...(params === undefined ? {} : { params }) });
  return response(client, id);
};

test('the offer lists the methods', async () => {
  const client = await caller();
  expect(client.offer['rpc_methods']).toEqual([
    '2025.2.0/RequestSimulcastRid',
    '2025.2.0/RequestSpotlightRid',
    '2025.2.0/ResetSpotlightRid',
    '2025.2.0/PutSignalingNotifyMetadata',
    '2025.2.0/PutSignalingNotifyMetadataItem',
  ]);
});

test('RequestSimulcastRid mirrors what was asked, with the receiver named or not', async () => {
  const client = await caller();
  const sender = 'A'.repeat(26);
  expect(await call(client, 1, '2025.2.0/RequestSimulcastRid', { rid: 'r0', sender_connection_id: sender })).toEqual({
    jsonrpc: '2.0',
    id: 1,
    result: { channel_id: 'room', receiver_connection_id: client.connectionId, rid: 'r0', sender_connection_id: sender },
  });
  expect(
    await call(client, 'two', '2025.2.0/RequestSimulcastRid', { rid: 'none', receiver_connection_id: client.connectionId }),
  ).toMatchObject({
    result: { rid: 'none' },
  });
});

test('spotlight layers, asked for and reset', async () => {
  const client = await caller();
  const params = { spotlight_focus_rid: 'r1', spotlight_unfocus_rid: 'none' };
  expect(await call(client, 1, '2025.2.0/RequestSpotlightRid', params)).toMatchObject({
    result: { channel_id: 'room', recv_connection_id: client.connectionId, ...params },
  });
  expect(await call(client, 2, '2025.2.0/ResetSpotlightRid', {})).toMatchObject({ result: { recv_connection_id: client.connectionId } });
});

test('metadata is replaced, told by push, and seen by whoever comes next', async () => {
  const client = await caller();
  expect(await call(client, 1, '2025.2.0/PutSignalingNotifyMetadata', { metadata: { nick: 'b' } })).toMatchObject({
    result: { nick: 'b' },
  });
  client.rpc({ jsonrpc: '2.0', method: '2025.2.0/PutSignalingNotifyMetadataItem', params: { key: 'hand', value: true, push: true } });
  expect(await client.message('push')).toMatchObject({
    data: {
      action: 'PutMetadataItem',
      type: 'signaling_notify_metadata_ext',
      connection_id: client.connectionId,
      key: 'hand',
      value: true,
    },
  });
  const other = await new WeriftClient(lab.url).ready();
  expect(await other.notify('connection.created')).toMatchObject({ data: [{ metadata: { nick: 'b', hand: true } }] });
});

test('signaling_notify_metadata_ext: RPC changes metadata, and what the client and authentication gave stays what it was', async () => {
  const client = await caller({
    auth: () => ({ allowed: true, signaling_notify_metadata: 'authorised', signaling_notify_metadata_ext: { hand: false } }),
  });
  const given = { authz_metadata: 'authorised' };
  expect(await client.notify('connection.created')).toMatchObject({ ...given, metadata: { hand: false } });
  const put = { key: 'nick', value: 'a', push: true };
  expect(await call(client, 1, '2025.2.0/PutSignalingNotifyMetadataItem', put)).toMatchObject({ result: { hand: false, nick: 'a' } });
  const one = await new WeriftClient(lab.url, { connect: { signaling_notify_metadata: 'mine' } }).ready();
  expect(await one.notify('connection.created')).toMatchObject({
    authn_metadata: 'mine',
    metadata: { hand: false },
    data: [{ ...given, metadata: { hand: false, nick: 'a' } }],
  });
  const whole = { metadata: 7, push: true };
  expect(await call(client, 2, '2025.2.0/PutSignalingNotifyMetadata', whole)).toMatchObject({ result: 7 });
  expect((await one.message('push'))['data']).toEqual({
    action: 'PutMetadata',
    type: 'signaling_notify_metadata_ext',
    connection_id: client.connectionId,
    metadata: 7,
  });
  client.sendOnChannel('signaling', { type: 'disconnect', reason: 'NO-ERROR' });
  expect(await one.notify('connection.destroyed')).toMatchObject({ ...given, metadata: 7 });
});

test('errors have the codes of JSON-RPC', async () => {
  const client = await caller();
  expect(await call(client, 1, '2025.2.0/Nothing')).toMatchObject({ error: { code: -32_601 } });
  expect(await call(client, 2, '2025.2.0/RequestSimulcastRid', { rid: 'r9' })).toMatchObject({ error: { code: -32_602 } });
  expect(await call(client, 3, '2025.2.0/RequestSimulcastRid', [])).toMatchObject({ error: { code: -32_602 } });
  client.rpc({ jsonrpc: '1.0', id: 4, method: 'x' });
  expect(await response(client, 4)).toMatchObject({ error: { code: -32_600 } });
  client.sendOnChannel('rpc', [{ jsonrpc: '2.0', id: 5, method: 'x' }]);
  expect(await response(client, null)).toMatchObject({ error: { code: -32_600 } });
});

test('no JSON at all', async () => {
  const client = await caller();
  client.sendData('rpc', Buffer.from('{'));
  expect(await response(client, null)).toEqual({ jsonrpc: '2.0', id: null, error: { code: -32_700, message: 'Parse error' } });
});

test('a method that authentication did not grant is unknown', async () => {
  const client = await caller({ auth: () => ({ allowed: true, rpc_methods: ['2025.2.0/ResetSpotlightRid'], simulcast_rpc_rids: ['r0'] }) });
  expect(await call(client, 1, '2025.2.0/RequestSimulcastRid', { rid: 'r0' })).toMatchObject({ error: { code: -32_601 } });
  expect(await call(client, 2, '2025.2.0/ResetSpotlightRid')).toHaveProperty('result');
});

test('a layer that authentication did not grant is refused', async () => {
  const client = await caller({ auth: () => ({ allowed: true, simulcast_rpc_rids: ['r0'] }) });
  expect(await call(client, 1, '2025.2.0/RequestSimulcastRid', { rid: 'r2' })).toMatchObject({ error: { code: -32_602 } });
});

test('faults: an error on demand, an answer twice, none at all', async () => {
  const client = await caller();
  lab.faults.inject({ kind: 'rpc-error', code: 7, message: 'no', data: { a: 1 } });
  expect(await call(client, 1, '2025.2.0/ResetSpotlightRid')).toEqual({
    jsonrpc: '2.0',
    id: 1,
    error: { code: 7, message: 'no', data: { a: 1 } },
  });
  lab.faults.inject({ kind: 'rpc-duplicate' });
  await call(client, 2, '2025.2.0/ResetSpotlightRid');
  await call(client, 3, '2025.2.0/ResetSpotlightRid');
  expect(client.events.filter((event) => event.kind === 'message' && event.message['id'] === 2)).toHaveLength(2);
  lab.faults.inject({ kind: 'rpc-silent' });
  client.rpc({ jsonrpc: '2.0', id: 4, method: '2025.2.0/ResetSpotlightRid' });
  lab.connections[0]!.push({ last: true });
  await client.message('push');
  expect(client.events.some((event) => event.kind === 'message' && event.message['id'] === 4)).toBe(false);
});
