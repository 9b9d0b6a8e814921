import { startLab, type Lab, type LabOptions } from 'rx-sora-lab';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { OfficialBrowser, type OfficialTab } from '../support/official-browser.ts';
import type { PageConnect, PageEvent } from './page.ts';

let browser: OfficialBrowser;
let tab: OfficialTab;
let lab: Lab;
const start = async (options: LabOptions): Promise<void> => {
  await lab.close();
  lab = await startLab({ normalCloseReason: true, ...options });
};
beforeAll(async () => {
  browser = await OfficialBrowser.start();
});
afterAll(async () => {
  await browser.close();
});
beforeEach(async () => {
  lab = await startLab({ normalCloseReason: true });
  tab = await browser.tab();
});
afterEach(async () => {
  await browser.closeTabs();
  await lab.close();
});

const modes = [
  ['WebSocket only', {}],
  ['both', { dataChannelSignaling: true, ignoreDisconnectWebSocket: false }],
  ['DataChannel only', { dataChannelSignaling: true, ignoreDisconnectWebSocket: true }],
] as const;

type More = Partial<Omit<PageConnect, 'name'>>;
const connect = (name: string, more: More = {}) =>
  tab.connect({
    name,
    role: 'sendrecv',
    urls: lab.url,
    channelId: 'room',
    ...more,
    options: { audio: false, video: false, ...more.options },
  });
const dataChannelOnly = { dataChannelSignaling: true, ignoreDisconnectWebSocket: true };
const switched = (name: string) => tab.event(name, ({ kind }) => kind === 'switched');
const ended = (name: string) => tab.event(name, ({ kind }) => kind === 'disconnect');
const isNotify =
  (type: string) =>
  ({ kind, message }: PageEvent): boolean =>
    kind === 'notify' && (message as Record<string, unknown>)['event_type'] === type;

describe.each(modes)('%s', (_, options) => {
  test.each(['sendrecv', 'sendonly', 'recvonly'] as const)('%s connects, hears of itself and says goodbye', async (role) => {
    const { connectionId } = await connect('a', {
      role,
      options: { ...options, audio: true, video: true },
      ...(role === 'recvonly' ? {} : { media: {} }),
    });
    expect(connectionId).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
    await tab.event('a', ({ kind }) => kind === 'connected');
    expect((await tab.event('a', isNotify('connection.created')))['message']).toMatchObject({ connection_id: connectionId, role });
    if (options !== modes[0][1]) await switched('a');
    await tab.disconnect('a');
    expect(await ended('a')).toMatchObject({ type: 'normal', title: 'DISCONNECT', code: 1000, reason: 'TYPE-DISCONNECT' });
  });
});

test.each(modes)('the server ends the connection by API: %s', async (mode, options) => {
  await start({ closeMessage: true });
  await connect('a', { options });
  if (mode !== 'WebSocket only') await switched('a');
  lab.connections[0]!.disconnect();
  expect(await ended('a')).toMatchObject(
    // The official SDK reports the first DataChannel that closes as a disconnect of its own, and loses the code: whichever it sees first.
    mode === 'both' ? { kind: 'disconnect' } : { type: 'normal', title: 'SHUTDOWN', code: 1000, reason: 'DISCONNECTED-API' },
  );
});

test('type: close at the end of the lifetime', async () => {
  // It begins with DTLS; the close message needs the switch, and the official SDK its `connect()` done.
  await start({ closeMessage: true, lifetimeMs: 3000 });
  await connect('a', { options: dataChannelOnly });
  expect(await ended('a')).toMatchObject({ type: 'normal', title: 'SHUTDOWN', code: 1000, reason: 'LIFETIME-EXPIRED' });
});

test('messaging: compressed and plain, with the header of the sender, from one tab to another', async () => {
  const channels = (more: object) => [{ label: '#chat', direction: 'sendrecv', ...more }];
  const one = await connect('a', { role: 'messaging', options: { ...dataChannelOnly, dataChannels: channels({ compress: true }) } });
  await connect('b', {
    role: 'messaging',
    options: { ...dataChannelOnly, dataChannels: channels({ compress: false, header: [{ type: 'sender_connection_id' }] }) },
  });
  await switched('a');
  await switched('b');
  expect((await tab.event('b', ({ kind }) => kind === 'datachannel'))['channel']).toMatchObject({
    label: '#chat',
    compress: false,
    ordered: true,
  });
  await tab.send('a', '#chat', 'good morning');
  const message = await tab.event('b', ({ kind }) => kind === 'message');
  expect(Buffer.from(message['bytes'] as number[]).toString()).toBe(`${one.connectionId}good morning`);
  await tab.send('b', '#chat', 'good evening');
  const back = await tab.event('a', ({ kind }) => kind === 'message');
  expect(Buffer.from(back['bytes'] as number[]).toString()).toBe('good evening');
});

test('RPC: a result, and metadata pushed to the channel', async () => {
  await connect('a', { options: dataChannelOnly });
  await switched('a');
  expect(await tab.rpc('a', '2025.2.0/PutSignalingNotifyMetadataItem', { key: 'hand', value: true, push: true })).toEqual({ hand: true });
  expect((await tab.event('a', ({ kind }) => kind === 'push'))['transport']).toBe('datachannel');
});

test('redirect in a cluster: contacted here, connected there', async () => {
  await start({ cluster: 2 });
  const [first, second] = await Promise.all(lab.urls.map((url, index) => connect(`c${index}`, { urls: url, channelId: 'somewhere' })));
  expect([first!.contact, second!.contact]).toEqual(lab.urls);
  expect(first!.connected).toBe(second!.connected);
});

test('candidate URLs: the dead one and the silent one lose, the good one wins without a word of the others', async () => {
  await start({ cluster: 2, redirect: 'never', faults: [{ fault: { kind: 'upgrade-silent' }, match: { node: 'node1' } }] });
  const { connected } = await connect('a', { urls: ['ws://127.0.0.1:1/signaling', ...lab.urls] });
  expect(connected).toBe(lab.urls[1]);
  expect(lab.connections).toHaveLength(1);
});

test('statistics: ping on the WebSocket, req-stats on the DataChannel', async () => {
  await start({ pingIntervalMs: 50, pingStatsEvery: 1, statsIntervalMs: 50 });
  const reports: Record<string, unknown>[] = [];
  await connect('a', { options: { dataChannelSignaling: true, ignoreDisconnectWebSocket: false } });
  lab.connections[0]!.received$.subscribe(({ type, message }) => {
    if (type === 'pong' || type === 'stats') reports.push(message as Record<string, unknown>);
  });
  await tab.until(() => Promise.resolve(reports.some(({ stats }) => Array.isArray(stats) && stats.length > 0) || undefined));
  await tab.until(() => Promise.resolve(reports.some(({ reports: flat }) => Array.isArray(flat) && flat.length > 0) || undefined));
});

test('a refusal before the offer reaches the caller with its code', async () => {
  await start({ auth: () => ({ allowed: false, reason: 'no such user' }) });
  await expect(connect('a')).rejects.toThrow("Signaling failed. CloseEventCode:4490 CloseEventReason:'no such user'");
});
