import { startLab, type Lab } from 'rx-sora-lab';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { closeClients, WeriftClient } from './support/werift-client.ts';

let lab: Lab;
beforeEach(async () => {
  lab = await startLab({ cluster: 2 });
});
afterEach(async () => {
  await closeClients();
  await lab.close();
});

/** Connects by this node and follows redirects; gives the client and the URLs that were used. */
const follow = async (url: string, connect: Record<string, unknown>): Promise<{ client: WeriftClient; urls: readonly string[] }> => {
  const client = new WeriftClient(url, { connect });
  const first = await client.event((event) => event.kind === 'message');
  if (first.kind !== 'message' || first.message['type'] !== 'redirect') return { client: await client.ready(), urls: [url] };
  const location = String(first.message['location']);
  expect(await client.closed()).toEqual({ code: 1000, reason: '' });
  const next = await follow(location, { ...connect, redirect: true });
  return { client: next.client, urls: [url, ...next.urls] };
};

test('two nodes, two ports, one list of connections', () => {
  expect(new Set(lab.urls).size).toBe(2);
});

test('a channel has one node; who comes by the other is sent there once', async () => {
  const ways = await Promise.all(lab.urls.map((url) => follow(url, { channel_id: 'somewhere' })));
  expect(ways.map(({ urls }) => urls.length).sort()).toEqual([1, 2]);
  expect(new Set(ways.map(({ urls }) => urls.at(-1))).size).toBe(1);
  expect(new Set(lab.connections.map(({ node }) => node)).size).toBe(1);
});

test('one that was sent is never sent on, so channels may span nodes', async () => {
  const clients = await Promise.all(lab.urls.map((url) => new WeriftClient(url, { connect: { redirect: true } }).ready()));
  expect(new Set(lab.connections.map(({ node }) => node)).size).toBe(2);
  expect(new Set(clients.map((client) => client.offer['session_id'])).size).toBe(1);
  clients[0]!.sendOnWebSocket({ type: 'disconnect', reason: 'NO-ERROR' });
  expect(await clients[1]!.notify('connection.destroyed')).toMatchObject({
    connection_id: clients[0]!.connectionId,
    channel_connections: 1,
  });
});

test('without the policy every node serves every channel', async () => {
  await lab.close();
  lab = await startLab({ cluster: 2, redirect: 'never' });
  const ways = await Promise.all(lab.urls.map((url) => follow(url, {})));
  expect(ways.map(({ urls }) => urls.length)).toEqual([1, 1]);
});

test('one node down, the other up', async () => {
  lab.faults.add({ fault: { kind: 'refused' }, match: { node: 'node1' } });
  const dead = new WeriftClient(lab.urls[0]!);
  expect(await dead.closed()).toMatchObject({ code: 1006 });
  await new WeriftClient(lab.urls[1]!, { connect: { redirect: true } }).ready();
});
