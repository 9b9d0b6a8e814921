import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { firstValueFrom, filter, take, toArray } from 'rxjs';
import { startLab, type Lab, type LabOptions } from 'rx-sora-lab';
import { afterEach, describe, expect, test } from 'vitest';
import { closeClients, WeriftClient } from './support/werift-client.ts';

let lab: Lab;
const start = async (options: LabOptions): Promise<void> => {
  lab = await startLab(options);
};
afterEach(async () => {
  await closeClients();
  await lab.close();
});

const channels = { data_channels: [{ label: '#chat', direction: 'sendrecv', compress: true }] };
const join = async (): Promise<WeriftClient> => {
  const client = await new WeriftClient(lab.url, { mode: 'datachannel', connect: channels }).ready();
  await client.event((event) => event.kind === 'channel' && event.label === '#chat');
  return client;
};
const logged = (type: string) => firstValueFrom(lab.log$.pipe(filter((entry) => entry.type === type)));

describe('sizes', () => {
  test('a WebSocket message over the limit closes with 1009', async () => {
    await start({ maxWebSocketMessageBytes: 2048 });
    const client = await new WeriftClient(lab.url, { connect: { sdp: '' } }).ready();
    client.sendOnWebSocket({ type: 'pong', padding: 'x'.repeat(4096) });
    expect(await client.closed()).toMatchObject({ code: 1009 });
  });

  test('what inflates too far is dropped, and the connection lives on', async () => {
    await start({ maxInflatedBytes: 10_000 });
    const sender = await join();
    const receiver = await join();
    sender.sendData('#chat', Buffer.alloc(10_001));
    sender.sendData('#chat', Buffer.alloc(10_000));
    expect((await receiver.data('#chat')).byteLength).toBe(10_000);
    expect(await logged('too-large')).toMatchObject({ label: '#chat', connectionId: sender.connectionId });
  });

  test('or ends the connection, where the lab is set so', async () => {
    await start({ maxInflatedBytes: 10_000, oversized: 'close', closeMessage: true });
    const sender = await join();
    sender.sendData('#chat', Buffer.alloc(10_001));
    expect(await sender.message('close')).toMatchObject({ code: 4490, reason: 'LAB-MESSAGE-TOO-LARGE' });
  });
});

describe('rates', () => {
  test('too many messages on the WebSocket are the end', async () => {
    await start({ maxMessagesPerSecond: 5 });
    const client = await new WeriftClient(lab.url).ready();
    for (let count = 0; count < 20; count += 1) client.sendOnWebSocket({ type: 'pong' });
    expect(await client.closed()).toEqual({ code: 4490, reason: 'LAB-TOO-MANY-MESSAGES' });
  });

  test('too many on DataChannels are dropped', async () => {
    await start({ maxMessagesPerSecond: 5 });
    const client = await join();
    for (let count = 0; count < 30; count += 1) client.sendData('#chat', Buffer.from('x'));
    expect(await logged('dropped')).toMatchObject({ label: '#chat', detail: { why: 'too-many-messages' } });
    expect(lab.connections).toHaveLength(1);
  });
});

test('more channels than allowed are refused', async () => {
  await start({ maxUserChannels: 0 });
  const client = new WeriftClient(lab.url, { connect: channels });
  expect(await client.closed()).toEqual({ code: 4490, reason: 'LAB-INVALID-CONNECT: data_channels has more than 0 entries' });
});

test('a lab listens on the loopback address by default', async () => {
  await start({});
  expect(new URL(lab.url).hostname).toBe('127.0.0.1');
});

describe('the auth webhook', () => {
  const webhook = async (
    answer: (body: Record<string, unknown>, header: unknown) => [number, string],
  ): Promise<{ url: string; close: () => void }> => {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const [status, text] = answer(
          JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>,
          request.headers['sora-connection-id'],
        );
        response.writeHead(status, { 'content-type': 'application/json' }).end(text);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/auth`, close: () => server.close() };
  };

  test('is asked with the connection in body and header, and decides', async () => {
    const asked: unknown[] = [];
    const hook = await webhook((body, header) => {
      asked.push([body['connection_id'], header]);
      return [200, JSON.stringify({ allowed: body['metadata'] === 'yes', reason: 'NO', client_id: 'from-webhook' })];
    });
    await start({ authWebhookUrl: hook.url });
    const client = await new WeriftClient(lab.url, { connect: { metadata: 'yes' } }).ready();
    expect(client.offer).toMatchObject({ client_id: 'from-webhook' });
    expect(asked).toEqual([[client.connectionId, client.connectionId]]);
    expect(await new WeriftClient(lab.url, { connect: { metadata: 'no' } }).closed()).toEqual({ code: 4490, reason: 'NO' });
    hook.close();
  });

  test.each([
    [500, '{}', 'the auth webhook answered 500'],
    [200, '[]', 'INVALID-AUTH-WEBHOOK-RESPONSE-JSON: response must be an object'],
  ])('that answers %i %s refuses, and the log has the detail', async (status, text, detail) => {
    const hook = await webhook(() => [status, text]);
    await start({ authWebhookUrl: hook.url });
    const reason = 'AUTHENTICATION-INTERNAL-ERROR';
    expect(await new WeriftClient(lab.url).closed()).toEqual({ code: 4490, reason });
    expect((await logged('refused')).detail).toEqual({ reason, detail });
    hook.close();
  });

  test('that is not there refuses', async () => {
    await start({ authWebhookUrl: 'http://127.0.0.1:1/' });
    expect(await new WeriftClient(lab.url).closed()).toMatchObject({ code: 4490 });
  });

  test('a client that leaves while it is asked leaves nothing behind', async () => {
    await start({ auth: () => new Promise(() => undefined) });
    const client = new WeriftClient(lab.url);
    const seen = firstValueFrom(lab.log$.pipe(take(4), toArray()));
    await logged('connect');
    client.sendOnWebSocket({ type: 'disconnect', reason: 'NO-ERROR' });
    expect(await client.closed()).toMatchObject({ code: 1000 });
    expect((await seen).map(({ type }) => type)).toEqual(['websocket-open', 'connect', 'disconnect', 'websocket-close']);
    expect(lab.connections).toEqual([]);
  });
});
