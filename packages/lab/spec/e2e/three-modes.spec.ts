import { firstValueFrom, take, toArray } from 'rxjs';
import { startLab, type Lab } from 'rx-sora-lab';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { closeClients, WeriftClient } from './support/werift-client.ts';

let lab: Lab;
beforeEach(async () => {
  lab = await startLab();
});
afterEach(async () => {
  await closeClients();
  await lab.close();
});

describe('WebSocket only', () => {
  test('no DataChannel is opened and notify comes on the WebSocket', async () => {
    const client = await new WeriftClient(lab.url).ready();
    expect(client.offer).toMatchObject({ data_channel_signaling: false, ignore_disconnect_websocket: false });
    expect(client.offer).not.toHaveProperty('data_channels');
    expect(await client.notify('connection.created')).toMatchObject({ transport: 'websocket', connection_id: client.connectionId });
    expect(client.channels.size).toBe(0);
  });
});

describe.each([
  ['both', false],
  ['datachannel', true],
] as const)('%s', (mode, ignores) => {
  test('the built-in DataChannels open, then switched says what was agreed', async () => {
    const client = await new WeriftClient(lab.url, { mode }).ready();
    expect(await client.message('switched')).toMatchObject({ ignore_disconnect_websocket: ignores });
    expect([...client.channels.keys()].sort()).toEqual(['notify', 'push', 'rpc', 'signaling', 'stats']);
    const offered = client.offer['data_channels'] as readonly { readonly label: string }[];
    expect(offered.map(({ label }) => label)).toEqual(['signaling', 'notify', 'push', 'stats', 'rpc']);
  });

  test('notify and push run on DataChannels after the switch', async () => {
    const client = await new WeriftClient(lab.url, { mode }).ready();
    await new WeriftClient(lab.url, { mode }).ready();
    const created = await client.notify('connection.created', (message) => message['connection_id'] !== client.connectionId);
    expect(created).toMatchObject({ transport: 'datachannel', label: 'notify', channel_connections: 2 });
    lab.connections[0]!.push({ text: 'five minutes left' });
    expect(await client.message('push')).toEqual({
      type: 'push',
      data: { text: 'five minutes left' },
      transport: 'datachannel',
      label: 'push',
    });
  });
});

test('DataChannel only: the connection lives on without its WebSocket', async () => {
  const client = await new WeriftClient(lab.url, { mode: 'datachannel' }).ready();
  await client.closed();
  const connection = lab.connections[0]!;
  expect(connection.state).toBe('switched');
  connection.push({ still: 'here' });
  expect(await client.message('push')).toMatchObject({ data: { still: 'here' } });
});

test('both: losing the WebSocket is the end', async () => {
  const client = await new WeriftClient(lab.url, { mode: 'both' }).ready();
  const ended = firstValueFrom(lab.connections[0]!.ended$);
  client.webSocket.terminate();
  expect(await ended).toEqual({ cause: 'websocket-lost', via: 'websocket' });
});

test('compress off: JSON goes out as text and comes in as text or binary', async () => {
  await lab.close();
  lab = await startLab({ compress: false });
  const client = await new WeriftClient(lab.url, { mode: 'datachannel' }).ready();
  lab.connections[0]!.push({ plain: true });
  const event = await client.event(({ kind }) => kind === 'data');
  expect(event).toMatchObject({ kind: 'data', frame: 'text', label: 'push' });
  const ended = firstValueFrom(lab.connections[0]!.ended$);
  client.channels.get('signaling')!.send('{"type":"disconnect","reason":"NO-ERROR"}');
  expect(await ended).toMatchObject({ cause: 'type-disconnect', clientReason: 'NO-ERROR', via: 'datachannel' });
});

test('connections$ gives those that are there, then new ones; the log tells every message with its transport', async () => {
  const two = firstValueFrom(lab.connections$.pipe(take(2), toArray()));
  const first = await new WeriftClient(lab.url, { mode: 'both' }).ready();
  const second = await new WeriftClient(lab.url).ready();
  expect((await two).map(({ connectionId }) => connectionId)).toEqual([first.connectionId, second.connectionId]);
  const late = await firstValueFrom(lab.connections$);
  expect(late.connectionId).toBe(first.connectionId);
  const entries: string[] = [];
  lab.connections[0]!.log$.subscribe((entry) => {
    if (entry.kind === 'message') entries.push(`${entry.direction ?? ''} ${entry.transport ?? ''} ${entry.type}`);
  });
  expect(entries.filter((entry) => !/ p[io]ng$/.test(entry)).slice(0, 4)).toEqual([
    'sent websocket offer',
    'received websocket answer',
    'sent websocket notify',
    'sent websocket switched',
  ]);
});
