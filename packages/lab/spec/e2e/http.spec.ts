import { API_TARGETS } from '../../src/api/call-target.ts';
import { request as httpRequest } from 'node:http';
import { filter, firstValueFrom } from 'rxjs';
import { startLab, type Lab, type LabLogEntry, type LabOptions } from 'rx-sora-lab';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { closeClients, WeriftClient } from './support/werift-client.ts';

let lab: Lab;
const restart = async (options: LabOptions): Promise<void> => {
  await lab.close();
  lab = await startLab(options);
};
beforeEach(async () => {
  lab = await startLab({ normalCloseReason: true });
});
afterEach(async () => {
  await closeClients();
  await lab.close();
});

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const http = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> => {
  const response = await fetch(`${lab.httpUrl}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
};
const api = (target: string, body: unknown = {}): Promise<Answer> => http('POST', '/', body, { 'x-sora-target': target });
const room = { channel_id: 'room' };

describe('the API of Sora', () => {
  test('pushes: to a channel, a client, a connection, a role', async () => {
    const one = await new WeriftClient(lab.url, { connect: { client_id: 'one' } }).ready();
    const two = await new WeriftClient(lab.url, { connect: { client_id: 'two', role: 'recvonly' }, mode: 'datachannel' }).ready();
    expect(await api('Sora_20160711.PushChannel', { ...room, data: { n: 1 } })).toEqual({
      status: 200,
      body: { type: 'push', data: { n: 1 } },
    });
    await api('Sora_20160711.PushClient', { ...room, client_id: 'one', data: { n: 2 } });
    await api('Sora_20160711.PushConnection', { ...room, connection_id: two.connectionId, data: { n: 3 } });
    await api('Sora_20201120.PushChannelByRole', { ...room, role: 'recvonly', data: { n: 4 } });
    const numbers = (client: WeriftClient) =>
      client.events.flatMap((event) =>
        event.kind === 'message' && event.message['type'] === 'push' ? [(event.message['data'] as { n: number }).n] : [],
      );
    await two.message('push', ({ data }) => (data as { n: number }).n === 4);
    await one.message('push', ({ data }) => (data as { n: number }).n === 2);
    expect(numbers(one)).toEqual([1, 2]);
    expect(numbers(two)).toEqual([1, 3, 4]);
  });

  test.each([
    ['Sora_20151104.DisconnectConnection', (client: WeriftClient) => ({ connection_id: client.connectionId, reason: { type: 'normal' } })],
    ['Sora_20151104.DisconnectClient', () => ({ client_id: 'me' })],
    ['Sora_20151104.DisconnectChannel', () => ({})],
    ['Sora_20201120.DisconnectChannelByRole', () => ({ role: 'sendrecv' })],
    ['Sora_20230628.TerminateSession', (client: WeriftClient) => ({ session_id: client.offer['session_id'] })],
  ])('%s ends the connection as S5', async (target, body) => {
    const client = await new WeriftClient(lab.url, { connect: { client_id: 'me' } }).ready();
    expect(await api(target, { ...room, ...body(client) })).toEqual({ status: 200, body: {} });
    expect(await client.closed()).toEqual({ code: 1000, reason: 'DISCONNECTED-API' });
  });

  test('lists and sessions', async () => {
    const client = await new WeriftClient(lab.url, { connect: { client_id: 'me' } }).ready();
    const entry = { channel_id: 'room', client_id: 'me', connection_id: client.connectionId, role: 'sendrecv', node_name: 'node1' };
    expect(await api('Sora_20201013.ListConnections')).toMatchObject({ status: 200, body: [entry] });
    expect(await api('Sora_20201013.ListChannelConnections', room)).toMatchObject({ body: [entry] });
    expect(await api('Sora_20170529.GetStatsConnection', { ...room, connection_id: client.connectionId })).toMatchObject({
      body: { ...entry, rtp: { received: [], sent: [] } },
    });
    expect(await api('Sora_20231220.ListSessions')).toMatchObject({
      body: [{ channel_id: 'room', session_id: client.offer['session_id'] }],
    });
    expect(await api('Sora_20231220.GetSession', { ...room, session_id: 'another' })).toEqual({
      status: 400,
      body: { error_type: 'LAB-SESSION-NOT-FOUND' },
    });
  });

  test('statistics that a client reported', async () => {
    await restart({ statsIntervalMs: 20 });
    const client = await new WeriftClient(lab.url, { mode: 'datachannel' }).ready();
    await firstValueFrom(lab.connections[0]!.received$.pipe(filter(({ type }) => type === 'stats')));
    const reported = { body: [{ connection_id: client.connectionId, rtc_stats: [{ id: 'P', type: 'peer-connection' }] }] };
    expect(await api('Sora_20211215.ListRtcStats')).toMatchObject(reported);
  });

  test('spotlight: focus, fixed, unfocus, number', async () => {
    const one = await new WeriftClient(lab.url, { connect: { spotlight: true } }).ready();
    const two = await new WeriftClient(lab.url, { connect: { spotlight: true } }).ready();
    const subject = { ...room, connection_id: one.connectionId };
    expect(await api('Sora_20200807.FocusSpotlight', subject)).toMatchObject({ status: 200 });
    expect(await two.notify('spotlight.focused')).toMatchObject({
      connection_id: one.connectionId,
      fixed: false,
      audio: false,
      video: false,
    });
    await api('Sora_20200807.FocusSpotlightFixed', subject);
    await two.notify('spotlight.focused', ({ fixed }) => fixed === true);
    await api('Sora_20200807.UnfocusSpotlight', subject);
    expect(await two.notify('spotlight.unfocused')).toMatchObject({ connection_id: one.connectionId });
    await api('Sora_20200807.FocusSpotlight', subject);
    await api('Sora_20200807.FocusSpotlight', { ...room, connection_id: two.connectionId });
    await api('Sora_20200807.ChangeSpotlightNumber', { ...room, spotlight_number: 1 });
    await one.notify('spotlight.unfocused', ({ connection_id: id }) => id === one.connectionId);
  });

  test('forwarding filters: create, list, update, delete', async () => {
    const client = await new WeriftClient(lab.url).ready();
    const rules = [[{ field: 'kind', operator: 'is_in', values: ['video'] }]];
    expect(await api('Sora_20230628.CreateChannelForwardingFilter', { ...room, name: 'f', action: 'block', rules })).toMatchObject({
      status: 200,
    });
    await api('Sora_20230628.CreateConnectionForwardingFilter', { ...room, connection_id: client.connectionId, action: 'allow', rules });
    await api('Sora_20230628.UpdateChannelForwardingFilter', { ...room, name: 'f', action: 'allow', rules });
    expect(await api('Sora_20230628.ListForwardingFilters', room)).toMatchObject({
      body: { channel: [{ name: 'f', action: 'allow', rules }], connections: [{ connection_id: client.connectionId }] },
    });
    await api('Sora_20230628.DeleteChannelForwardingFilter', { ...room, name: 'f' });
    expect(await api('Sora_20230628.DeleteChannelForwardingFilter', { ...room, name: 'f' })).toMatchObject({
      status: 400,
      body: { error_type: 'LAB-FORWARDING-FILTER-NOT-FOUND' },
    });
  });

  test('recording is told under a name of the lab', async () => {
    const client = await new WeriftClient(lab.url).ready();
    await api('Sora_20231220.StartRecording', room);
    expect(await client.notify('lab.recording.started')).toMatchObject({ channel_id: 'room' });
  });

  test('audio streaming names those that send audio in a language, and authentication has the last word on which', async () => {
    await restart({
      auth: ({ client_id }) => ({ allowed: true, ...(client_id === 'renamed' && { audio_streaming_language_code: 'de-DE' }) }),
    });
    const connect = { audio: true, audio_streaming_language_code: 'ja-JP' };
    const asked = await new WeriftClient(lab.url, { connect }).ready();
    const renamed = await new WeriftClient(lab.url, { connect: { ...connect, client_id: 'renamed' } }).ready();
    await new WeriftClient(lab.url, { connect: { audio: true } }).ready();
    await new WeriftClient(lab.url, { connect: { ...connect, audio: false } }).ready();
    await new WeriftClient(lab.url, { connect: { ...connect, role: 'recvonly' } }).ready();
    await api('Sora_20221221.StartAudioStreaming', room);
    expect((await asked.notify('lab.audio-streaming.started'))['connections']).toEqual([
      { connection_id: asked.connectionId, audio_streaming_language_code: 'ja-JP' },
      { connection_id: renamed.connectionId, audio_streaming_language_code: 'de-DE' },
    ]);
    const accepted = lab.log$.pipe(filter(({ type, connectionId }) => type === 'accepted' && connectionId === renamed.connectionId));
    expect((await firstValueFrom(accepted)).detail).toMatchObject({ audio_streaming_language_code: 'de-DE' });
  });

  test('what is wrong is said', async () => {
    expect(await api('Sora_20160711.Nothing')).toEqual({ status: 400, body: { error_type: 'LAB-UNKNOWN-TARGET' } });
    expect(await api('PushChannel', room)).toMatchObject({ status: 400 });
    expect(await api('Sora_20160711.PushChannel', { ...room, data: [] })).toEqual({
      status: 400,
      body: { error_type: 'LAB-INVALID-REQUEST: data must be an object' },
    });
    expect(await api('Sora_20231220.GetSession', room)).toEqual({ status: 400, body: { error_type: 'LAB-CHANNEL-NOT-FOUND' } });
    expect(await http('GET', '/nowhere')).toMatchObject({ status: 404 });
    expect(await http('POST', '/', {}, { 'content-type': 'text/plain' })).toMatchObject({ status: 415 });
  });

  test('has a port of its own where one is asked for', async () => {
    await restart({ apiPort: 0 });
    expect(new URL(lab.httpUrl).port).not.toBe(new URL(lab.url).port);
    expect(await api('Sora_20201013.ListConnections')).toEqual({ status: 200, body: [] });
  });

  test('does not listen to a page whose name was bent to point here', async () => {
    const { port } = new URL(lab.httpUrl);
    const status = await new Promise<number>((resolve) => {
      httpRequest({ host: '127.0.0.1', port, path: '/lab/log', headers: { host: 'evil.example' } }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      }).end();
    });
    expect(status).toBe(403);
  });
});

describe('the control of the lab', () => {
  test('a browser is told what this is', async () => {
    const response = await fetch(lab.httpUrl);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(await response.text()).toContain(lab.url);
  });

  test('connections and faults, for tests in any language', async () => {
    const client = await new WeriftClient(lab.url, { connect: { client_id: 'me' } }).ready();
    expect(await http('GET', '/lab')).toEqual({ status: 200, body: { urls: [lab.url], connections: 1, faults: 0, targets: API_TARGETS } });
    expect(await http('GET', '/lab/connections')).toMatchObject({
      body: [{ connectionId: client.connectionId, state: 'connected', mode: 'websocket' }],
    });
    const rule = { fault: { kind: 'offer-delayed', ms: 5 }, times: 3 };
    expect(await http('POST', '/lab/faults', rule)).toEqual({ status: 200, body: { id: 'fault1' } });
    expect(await http('GET', '/lab/faults')).toEqual({ status: 200, body: [{ id: 'fault1', ...rule, used: 0 }] });
    expect(await http('DELETE', '/lab/faults/fault1')).toMatchObject({ status: 200 });
    expect(await http('DELETE', '/lab/faults/fault1')).toMatchObject({ status: 404 });
    expect(await http('POST', '/lab/faults', { fault: { kind: 'gremlins' } })).toMatchObject({ status: 400 });
    expect(((await http('GET', '/lab/faults/kinds')).body as unknown[]).length).toBe(lab.faults.kinds.length);
    const injection = { fault: { kind: 'websocket-close', code: 4321 }, match: { clientId: 'me' } };
    expect(await http('POST', '/lab/faults/inject', injection)).toEqual({ status: 200, body: { connections: 1 } });
    expect(await client.closed()).toMatchObject({ code: 4321 });
  });

  test('the log as JSON Lines, kept and followed', async () => {
    const client = await new WeriftClient(lab.url).ready();
    const kept = await (await fetch(`${lab.httpUrl}/lab/log?connectionId=${client.connectionId}`)).text();
    const entries = kept
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as LabLogEntry);
    expect(entries.map(({ type }) => type)).toContain('offer');
    expect(entries.every((entry) => entry.connectionId === client.connectionId)).toBe(true);
    const following = await fetch(`${lab.httpUrl}/lab/log?follow=1`);
    const reader = following.body!.pipeThrough(new TextDecoderStream()).getReader();
    lab.connections[0]!.push({ follow: 'me' });
    let text = '';
    while (!text.includes('"follow":"me"')) text += (await reader.read()).value ?? '';
    await reader.cancel();
  });
});
