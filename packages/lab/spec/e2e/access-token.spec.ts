import { filter, firstValueFrom } from 'rxjs';
import { startLab, type Lab, type LabOptions } from 'rx-sora-lab';
import { afterEach, describe, expect, test } from 'vitest';
import { signToken } from '../support/access-tokens.ts';
import { closeClients, WeriftClient } from './support/werift-client.ts';

const SECRET = 'the secret of the test servers';

let lab: Lab;
const start = async (options: LabOptions): Promise<void> => {
  lab = await startLab(options);
};
afterEach(async () => {
  await closeClients();
  await lab.close();
});

const soon = (): number => Math.floor(Date.now() / 1000) + 30;
const clientWith = (token: string): WeriftClient =>
  new WeriftClient(lab.url, { mode: 'both', connect: { metadata: { access_token: token } } });
const refusal = async (): Promise<unknown> => (await firstValueFrom(lab.log$.pipe(filter(({ type }) => type === 'refused')))).detail;

describe('with a secret', () => {
  test('the claims of a signed token are in force, as if the auth webhook had returned them', async () => {
    await start({ accessTokenSecret: SECRET, normalCloseReason: true });
    const claims = {
      channel_id: 'room',
      exp: soon(),
      connection_lifetime: 1,
      simulcast: true,
      video: true,
      simulcast_encodings: [
        { rid: 'r0', active: true },
        { rid: 'r1', active: false },
      ],
      rpc_methods: ['2025.2.0/RequestSimulcastRid'],
      metadata: { from: 'token' },
    };
    const client = clientWith(signToken(claims, SECRET));
    expect(await client.message('offer')).toMatchObject({
      simulcast: true,
      encodings: claims.simulcast_encodings,
      rpc_methods: claims.rpc_methods,
      metadata: claims.metadata,
    });
    expect(await client.closed()).toEqual({ code: 1000, reason: 'LIFETIME-EXPIRED' });
  });

  test.each([
    ['another secret', () => signToken({ exp: soon() }, 'another secret'), 'the access token has a wrong signature'],
    ['an end in the past', () => signToken({ exp: soon() - 60 }, SECRET), 'the access token has expired'],
    ['another channel', () => signToken({ channel_id: 'hall', exp: soon() }, SECRET), 'the access token is for another channel'],
  ])('a token with %s is an AUTHENTICATION-FAILURE, and the log says why', async (_, token, detail) => {
    await start({ accessTokenSecret: SECRET });
    expect(await clientWith(token()).closed()).toEqual({ code: 4490, reason: 'AUTHENTICATION-FAILURE' });
    expect(await refusal()).toEqual({ reason: 'AUTHENTICATION-FAILURE', detail });
    expect(lab.connections).toEqual([]);
  });

  test('a client without a token is an AUTHENTICATION-FAILURE', async () => {
    await start({ accessTokenSecret: SECRET });
    expect(await new WeriftClient(lab.url).closed()).toEqual({ code: 4490, reason: 'AUTHENTICATION-FAILURE' });
    expect(await refusal()).toMatchObject({ detail: 'metadata has no access_token' });
  });
});

test('without a secret claims are in force unverified, and a client without a token is allowed', async () => {
  await start({ accessToken: true });
  const client = await clientWith(signToken({ exp: 1, client_id: 'claimed' }, 'any')).ready();
  expect(client.offer).toMatchObject({ client_id: 'claimed' });
  await new WeriftClient(lab.url).ready();
});

test('by default a token is ignored', async () => {
  await start({});
  const client = await clientWith(signToken({ client_id: 'claimed' }, 'any')).ready();
  expect(client.offer['client_id']).toBe(client.connectionId);
});
