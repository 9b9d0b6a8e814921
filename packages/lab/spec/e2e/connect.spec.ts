import { firstValueFrom, filter } from 'rxjs';
import { LabOptionsError, LabPortError, startLab, type AuthRequest, type AuthResponse, type Lab, type LabOptions } from 'rx-sora-lab';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { closeClients, WeriftClient } from './support/werift-client.ts';

let lab: Lab;
const start = async (options: LabOptions = {}): Promise<Lab> => (lab = await startLab(options));
afterEach(async () => {
  await closeClients();
  await lab.close();
});

const closeOf = (socket: WebSocket): Promise<string> =>
  new Promise((resolve) => socket.once('close', (code, reason) => resolve(`${code} ${reason.toString()}`)));

/** Sends one frame and gives the close that follows. */
const sendAndSee = async (frame: string | Buffer): Promise<string> => {
  const socket = new WebSocket(lab.url);
  await new Promise((resolve) => socket.once('open', resolve));
  const closed = closeOf(socket);
  socket.send(frame);
  return closed;
};

const connect = { type: 'connect', role: 'sendrecv', channel_id: 'room' };

describe('what is no good connect is refused with 4490 and a text', () => {
  test.each([
    ['no JSON', '{', 'INVALID-JSON'],
    ['no object', '[]', 'INVALID-JSON'],
    ['deep JSON', '{"a":'.repeat(5000) + '1' + '}'.repeat(5000), 'INVALID-JSON'],
    ['binary', Buffer.from(JSON.stringify(connect)), 'LAB-BINARY-MESSAGE'],
    ['another message first', JSON.stringify({ type: 'pong' }), 'LAB-EXPECTED-CONNECT'],
    ['no type', '{}', 'MISSING-TYPE'],
    ['no role', JSON.stringify({ type: 'connect', channel_id: 'a' }), 'LAB-INVALID-CONNECT: role is required'],
    [
      'an old role',
      JSON.stringify({ ...connect, role: 'upstream' }),
      'LAB-INVALID-CONNECT: role must be one of sendrecv, sendonly, recvonly',
    ],
    ['no channel', JSON.stringify({ ...connect, channel_id: '' }), 'LAB-INVALID-CONNECT: channel_id must not be empty'],
    ['a long channel', JSON.stringify({ ...connect, channel_id: 'あ'.repeat(86) }), 'LAB-INVALID-CONNECT: channel_id exceeds 255 bytes'],
    ['an empty client id', JSON.stringify({ ...connect, client_id: '' }), 'LAB-INVALID-CONNECT: client_id must not be empty'],
    [
      'a bundle id where it is not allowed',
      JSON.stringify({ ...connect, bundle_id: 'b' }),
      'LAB-INVALID-CONNECT: bundle_id is not allowed by this server',
    ],
    [
      'a rid of spotlight without it',
      JSON.stringify({ ...connect, spotlight_focus_rid: 'r1' }),
      'LAB-INVALID-CONNECT: spotlight_focus_rid needs spotlight',
    ],
    [
      'both forms of filters',
      JSON.stringify({ ...connect, forwarding_filter: { rules: [] }, forwarding_filters: [] }),
      'LAB-INVALID-CONNECT: forwarding_filter excludes forwarding_filters',
    ],
    [
      'a label without #',
      JSON.stringify({ ...connect, data_channels: [{ label: 'chat', direction: 'sendrecv' }] }),
      'LAB-INVALID-CONNECT: data_channels[0].label must begin with #',
    ],
    [
      'both limits of retransmission',
      JSON.stringify({ ...connect, data_channels: [{ label: '#a', direction: 'sendrecv', max_retransmits: 1, max_packet_life_time: 1 }] }),
      'LAB-INVALID-CONNECT: data_channels[0].max_retransmits excludes max_packet_life_time',
    ],
  ])('%s', async (_, frame, reason) => {
    await start();
    expect(await sendAndSee(frame)).toBe(`4490 ${reason}`);
  });
});

test('a socket that opens and closes without a word is no error, and no connection', async () => {
  await start();
  const socket = new WebSocket(lab.url);
  const logged = firstValueFrom(lab.log$.pipe(filter((entry) => entry.type === 'websocket-close')));
  await new Promise((resolve) => socket.once('open', resolve));
  socket.close();
  expect(await logged).toMatchObject({ socket: 1, detail: { code: 1005 } });
  expect(lab.connections).toEqual([]);
});

test('a socket that sends no connect in time is closed with 4490 CONNECT-WAIT-TIMEOUT-ERROR', async () => {
  await start({ connectWaitTimeoutMs: 50 });
  expect(await closeOf(new WebSocket(lab.url))).toBe('4490 CONNECT-WAIT-TIMEOUT-ERROR');
});

test('the time for connect ends with connect, however long authentication takes', async () => {
  // Authentication outlasts a socket that came later than `connect` and waits in silence for the same time.
  const silent: string[] = [];
  await start({
    connectWaitTimeoutMs: 2000,
    auth: async () => {
      silent.push(await closeOf(new WebSocket(lab.url)));
      return { allowed: true, client_id: 'late' };
    },
  });
  const client = await new WeriftClient(lab.url).ready();
  expect(client.offer).toMatchObject({ client_id: 'late' });
  expect(silent).toEqual(['4490 CONNECT-WAIT-TIMEOUT-ERROR']);
});

test('unknown types and members are ignored', async () => {
  await start();
  const client = await new WeriftClient(lab.url, { connect: { multistream: true, e2ee: false, unheard: 'of' } }).ready();
  client.sendOnWebSocket({ type: 'unheard-of' });
  client.sendOnWebSocket({ type: 'candidate', candidate: '' });
  client.sendOnWebSocket({ type: 'disconnect', reason: 'NO-ERROR' });
  expect(await client.closed()).toMatchObject({ code: 1000 });
});

test('any other path is 404, and a full lab 503', async () => {
  await start({ maxConnections: 1 });
  const status = (url: string): Promise<number> =>
    new Promise((resolve) => {
      const socket = new WebSocket(url);
      socket.once('unexpected-response', (request, response) => {
        request.destroy();
        resolve(response.statusCode ?? 0);
      });
      socket.once('error', () => undefined);
    });
  expect(await status(lab.url.replace('/signaling', '/elsewhere'))).toBe(404);
  await new WeriftClient(lab.url).ready();
  expect(await status(lab.url)).toBe(503);
});

describe('authentication', () => {
  test('the function gets the webhook body and its overrides show in the offer', async () => {
    const seen: AuthRequest[] = [];
    const auth = (request: AuthRequest): AuthResponse => {
      seen.push(request);
      return {
        allowed: true,
        client_id: 'given',
        metadata: { plan: 'lab' },
        data_channel_signaling: true,
        ignore_disconnect_websocket: false,
        data_channels: [{ label: '#given', direction: 'recvonly', compress: true }],
        rpc_methods: ['2025.2.0/RequestSimulcastRid'],
        signaling_notify_metadata: { rank: 1 },
        event_metadata: { bill: 7 },
        simulcast: true,
        video: true,
        video_codec_type: 'VP8',
        video_bit_rate: 800,
        simulcast_encodings: [
          { rid: 'r0', active: true },
          { rid: 'r1', active: false },
        ],
      };
    };
    await start({ auth });
    const client = await new WeriftClient(lab.url, {
      mode: 'both',
      connect: { metadata: { access_token: 't' }, sora_client: 'Test 1' },
    }).ready();
    expect(seen[0]).toMatchObject({
      role: 'sendrecv',
      channel_id: 'room',
      connection_id: client.connectionId,
      metadata: { access_token: 't' },
      auth_metadata: { access_token: 't' },
      sora_client: { raw: 'Test 1' },
      audio: false,
      channel_connections: 0,
    });
    expect(client.offer).toMatchObject({
      client_id: 'given',
      metadata: { plan: 'lab' },
      rpc_methods: ['2025.2.0/RequestSimulcastRid'],
      simulcast: true,
      video: true,
      video_codec_type: 'VP8',
      video_bit_rate: 800,
      encodings: [
        { rid: 'r0', active: true },
        { rid: 'r1', active: false },
      ],
      mid: { video: expect.stringMatching(/^video_/) as string },
    });
    const accepted = await firstValueFrom(lab.log$.pipe(filter(({ kind, type }) => kind === 'event' && type === 'accepted')));
    expect(accepted.detail).toEqual({ role: 'sendrecv', mode: 'both', event_metadata: { bill: 7 } });
    expect(client.offer['data_channels']).toContainEqual({ label: '#given', direction: 'recvonly', compress: true });
    expect(String(client.offer['sdp'])).toContain('a=simulcast:recv r0;~r1');
    expect(await client.notify('connection.created')).toMatchObject({ authz_metadata: { rank: 1 }, metadata: { rank: 1 } });
  });

  const refusal = async (): Promise<unknown> =>
    (await firstValueFrom(lab.log$.pipe(filter(({ kind, type }) => kind === 'event' && type === 'refused')))).detail;

  test.each<[string, NonNullable<LabOptions['auth']>]>([
    ['at once', () => ({ allowed: false, reason: 'wrong token' })],
    ['later', () => Promise.resolve({ allowed: false, reason: 'wrong token' })],
  ])('a refusal %s closes with 4490 and its reason', async (_, auth) => {
    await start({ auth });
    expect(await sendAndSee(JSON.stringify(connect))).toBe('4490 wrong token');
    expect(await refusal()).toEqual({ reason: 'wrong token' });
  });

  test.each<[string, NonNullable<LabOptions['auth']>, string]>([
    [
      'a function that throws',
      () => {
        throw new Error('no database');
      },
      'no database',
    ],
    [
      'a refusal without a reason',
      () => ({ allowed: false }) as AuthResponse,
      'INVALID-AUTH-WEBHOOK-RESPONSE-JSON: response.reason is required',
    ],
    [
      'an invalid response',
      () => ({ allowed: true, spotlight_number: 99 }),
      'INVALID-AUTH-WEBHOOK-RESPONSE-JSON: response.spotlight_number must be an integer from 1 to 8',
    ],
  ])('%s closes with 4490 AUTHENTICATION-INTERNAL-ERROR, and the log has the detail', async (_, auth, detail) => {
    await start({ auth });
    const reason = 'AUTHENTICATION-INTERNAL-ERROR';
    expect(await sendAndSee(JSON.stringify(connect))).toBe(`4490 ${reason}`);
    expect(await refusal()).toEqual({ reason, detail });
  });

  test('a refusal by fault is an AUTHENTICATION-FAILURE unless the fault gives a reason', async () => {
    await start({ faults: [{ fault: { kind: 'auth-refused' }, match: { channelId: 'room' } }] });
    lab.faults.add({ fault: { kind: 'auth-refused', reason: 'NO-TICKET' }, match: { channelId: 'hall' } });
    expect(await sendAndSee(JSON.stringify(connect))).toBe('4490 AUTHENTICATION-FAILURE');
    expect(await sendAndSee(JSON.stringify({ ...connect, channel_id: 'hall' }))).toBe('4490 NO-TICKET');
  });
});

test('spotlight is one for the whole session', async () => {
  await start();
  await new WeriftClient(lab.url, { connect: { spotlight: true } }).ready();
  expect(await sendAndSee(JSON.stringify(connect))).toBe('4490 LAB-SPOTLIGHT-CONFLICT');
});

describe('starting', () => {
  test('a port in use is told clearly', async () => {
    await start();
    const port = Number(new URL(lab.url).port);
    await expect(startLab({ port })).rejects.toBeInstanceOf(LabPortError);
    await expect(startLab({ port })).rejects.toMatchObject({ code: 'EADDRINUSE', message: `port ${port} of 127.0.0.1 is in use` });
  });

  test.each<[string, LabOptions]>([
    ['port', { port: 70_000 }],
    ['cluster', { port: 65_535, cluster: 2 }],
    ['pingIntervalMs', { pingIntervalMs: Number.NaN }],
    ['redirect', { redirect: 'always' as 'never' }],
    ['closeCodes.stopped.code', { closeCodes: { stopped: { code: 1005, reason: '' } } }],
    ['nonsense', { nonsense: 1 } as LabOptions],
    ['faults', { faults: [{ fault: { kind: 'nonsense' as 'refused' } }] }],
  ])('a wrong option names itself: %s', async (path, options) => {
    await start();
    await expect(startLab(options)).rejects.toMatchObject({ name: 'LabOptionsError', code: 'invalid-option', path });
    expect(LabOptionsError.prototype).toBeInstanceOf(Error);
  });
});
