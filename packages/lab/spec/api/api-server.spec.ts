import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { AsyncSubject, firstValueFrom } from 'rxjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ApiServer } from '../../src/api/api-server.ts';
import { LabPortError } from '../../src/lab-port-error.ts';

const parts = { settings: { host: '127.0.0.1', hostNames: [] }, tls: undefined, failed: () => expect.unreachable() } as const;

let taken: Server;
let port: number;
beforeEach(async () => {
  taken = createServer();
  taken.listen(0, '127.0.0.1');
  await once(taken, 'listening');
  ({ port } = taken.address() as AddressInfo);
});
afterEach(() => {
  taken.close();
});

test('a port that is in use names itself', async () => {
  const starting = ApiServer.start({ ...parts, http: () => undefined, port });
  const error: unknown = await starting.then((server) => server.close()).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(LabPortError);
  expect(error).toMatchObject({ code: 'EADDRINUSE', host: '127.0.0.1', port, message: `port ${port} of 127.0.0.1 is in use` });
});

test.each([
  [Object.assign(new Error(), { code: 'EACCES' }), 'EACCES', 'may not be opened without more rights'],
  [Object.assign(new Error(), { code: 'EADDRNOTAVAIL' }), 'EADDRNOTAVAIL', 'does not belong to an address of this machine'],
  [Object.assign(new Error(), { code: 'EWHATEVER' }), 'EWHATEVER', 'cannot be opened (EWHATEVER)'],
  [new Error('no code'), 'UNKNOWN', 'cannot be opened (UNKNOWN)'],
  ['no error', 'UNKNOWN', 'cannot be opened (UNKNOWN)'],
])('%s is reported as %s', (cause, code, told) => {
  expect(new LabPortError('host', 80, cause)).toMatchObject({ code, cause, message: `port 80 of host ${told}` });
});

test('closing waits for no answer', async () => {
  const askedSubject = new AsyncSubject<true>();
  const server = await ApiServer.start({
    ...parts,
    http: () => {
      askedSubject.next(true);
      askedSubject.complete();
    },
    port: 0,
  });
  const waiting = fetch(server.url).catch((error: unknown) => error);
  await firstValueFrom(askedSubject);
  await server.close();
  expect(await waiting).toBeInstanceOf(TypeError);
});
