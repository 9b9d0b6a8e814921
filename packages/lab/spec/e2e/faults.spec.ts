import { connect as connectTcp } from 'node:net';
import { filter, firstValueFrom, take, toArray } from 'rxjs';
import { startLab, type Fault, type FaultRule, type Lab, type LabConnection, type LabLogEntry, type LabOptions } from 'rx-sora-lab';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { closeClients, WeriftClient, type ClientEvent, type ClientOptions } from './support/werift-client.ts';

let lab: Lab;
afterEach(async () => {
  await closeClients();
  await lab.close();
});

const start = async (rules: readonly (FaultRule | Fault)[], options: LabOptions = {}): Promise<void> => {
  lab = await startLab({ ...options, faults: rules.map((rule) => ('fault' in rule ? rule : { fault: rule })) });
};
const open = (options: ClientOptions = {}): WeriftClient => new WeriftClient(lab.url, options);
const types = (client: WeriftClient): readonly string[] =>
  client.events.flatMap((event) => (event.kind === 'message' ? [String(event.message['event_type'] ?? event.message['type'])] : []));
const heard = (connection: LabConnection, type: string): Promise<LabLogEntry> =>
  firstValueFrom(connection.received$.pipe(filter((entry) => entry.type === type)));
const isFrame = (test_: (text: string | Buffer) => boolean) => (event: ClientEvent) => event.kind === 'frame' && test_(event.text);

describe('at the door', () => {
  const outcome = (): Promise<string> =>
    new Promise((resolve) => {
      const socket = new WebSocket(lab.url);
      socket.once('open', () => {
        resolve('open');
        socket.terminate();
      });
      socket.once('error', (error) => resolve('code' in error ? String(error.code) : error.message));
    });

  test('refused: nobody comes in while it stands, those inside stay', async () => {
    await start([]);
    const inside = await open().ready();
    const id = lab.faults.add({ fault: { kind: 'refused' } });
    expect(await outcome()).toBe('ECONNREFUSED');
    lab.connections[0]!.push({ still: 'inside' });
    await inside.message('push');
    expect(lab.faults.remove(id)).toBe(true);
    expect(await outcome()).toBe('open');
  });

  test('upgrade-cut, upgrade-rejected, once each, then open again', async () => {
    await start([
      { fault: { kind: 'upgrade-cut' }, times: 1 },
      { fault: { kind: 'upgrade-rejected', status: 503 }, times: 1 },
    ]);
    expect(await outcome()).toMatch(/ECONNRESET|hang up/);
    expect(await outcome()).toMatch(/503/);
    expect(await outcome()).toBe('open');
  });

  test('upgrade-silent: TCP is there and no answer comes', async () => {
    await start([{ fault: { kind: 'upgrade-silent' }, times: 1 }]);
    const { port } = new URL(lab.url);
    const socket = connectTcp(Number(port), '127.0.0.1');
    const logged = firstValueFrom(lab.log$.pipe(take(1)));
    socket.write(
      'GET /signaling HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    );
    expect(await logged).toMatchObject({ kind: 'fault', type: 'upgrade-silent' });
    expect(await outcome()).toBe('open');
    socket.destroy();
  });

  test('upgrade-delayed', async () => {
    await start([{ kind: 'upgrade-delayed', ms: 30 }]);
    expect(await outcome()).toBe('open');
  });

  test('open: an action before connect', async () => {
    await start([{ fault: { kind: 'websocket-close', code: 4000, reason: 'early' }, at: 'open' }]);
    expect(await open().closed()).toEqual({ code: 4000, reason: 'early' });
  });
});

describe('the WebSocket ends', () => {
  test.each<[Fault, { code: number; reason: string }]>([
    [
      { kind: 'websocket-close', code: 1011, reason: 'boom' },
      { code: 1011, reason: 'boom' },
    ],
    [
      { kind: 'websocket-close', code: 4490, reason: '' },
      { code: 4490, reason: '' },
    ],
    [{ kind: 'websocket-close' }, { code: 1005, reason: '' }],
    [{ kind: 'websocket-cut' }, { code: 1006, reason: '' }],
    [{ kind: 'websocket-reset' }, { code: 1006, reason: '' }],
  ])('%o', async (fault, close) => {
    await start([fault]);
    expect(await open().closed()).toEqual(close);
  });

  test.each(['connect', 'offer', 'answer', 'connected', 'switched'] as const)('at %s', async (at) => {
    await start([{ fault: { kind: 'websocket-close', code: 4001 }, at }]);
    const client = open({ mode: 'both' });
    expect(await client.closed()).toMatchObject({ code: 4001 });
    expect(types(client).includes('offer')).toBe(at !== 'connect');
    expect(types(client).includes('switched')).toBe(at === 'switched');
  });

  test('by hand, on one connection of two', async () => {
    await start([]);
    const one = await open({ connect: { client_id: 'one' } }).ready();
    const two = await open({ connect: { client_id: 'two' } }).ready();
    lab.connections.find(({ clientId }) => clientId === 'one')!.closeWebSocket(4002, 'by hand');
    expect(await one.closed()).toEqual({ code: 4002, reason: 'by hand' });
    expect(lab.faults.inject({ kind: 'websocket-cut' }, { clientId: 'two' })).toBe(1);
    expect(await two.closed()).toMatchObject({ code: 1006 });
  });

  test('frozen: nothing is read or sent, and after resume all of it', async () => {
    await start([]);
    const client = await open().ready();
    const connection = lab.connections[0]!;
    connection.inject({ kind: 'websocket-frozen' });
    connection.push({ held: 'back' });
    const read = heard(connection, 'unheard');
    client.sendOnWebSocket({ type: 'unheard' });
    connection.resume();
    expect(await client.message('push')).toMatchObject({ data: { held: 'back' } });
    await read;
  });
});

describe('offer and answer', () => {
  test('offer-withheld, answer-ignored: the connection hangs until its limit', async () => {
    for (const kind of ['offer-withheld', 'answer-ignored'] as const) {
      await start([{ kind }], { connectTimeoutMs: 200 });
      const client = open();
      expect(await client.closed()).toEqual({ code: 4490, reason: 'ANSWER-TIMEOUT-ERROR' });
      expect(types(client)).toEqual(kind === 'offer-withheld' ? [] : ['offer']);
      await lab.close();
    }
  });

  test('offer-delayed and answer-delayed connect all the same', async () => {
    await start([
      { kind: 'offer-delayed', ms: 20 },
      { kind: 'answer-delayed', ms: 20 },
    ]);
    await open().ready();
  });

  test('offer-bad-sdp, offer-altered, wrong-order, offer-duplicate', async () => {
    await start([
      { kind: 'offer-bad-sdp' },
      { kind: 'offer-altered', members: { connection_id: null, version: 'x' } },
      { kind: 'wrong-order', message: { type: 'switched', ignore_disconnect_websocket: true } },
      { kind: 'offer-duplicate' },
    ]);
    const client = open({ passive: true, keepWebSocket: true });
    const seen = await firstValueFrom(client.messages$('offer').pipe(take(2), toArray()));
    expect(types(client)).toEqual(['switched', 'offer', 'offer']);
    expect(seen[0]).toMatchObject({ message: { sdp: 'not a session description', version: 'x' } });
    expect(client.offer).not.toHaveProperty('connection_id');
  });

  test('auth-refused and redirect', async () => {
    await start([
      { fault: { kind: 'auth-refused', reason: 'no' }, match: { channelId: 'secret' } },
      { fault: { kind: 'redirect', location: 'ws://127.0.0.1:1/signaling' }, match: { channelId: 'away' } },
      { fault: { kind: 'redirect' }, match: { channelId: 'loop' } },
    ]);
    const logged = firstValueFrom(lab.log$.pipe(filter(({ kind }) => kind === 'fault')));
    expect(await open({ connect: { channel_id: 'secret' } }).closed()).toEqual({ code: 4490, reason: 'no' });
    expect(await logged).toMatchObject({ type: 'auth-refused', detail: { kind: 'auth-refused', reason: 'no' } });
    expect(await open({ connect: { channel_id: 'away' } }).message('redirect')).toMatchObject({ location: 'ws://127.0.0.1:1/signaling' });
    expect(await open({ connect: { channel_id: 'loop', redirect: true } }).message('redirect')).toMatchObject({ location: lab.url });
    await open().ready();
  });
});

describe('switched', () => {
  test('duplicate, delayed, with another flag', async () => {
    await start([
      { kind: 'switched-duplicate' },
      { kind: 'switched-delayed', ms: 20 },
      { kind: 'switched-flag', ignoreDisconnectWebSocket: true },
    ]);
    const client = open({ mode: 'both', keepWebSocket: true });
    const both = await firstValueFrom(client.messages$('switched').pipe(take(2), toArray()));
    expect(both).toHaveLength(2);
    expect(await client.message('switched')).toMatchObject({ ignore_disconnect_websocket: true });
  });

  test('early: before any DataChannel is open', async () => {
    await start([{ kind: 'switched-early' }]);
    const client = open({ mode: 'both' });
    await client.message('switched');
    expect(client.channels.size).toBe(0);
    await client.event((event) => event.kind === 'channel' && event.label === 'rpc');
  });

  test.each(['switched', 're-offer'] as const)('back to back with a re-offer, %s first', async (first) => {
    await start([{ kind: 'switched-with-re-offer', first }]);
    const client = open({ mode: 'datachannel', keepWebSocket: true });
    await client.message('re-offer');
    await client.message('switched');
    const order = types(client).filter((type) => ['switched', 're-offer'].includes(type));
    expect(order[0]).toBe(first);
  });

  test('missing, and a label that never opens', async () => {
    await start([{ kind: 'switched-missing' }, { kind: 'channel-missing', label: 'stats' }]);
    const client = open({ mode: 'both' });
    await client.event((event) => event.kind === 'channel' && event.label === 'rpc');
    await client.notify('connection.created');
    expect([...client.channels.keys()].sort()).toEqual(['notify', 'push', 'rpc', 'signaling']);
    expect(types(client)).not.toContain('switched');
  });
});

describe('DataChannels', () => {
  const ready = async (options: ClientOptions = {}): Promise<WeriftClient> => {
    await start([]);
    const client = await open({ mode: 'datachannel', ...options }).ready();
    await client.event((event) => event.kind === 'channel' && event.label === 'rpc');
    return client;
  };
  const inject = (fault: Fault): number => lab.faults.inject(fault);
  const raw = (client: WeriftClient, label: string) =>
    client.event((event) => event.kind === 'data' && event.label === label && event.payload.byteLength > 0);

  test('one label closes, the connection stays', async () => {
    const client = await ready();
    lab.connections[0]!.closeChannels('stats');
    await client.channelClosed('stats');
    lab.connections[0]!.push({ a: 1 });
    await client.message('push');
    expect(lab.connections).toHaveLength(1);
  });

  test('all close', async () => {
    const client = await ready();
    lab.connections[0]!.closeChannels();
    await Promise.all(['signaling', 'notify', 'push', 'stats', 'rpc'].map((label) => client.channelClosed(label)));
    expect(lab.connections).toHaveLength(1);
  });

  test('SCTP ABORT takes all at once', async () => {
    const client = await ready();
    lab.connections[0]!.abortChannels();
    await Promise.all(['signaling', 'notify', 'push', 'stats', 'rpc'].map((label) => client.channelClosed(label)));
  });

  test('DTLS close_notify', async () => {
    const client = await ready();
    inject({ kind: 'dtls-close' });
    await client.channelClosed('signaling');
    expect(client.pc.dtlsTransports.map(({ state }) => state)).toEqual(['closed']);
  });

  test('a close message of any form, and nothing else', async () => {
    const client = await ready();
    lab.connections[0]!.sendClose(4490, 'ANOMALY');
    expect(await client.message('close')).toMatchObject({ code: 4490, reason: 'ANOMALY' });
    inject({ kind: 'close-message', code: 'text' });
    await client.message('close', (message) => message['code'] === 'text');
    expect(lab.connections).toHaveLength(1);
  });

  test('opened again, and opened without an announcement', async () => {
    const client = await ready();
    const before = client.channels.get('push');
    inject({ kind: 'channel-reopened', label: 'push' });
    inject({ kind: 'channel-unannounced', label: '#surprise' });
    await client.event((event) => event.kind === 'channel' && event.label === '#surprise');
    expect(client.channels.get('push')).not.toBe(before);
  });

  test('malformed, bad deflate, text where binary is due, a bomb', async () => {
    const client = await ready();
    inject({ kind: 'channel-malformed', label: 'notify' });
    expect(await raw(client, 'notify')).toMatchObject({ payload: Buffer.from('{"type":') });
    inject({ kind: 'channel-bad-deflate', label: 'push' });
    expect(await raw(client, 'push')).toMatchObject({ payload: Buffer.from([0x78, 0x9c, 0xff, 0xff, 0x00]) });
    inject({ kind: 'channel-text', label: 'stats', text: '{"type":"plain"}' });
    expect(await raw(client, 'stats')).toMatchObject({ frame: 'text' });
    inject({ kind: 'channel-oversized', label: 'rpc', bytes: 8 * 1024 * 1024 });
    const bomb = await client.event((event) => event.kind === 'data' && event.label === 'rpc');
    expect(bomb.kind === 'data' ? bomb.payload.byteLength : 0).toBe(8 * 1024 * 1024);
  });

  test('any message, re-offers that overlap', async () => {
    const client = await ready();
    inject({ kind: 'message', message: { type: 'unheard-of' } });
    expect(await client.message('unheard-of')).toMatchObject({ transport: 'datachannel', label: 'signaling' });
    inject({ kind: 're-offer', count: 3 });
    const offers = await firstValueFrom(client.messages$('re-offer').pipe(take(3), toArray()));
    expect(offers).toHaveLength(3);
  });
});

test('frames on the WebSocket: malformed, binary, oversized', async () => {
  await start([]);
  const client = await open().ready();
  lab.faults.inject({ kind: 'websocket-malformed' });
  await client.event(isFrame((text) => text === '{"type":'));
  lab.faults.inject({ kind: 'websocket-binary' });
  await client.event(isFrame((text) => typeof text !== 'string'));
  lab.faults.inject({ kind: 'websocket-oversized', bytes: 2_000_000 });
  await client.event(isFrame((text) => text.length > 2_000_000));
});

test('disconnect-ignored and end-without leave the client waiting', async () => {
  await start([{ kind: 'disconnect-ignored' }]);
  const client = await open({ mode: 'both' }).ready();
  const goodbye = heard(lab.connections[0]!, 'disconnect');
  client.sendOnChannel('signaling', { type: 'disconnect', reason: 'NO-ERROR' });
  await goodbye;
  expect(lab.connections[0]!.state).toBe('switched');
  lab.faults.inject({ kind: 'end-without', channelClose: true });
  lab.connections[0]!.disconnect();
  expect(await client.closed()).toMatchObject({ code: 1000 });
  expect(client.events.filter(({ kind }) => kind === 'channel-close')).toEqual([]);
});

test('a slow server closes one DataChannel after the other', async () => {
  await start([{ kind: 'slow-channel-close', ms: 20 }]);
  const client = await open({ mode: 'datachannel' }).ready();
  await client.event((event) => event.kind === 'channel' && event.label === 'rpc');
  lab.connections[0]!.disconnect();
  await client.channelClosed('rpc');
  const order = client.events.flatMap((event) => (event.kind === 'channel-close' ? [event.label] : []));
  expect(order).toEqual(['signaling', 'notify', 'push', 'stats', 'rpc']);
});

test('a silent peer is given up by the supervision of ICE', async () => {
  await start([], { iceDisconnectedTimeoutMs: 100, iceFailedTimeoutMs: 100, closeMessage: true });
  await open({ mode: 'datachannel' }).ready();
  const connection = lab.connections[0]!;
  const ended = firstValueFrom(connection.ended$);
  connection.fallSilent();
  expect(await ended).toMatchObject({ cause: 'ice-failed', code: 4490, reason: 'ICE-CONNECTION-STATE-FAILED' });
});

test('a worse network is told as network.status, and a mended one again', async () => {
  await start([]);
  const client = await open({ mode: 'datachannel' }).ready();
  lab.faults.inject({ kind: 'network', delayMs: 5 });
  expect(await client.notify('network.status')).toMatchObject({ unstable_level: 1 });
  lab.connections[0]!.resume();
  await client.notify('network.status', (message) => message['unstable_level'] === 0);
});

test('rules: count, match, list, clear', async () => {
  await start([{ fault: { kind: 'offer-delayed', ms: 1 }, times: 2, match: { mode: 'both' } }]);
  expect(lab.faults.rules).toEqual([{ id: 'fault1', fault: { kind: 'offer-delayed', ms: 1 }, times: 2, match: { mode: 'both' }, used: 0 }]);
  await open().ready();
  expect(lab.faults.rules[0]).toMatchObject({ used: 0 });
  await open({ mode: 'both' }).ready();
  expect(lab.faults.rules[0]).toMatchObject({ used: 1 });
  await open({ mode: 'both' }).ready();
  expect(lab.faults.rules).toEqual([]);
  lab.faults.add({ fault: { kind: 'upgrade-cut' } });
  lab.faults.clear();
  expect(lab.faults.rules).toEqual([]);
  expect(() => lab.faults.add({ fault: { kind: 'offer-delayed' } as Fault })).toThrow('rule.fault.ms is required');
  expect(lab.faults.kinds.length).toBeGreaterThan(50);
});
