import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AccessPolicy } from '../../src/access/access-policy.ts';
import { ApiServer } from '../../src/api/api-server.ts';
import { httpHandler, type HttpSubject } from '../../src/api/http-handler.ts';
import { ChannelRegistry } from '../../src/channel/channel-registry.ts';
import { FaultList } from '../../src/faults/fault-list.ts';
import { LabLog } from '../../src/log/lab-log.ts';
import { exchange, statusOf } from '../support/raw-http.ts';

/** A lab that nobody is connected to. */
const empty = (): HttpSubject => ({
  channels: new ChannelRegistry({ notifyMetadata: true, now: () => 0 }),
  connectionsOf: () => [],
  log: new LabLog({ capacity: 10, capacityBytes: Infinity }),
  faults: new FaultList(() => 0),
  connections: [],
  urls: ['ws://127.0.0.1:1/signaling'],
  access: new AccessPolicy({ hostNames: [], allowedOrigins: ['https://app.example'], secure: false }),
});

let subject: HttpSubject;
let server: ApiServer;
const serve = async (changed: Partial<HttpSubject> = {}): Promise<void> => {
  subject = { ...empty(), ...changed };
  const settings = { host: '127.0.0.1', hostNames: [] };
  server = await ApiServer.start({ http: httpHandler(subject), settings, port: 0, tls: undefined, failed: () => undefined });
};
beforeEach(() => serve());
afterEach(() => server.close());

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const ask = async (method: string, path: string, body?: string, headers: Record<string, string> = {}): Promise<Answer> => {
  const answer = await fetch(`${server.url}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body }),
  });
  return { status: answer.status, body: await answer.json() };
};
const call = (target: string, body?: string): Promise<Answer> => ask('POST', '/', body, { 'x-sora-target': target });
const refused = (error_type: string, status = 400): Answer => ({ status, body: { error_type } });

const MEBIBYTE = 1024 * 1024;
const LIST = 'Sora_20201013.ListConnections';

describe('a body', () => {
  test.each(['{', 'no', '[]', 'null', '7', `{"a":${'['.repeat(100)}${']'.repeat(100)}}`])('%s is no object', async (body) => {
    expect(await call(LIST, body)).toEqual(refused('LAB-INVALID-JSON'));
  });

  test('of more than a mebibyte is not taken, and is answered all the same', async () => {
    const padded = (bytes: number): string => `{"a":"${'x'.repeat(bytes - 8)}"}`;
    expect(await call(LIST, padded(MEBIBYTE))).toEqual({ status: 200, body: [] });
    expect(await call(LIST, padded(MEBIBYTE + 1))).toEqual(refused('LAB-INVALID-JSON'));
    expect(await call(LIST, `{}${' '.repeat(2 * MEBIBYTE)}`)).toEqual(refused('LAB-INVALID-JSON'));
  });

  test(
    'that is far too large is read to its end, so that a client that is still sending gets its answer',
    { timeout: 30_000 },
    async () => {
      const { port } = new URL(server.url);
      const headers = { 'content-type': 'application/json', 'x-sora-target': LIST };
      const sending = httpRequest({ host: '127.0.0.1', port, method: 'POST', headers });
      sending.end(Buffer.alloc(48 * MEBIBYTE, 'x'));
      const [answer] = (await once(sending, 'response')) as [IncomingMessage];
      expect(answer.statusCode).toBe(400);
      expect(await json(answer)).toEqual({ error_type: 'LAB-INVALID-JSON' });
    },
  );

  test.each([undefined, '', ' \n'])('%j stands for an empty object', async (body) => {
    expect(await call(LIST, body)).toEqual({ status: 200, body: [] });
    expect(await call('Sora_20160711.PushChannel', body)).toEqual(refused('LAB-INVALID-REQUEST: channel_id is required'));
  });

  test('of a request to the control is checked: what is wrong with it is said, and nothing comes of it', async () => {
    expect(await ask('POST', '/lab/faults', '{')).toMatchObject({ status: 400, body: { error_type: 'LAB-INVALID-REQUEST' } });
    expect(await ask('POST', '/lab/faults/inject', '{"fault":{"kind":"gremlins"}}')).toMatchObject({
      status: 400,
      body: { error_type: 'LAB-INVALID-REQUEST' },
    });
    expect(subject.faults.rules).toEqual([]);
  });
});

describe('a target', () => {
  test.each([
    '',
    'ListConnections',
    'Sora_2020.ListConnections',
    'sora_20201013.ListConnections',
    `${LIST}s`,
    ` x${LIST}`,
    'Sora_20201013.toString',
    'Sora_20201013.constructor',
    'Sora_20201013.__proto__',
  ])('%s is unknown', async (target) => {
    expect(await call(target)).toEqual(refused('LAB-UNKNOWN-TARGET'));
  });

  test('has to be named', async () => {
    expect(await ask('POST', '/')).toEqual(refused('LAB-UNKNOWN-TARGET'));
  });

  test('its date is not looked at', async () => {
    expect(await call('Sora_99999999.ListConnections')).toEqual({ status: 200, body: [] });
  });

  test('that names what there is not says what', async () => {
    expect(await call('Sora_20231220.GetSession', '{"channel_id":"x"}')).toEqual(refused('LAB-CHANNEL-NOT-FOUND'));
    const connection = '{"channel_id":"x","connection_id":"C"}';
    expect(await call('Sora_20151104.DisconnectConnection', connection)).toEqual(refused('LAB-CONNECTION-NOT-FOUND'));
    expect(await call('Sora_20151104.DisconnectClient', '{"channel_id":"x","client_id":"c"}')).toEqual(refused('LAB-CLIENT-NOT-FOUND'));
  });

  test('every call is in the log, with what came of it', async () => {
    await call(LIST, '{"a":1}');
    await call('Nothing');
    await call(LIST, '{');
    expect(subject.log.entries()).toMatchObject([
      { kind: 'message', node: 'api', direction: 'received', transport: 'http', type: LIST, message: { a: 1 }, detail: { status: 200 } },
      { type: 'Nothing', detail: { status: 400 } },
      { type: LIST, message: undefined, detail: { status: 400 } },
    ]);
  });
});

describe('a request', () => {
  test.each([
    ['PUT', '/'],
    ['PATCH', '/'],
    ['DELETE', '/'],
    ['POST', '/lab'],
    ['PUT', '/lab/faults'],
    ['DELETE', '/lab/log'],
    ['GET', '/lab/faults/inject'],
    ['GET', '/nowhere'],
    ['GET', '/labyrinth'],
  ])('%s %s is nothing here', async (method, path) => {
    expect(await ask(method, path)).toEqual(refused('LAB-NOT-FOUND', 404));
  });

  test('a fault that is not there cannot be removed', async () => {
    expect(await ask('DELETE', '/lab/faults/fault1')).toEqual(refused('LAB-FAULT-NOT-FOUND', 404));
  });

  test('DELETE has no body and needs no type of one: a page has to ask before it may send it', async () => {
    subject.faults.add({ fault: { kind: 'refused' } });
    expect((await fetch(`${server.url}/lab/faults`, { method: 'DELETE' })).status).toBe(200);
    expect(subject.faults.rules).toEqual([]);
  });

  test.each(['POST', 'PUT', 'PATCH'])('%s of a page that asked nobody is not read', async (method) => {
    for (const path of ['/', '/lab/faults']) {
      expect(await ask(method, path, '{}', { 'content-type': 'text/plain' })).toMatchObject(refused('LAB-CONTENT-TYPE', 415));
    }
    expect(subject.log.entries()).toEqual([]);
  });

  const rawAsk = (head: string): Promise<string> =>
    exchange(Number(new URL(server.url).port), `${head.replaceAll('\n', '\r\n')}\r\nConnection: close\r\n\r\n`);

  test.each([
    ['two slashes', 'GET // HTTP/1.1\nHost: localhost', 404],
    ['two slashes and a host', 'GET //evil.example/lab HTTP/1.1\nHost: localhost', 404],
    ['dots that leave the root', 'GET /../../lab/nothing HTTP/1.1\nHost: localhost', 404],
    ['a broken escape', 'GET /%E0%A4%A HTTP/1.1\nHost: localhost', 404],
    ['a whole URL that is invalid', 'GET http://[/ HTTP/1.1\nHost: localhost', 400],
    ['an asterisk', 'OPTIONS * HTTP/1.1\nHost: localhost', 400],
    ['no slash', 'GET lab HTTP/1.1\nHost: localhost', 400],
    ['an unknown method', 'BREW / HTTP/1.1\nHost: localhost', 400],
    ['a method without use here', 'TRACE / HTTP/1.1\nHost: localhost', 415],
    ['a tunnel', 'CONNECT evil.example:80 HTTP/1.1\nHost: localhost', 405],
    ['HEAD', 'HEAD /lab/nothing HTTP/1.1\nHost: localhost', 404],
    ['no Host header', 'GET / HTTP/1.1', 400],
    ['an empty Host header', 'GET / HTTP/1.1\nHost:', 403],
    ['two Host headers', 'GET / HTTP/1.1\nHost: evil.example\nHost: localhost', 403],
    ['a header line without a colon', 'GET / HTTP/1.1\nHost: localhost\nno colon', 400],
    ['a negative length', 'POST / HTTP/1.1\nHost: localhost\nContent-Type: application/json\nContent-Length: -1', 400],
    ['two lengths', 'POST / HTTP/1.1\nHost: localhost\nContent-Length: 1\nContent-Length: 2', 400],
    ['an expectation', 'GET / HTTP/1.1\nHost: localhost\nExpect: miracles', 417],
    ['a path of 20 kB', `GET /${'x'.repeat(20_000)} HTTP/1.1\nHost: localhost`, 431],
    ['headers of 20 kB', `GET / HTTP/1.1\nHost: localhost\nX: ${'x'.repeat(20_000)}`, 431],
    ['another version', 'GET / HTTP/3.0\nHost: localhost', 400],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0', 400],
  ])('with %s is answered with its 4xx', async (_, head, status) => {
    expect(statusOf(await rawAsk(head))).toBe(status);
    expect(await call(LIST)).toEqual({ status: 200, body: [] });
  });

  test('may name the whole URL, as proxies send it', async () => {
    expect(statusOf(await rawAsk('GET http://localhost/lab HTTP/1.1\nHost: localhost'))).toBe(200);
  });

  test.each(['GET', 'POST', 'DELETE', 'OPTIONS'])('%s with a foreign Host header is refused and changes nothing', async (method) => {
    subject.faults.add({ fault: { kind: 'refused' } });
    const answer = await rawAsk(`${method} /lab/faults HTTP/1.1\nHost: evil.example\nContent-Type: application/json\nContent-Length: 0`);
    expect([statusOf(answer), answer.includes('LAB-FOREIGN-HOST')]).toEqual([403, true]);
    expect(subject.faults.rules).toHaveLength(1);
  });

  test.each(['GET', 'POST', 'DELETE', 'OPTIONS'])('%s of a page of a foreign origin is refused and changes nothing', async (method) => {
    subject.faults.add({ fault: { kind: 'refused' } });
    for (const origin of ['https://evil.example', 'http://localhost:1', 'null']) {
      const answer = await rawAsk(
        `${method} /lab/faults HTTP/1.1\nHost: localhost\nOrigin: ${origin}\nContent-Type: application/json\nContent-Length: 0`,
      );
      expect([statusOf(answer), answer.includes('LAB-FOREIGN-ORIGIN'), /access-control/i.test(answer)]).toEqual([403, true, false]);
    }
    expect(subject.faults.rules).toHaveLength(1);
  });

  test('of a page of an allowed origin is answered, and the page may read the answer, also that of an error', async () => {
    for (const path of ['/lab/faults', '/nowhere']) {
      const { headers } = await fetch(`${server.url}${path}`, { headers: { origin: 'https://app.example' } });
      expect([headers.get('access-control-allow-origin'), headers.get('vary')]).toEqual(['https://app.example', 'origin']);
    }
    const preflight = await fetch(server.url, { method: 'OPTIONS', headers: { origin: 'https://app.example' } });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')).toBe('content-type, x-sora-target');
    expect(preflight.headers.get('access-control-allow-methods')).toBe('GET, POST, DELETE');
  });

  test('of a page of the lab itself is answered, without a word to other origins', async () => {
    const answer = await fetch(`${server.url}/lab/faults`, { method: 'DELETE', headers: { origin: server.url } });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, null]);
  });

  test('gets an answer that other pages cannot embed', async () => {
    const { headers } = await fetch(`${server.url}/lab`);
    const protections = ['cross-origin-resource-policy', 'x-content-type-options', 'x-frame-options'].map((name) => headers.get(name));
    expect(protections).toEqual(['same-origin', 'nosniff', 'DENY']);
  });

  test('what the lab did not expect is answered too, and the next one works', async () => {
    await server.close();
    let calls = 0;
    await serve({
      connectionsOf: () => {
        calls += 1;
        if (calls === 1) throw new Error('unexpected');
        return [];
      },
    });
    expect(await call(LIST)).toEqual({ status: 500, body: { error_type: 'LAB-INTERNAL-ERROR', detail: 'unexpected' } });
    expect(await call(LIST)).toEqual({ status: 200, body: [] });
  });
});
