import { filter, firstValueFrom, mergeMap, take, toArray } from 'rxjs';
import { startLab, type Lab, type LabConnectionEnd, type LabLogEntry, type LabOptions } from 'rx-sora-lab';
import { afterEach, describe, expect, test } from 'vitest';
import { closeClients, WeriftClient, type ClientOptions } from './support/werift-client.ts';

let lab: Lab;
afterEach(async () => {
  await closeClients();
  await lab.close();
});

interface Scene {
  readonly client: WeriftClient;
  readonly end: Promise<LabConnectionEnd>;
}

const scene = async (clientOptions: ClientOptions, options: LabOptions = {}): Promise<Scene> => {
  lab = await startLab({ normalCloseReason: true, ...options });
  const client = await new WeriftClient(lab.url, clientOptions).ready();
  return { client, end: firstValueFrom(lab.connections[0]!.ended$) };
};

/** The end of the first connection that ends, which may be before the client is ready. */
const firstEnd = (): Promise<LabConnectionEnd> => firstValueFrom(lab.connections$.pipe(mergeMap((connection) => connection.ended$)));

const goodbye = { type: 'disconnect', reason: 'NO-ERROR' };
const labels = ['signaling', 'notify', 'push', 'stats', 'rpc'];
const allChannelsClosed = async (client: WeriftClient): Promise<void> => {
  await Promise.all(labels.map((label) => client.channelClosed(label)));
};
const closeMessages = (client: WeriftClient) =>
  client.events.filter((event) => event.kind === 'message' && event.message['type'] === 'close');

describe('the client says disconnect', () => {
  test('S1: over the WebSocket', async () => {
    const { client, end } = await scene({});
    client.sendOnWebSocket(goodbye);
    expect(await client.closed()).toEqual({ code: 1000, reason: 'TYPE-DISCONNECT' });
    expect(await end).toEqual({
      cause: 'type-disconnect',
      via: 'websocket',
      clientReason: 'NO-ERROR',
      code: 1000,
      reason: 'TYPE-DISCONNECT',
    });
  });

  test('S2: over a DataChannel, with a WebSocket', async () => {
    const { client, end } = await scene({ mode: 'both' });
    client.sendOnChannel('signaling', goodbye);
    await allChannelsClosed(client);
    expect(await client.closed()).toEqual({ code: 1000, reason: 'TYPE-DISCONNECT' });
    expect(await end).toMatchObject({ cause: 'type-disconnect', via: 'datachannel' });
  });

  test('S3: over a DataChannel, without one: no close message, even where it is switched on', async () => {
    const { client } = await scene({ mode: 'datachannel' }, { closeMessage: true });
    await client.closed();
    client.sendOnChannel('signaling', goodbye);
    await allChannelsClosed(client);
    expect(closeMessages(client)).toEqual([]);
  });

  test('S4: over the WebSocket before the switch', async () => {
    lab = await startLab({ normalCloseReason: true, faults: [{ fault: { kind: 'switched-missing' } }] });
    const client = new WeriftClient(lab.url, { mode: 'datachannel' });
    await client.event((event) => event.kind === 'channel' && event.label === 'signaling');
    client.sendOnWebSocket(goodbye);
    expect(await client.closed()).toEqual({ code: 1000, reason: 'TYPE-DISCONNECT' });
    await client.channelClosed('signaling');
  });

  test('without normalCloseReason the code stands alone', async () => {
    const { client } = await scene({}, { normalCloseReason: false });
    client.sendOnWebSocket(goodbye);
    expect(await client.closed()).toEqual({ code: 1000, reason: '' });
  });
});

describe('the server ends the connection', () => {
  test.each([['websocket'], ['both']] as const)('S5: the API, %s', async (mode) => {
    const { client, end } = await scene({ mode }, { closeMessage: true });
    lab.connections[0]!.disconnect();
    expect(await client.closed()).toEqual({ code: 1000, reason: 'DISCONNECTED-API' });
    if (mode === 'both') await allChannelsClosed(client);
    expect(closeMessages(client)).toEqual([]);
    expect(await end).toEqual({ cause: 'api', code: 1000, reason: 'DISCONNECTED-API' });
  });

  test('S5: the API, DataChannel only: the close message, then the DataChannels', async () => {
    const { client } = await scene({ mode: 'datachannel' }, { closeMessage: true });
    await client.closed();
    lab.connections[0]!.disconnect();
    expect(await client.message('close')).toEqual({
      type: 'close',
      code: 1000,
      reason: 'DISCONNECTED-API',
      transport: 'datachannel',
      label: 'signaling',
    });
    await allChannelsClosed(client);
  });

  test('S5: DataChannel only with the WebSocket still open: both tell', async () => {
    const { client } = await scene({ mode: 'datachannel', keepWebSocket: true }, { closeMessage: true });
    lab.connections[0]!.disconnect();
    await client.message('close');
    expect(await client.closed()).toEqual({ code: 1000, reason: 'DISCONNECTED-API' });
  });

  test('S5: DataChannel only, as a server is set by default: the DataChannels close without a word', async () => {
    const { client } = await scene({ mode: 'datachannel' });
    lab.connections[0]!.disconnect();
    await allChannelsClosed(client);
    expect(closeMessages(client)).toEqual([]);
  });

  test.each([['websocket'], ['both'], ['datachannel']] as const)('S6: lifetime, %s', async (mode) => {
    // The close message needs the switch, and a lifetime begins before it.
    lab = await startLab({ normalCloseReason: true, closeMessage: true, lifetimeMs: mode === 'datachannel' ? 3000 : 300 });
    const end = firstEnd();
    const client = new WeriftClient(lab.url, { mode });
    if (mode === 'datachannel') expect(await client.message('close')).toMatchObject({ code: 1000, reason: 'LIFETIME-EXPIRED' });
    else expect(await client.closed()).toEqual({ code: 1000, reason: 'LIFETIME-EXPIRED' });
    expect(await end).toMatchObject({ cause: 'lifetime' });
  });

  test('S7: no pong in time', async () => {
    lab = await startLab({ pingIntervalMs: 20, pongTimeoutMs: 100, faults: [{ fault: { kind: 'pong-ignored' } }] });
    const client = new WeriftClient(lab.url);
    expect(await client.closed()).toEqual({ code: 4490, reason: 'PONG-TIMEOUT-ERROR' });
  });

  test('pings are answered, with statistics when asked', async () => {
    lab = await startLab({ pingIntervalMs: 10, pingStatsEvery: 3 });
    const client = await new WeriftClient(lab.url).ready();
    const pongs = firstValueFrom(lab.connections[0]!.received$.pipe(take(3), toArray()));
    await client.message('ping', (message) => message['stats'] === true);
    const stats = (await pongs).map(({ message }) => (message as Record<string, unknown>)['stats'] !== undefined);
    expect(stats.filter(Boolean)).toHaveLength(1);
  });

  // Found by the fuzzer: a reason may be longer than a Close frame, and in bytes rather than in characters.
  test('a reason is cut to what a Close frame can carry, and a code that it cannot carry cuts the socket', async () => {
    const { client } = await scene({});
    lab.connections[0]!.disconnect({ reason: 'あ'.repeat(100) });
    expect(await client.closed()).toEqual({ code: 1000, reason: 'あ'.repeat(41) });
    const other = await new WeriftClient(lab.url).ready();
    lab.connections[0]!.disconnect({ code: 1005 });
    expect(await other.closed()).toEqual({ code: 1006, reason: '' });
  });

  test('S9: a signaling error after the offer', async () => {
    const { client, end } = await scene({});
    client.sendOnWebSocket({ type: 'connect', role: 'sendrecv', channel_id: 'again' });
    expect(await client.closed()).toEqual({ code: 4490, reason: 'LAB-SECOND-CONNECT' });
    expect(await end).toMatchObject({ cause: 'signaling-error', code: 4490, detail: 'LAB-SECOND-CONNECT' });
  });

  test('S9: an answer that is none', async () => {
    lab = await startLab();
    const client = new WeriftClient(lab.url, { passive: true });
    await client.message('offer');
    client.sendOnWebSocket({ type: 'answer', sdp: 'no SDP' });
    const { code, reason } = await client.closed();
    expect(code).toBe(4490);
    expect(reason).toMatch(/^LAB-INVALID-SDP/);
  });

  test('the client does not answer the offer in time', async () => {
    lab = await startLab({ connectTimeoutMs: 50 });
    const end = firstEnd();
    const client = new WeriftClient(lab.url, { passive: true });
    expect(await client.closed()).toEqual({ code: 4490, reason: 'ANSWER-TIMEOUT-ERROR' });
    expect(await end).toMatchObject({ cause: 'answer-timeout' });
  });

  test('the media path does not connect in time', async () => {
    lab = await startLab({ connectTimeoutMs: 2000, faults: [{ fault: { kind: 'peer-silent' }, at: 'answer' }] });
    const end = firstEnd();
    const client = new WeriftClient(lab.url);
    expect(await client.closed()).toEqual({ code: 4490, reason: 'CONNECTION-CREATED-WAIT-TIMEOUT-ERROR' });
    expect(await end).toMatchObject({ cause: 'connect-timeout' });
  });

  test('S12: the lab is closed', async () => {
    const { client, end } = await scene({ mode: 'both' });
    await lab.close();
    expect(await client.closed()).toEqual({ code: 1000, reason: 'LAB-STOPPED' });
    expect(await end).toMatchObject({ cause: 'stopped' });
  });
});

test('S11: the others are told, whatever the cause', async () => {
  const { client } = await scene({ mode: 'both' });
  const other = await new WeriftClient(lab.url).ready();
  lab.connections[0]!.cutWebSocket();
  expect(await other.notify('connection.destroyed')).toMatchObject({ connection_id: client.connectionId, channel_connections: 1 });
});

test('req-stats is answered, and a lost WebSocket still leaves time to hear a last word', async () => {
  const { client } = await scene({ mode: 'both' }, { statsIntervalMs: 20, lingerMs: 3000 });
  const connection = lab.connections[0]!;
  const heard = (word: string): Promise<LabLogEntry> => firstValueFrom(connection.received$.pipe(filter(({ type }) => type === word)));
  expect(await heard('stats')).toMatchObject({ transport: 'datachannel' });
  const lastWord = heard('disconnect');
  connection.cutWebSocket();
  await client.closed();
  client.sendOnChannel('signaling', { type: 'disconnect', reason: 'WEBSOCKET-ONCLOSE' });
  expect(await lastWord).toMatchObject({ transport: 'datachannel' });
  await client.channelClosed('signaling');
});
