import { describe, expect, test } from 'vitest';
import { authorizeByToken } from '../../src/auth/access-token.ts';
import { decodeJwt } from '../../src/auth/jwt.ts';
import { signToken } from '../support/access-tokens.ts';

const SECRET = 'the secret';
const NOW = 1_800_000_000_000;
const SOON = NOW / 1000 + 30;

const authorize = (token: unknown, secret: string | undefined = SECRET) =>
  authorizeByToken({ channelId: 'room', metadata: { access_token: token } }, secret, NOW);
const refused = (detail: string) => ({ ok: false, reason: 'AUTHENTICATION-FAILURE', detail });

/** The token of RFC 7515 appendix A.1, whose key and signature are known. */
const RFC_TOKEN =
  'eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const RFC_KEY = Buffer.from('AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow', 'base64url');

describe('with a secret', () => {
  test('the claims of a valid token override what the client asked for, and claims of other servers are ignored', () => {
    const claims = {
      channel_id: 'room',
      exp: SOON,
      nbf: NOW / 1000,
      connection_lifetime: 60,
      simulcast_encodings: [{ rid: 'r0', active: true }],
      rpc_methods: ['2025.2.0/RequestSimulcastRid'],
      audio: false,
      cluster_affinity: true,
    };
    expect(authorize(signToken(claims, SECRET))).toEqual({
      ok: true,
      value: {
        lifetimeMs: 60_000,
        simulcastEncodings: [{ rid: 'r0', active: true }],
        rpcMethods: ['2025.2.0/RequestSimulcastRid'],
        audio: false,
        videoParams: {},
      },
    });
  });

  test('a token without exp and channel_id is valid', () => {
    expect(authorize(signToken({}, SECRET))).toEqual({ ok: true, value: { videoParams: {} } });
  });

  test('the signature is that of RFC 7515: its example passes, and is refused only because it has expired', () => {
    const bearer = { channelId: 'room', metadata: { access_token: RFC_TOKEN } };
    const key = RFC_KEY as unknown as string;
    expect(authorizeByToken(bearer, key, 1_300_819_379_000)).toMatchObject({ ok: true });
    expect(authorizeByToken(bearer, key, 1_300_819_380_000)).toEqual(refused('the access token has expired'));
  });

  test.each([
    ['another secret', signToken({}, 'another secret'), 'the access token has a wrong signature'],
    [
      'altered claims',
      signToken({ a: 1 }, SECRET).replace(/\..*\./, `.${Buffer.from('{"a":2}').toString('base64url')}.`),
      'the access token has a wrong signature',
    ],
    ['no signature', signToken({}, SECRET).replace(/[^.]*$/, ''), 'the access token has a wrong signature'],
    ['a signature that is cut', signToken({}, SECRET).slice(0, -3), 'the access token has a wrong signature'],
    ['alg none', signToken({}, SECRET, { header: { alg: 'none' } }), 'the access token is not signed with HS256'],
    ['HS512', signToken({}, SECRET, { header: { alg: 'HS512' }, hash: 'sha512' }), 'the access token is not signed with HS256'],
    [
      'critical headers',
      signToken({}, SECRET, { header: { alg: 'HS256', crit: ['b64'] } }),
      'the access token has critical header parameters',
    ],
    ['exp now', signToken({ exp: NOW / 1000 }, SECRET), 'the access token has expired'],
    ['exp in the past', signToken({ exp: NOW / 1000 - 1 }, SECRET), 'the access token has expired'],
    ['exp that is not a number', signToken({ exp: 'tomorrow' }, SECRET), 'the access token has expired'],
    ['nbf in the future', signToken({ nbf: SOON }, SECRET), 'the access token is not valid yet'],
    ['nbf that is not a number', signToken({ nbf: 'yesterday' }, SECRET), 'the access token is not valid yet'],
    ['another channel', signToken({ channel_id: 'hall' }, SECRET), 'the access token is for another channel'],
    ['an empty channel', signToken({ channel_id: '' }, SECRET), 'the access token is for another channel'],
    [
      'invalid claims',
      signToken({ spotlight_number: 99 }, SECRET),
      'the claims of the access token are invalid: spotlight_number must be an integer from 1 to 8',
    ],
    [
      'claims that the lab cannot grant',
      signToken({ turn_tcp_only: true }, SECRET),
      'the claims of the access token are invalid: turn_tcp_only is impossible: the lab has no TURN server',
    ],
    ['an opaque token', 'opaque', 'the access token is not a JWT'],
    ['an empty token', '', 'the access token is not a JWT'],
    ['a number', 7, 'metadata has no access_token'],
    ['no token', undefined, 'metadata has no access_token'],
  ])('refuses %s', (_, token, detail) => {
    expect(authorize(token)).toEqual(refused(detail));
  });

  test.each([undefined, null, 'text', ['list']])('refuses metadata that is not an object: %j', (metadata) => {
    expect(authorizeByToken({ channelId: 'room', metadata }, SECRET, NOW)).toEqual(refused('metadata has no access_token'));
  });
});

describe('without a secret', () => {
  const decoded = (token: unknown) => authorizeByToken({ channelId: 'room', metadata: { access_token: token } }, undefined, NOW);

  test('the claims of whatever token there is count: nothing is verified', () => {
    const claims = { channel_id: 'hall', exp: 1, video: false };
    expect(decoded(signToken(claims, 'any', { header: { alg: 'none' } }))).toEqual({ ok: true, value: { video: false, videoParams: {} } });
  });

  test.each([undefined, 'opaque', 7])('a client with the token %j is allowed as it asked', (token) => {
    expect(decoded(token)).toEqual({ ok: true, value: { videoParams: {} } });
  });

  test('invalid claims refuse', () => {
    expect(decoded(signToken({ video: 'no' }, 'any'))).toEqual(
      refused('the claims of the access token are invalid: video must be a boolean'),
    );
  });
});

describe('a JWT', () => {
  const [head, body, signature] = signToken({ a: 1 }, SECRET).split('.') as [string, string, string];

  test('is taken apart', () => {
    expect(decodeJwt(`${head}.${body}.${signature}`)).toMatchObject({ header: { alg: 'HS256', typ: 'JWT' }, claims: { a: 1 } });
  });

  test.each([
    ['two parts', `${head}.${body}`],
    ['four parts', `${head}.${body}.${signature}.x`],
    ['padding', `${head}=.${body}.${signature}`],
    ['standard base64', `${head}.${body}.${Buffer.from([251, 255]).toString('base64')}`],
    ['text that is not base64', `${head}.${body}.*`],
    ['a header that is not JSON', `${Buffer.from('{').toString('base64url')}.${body}.${signature}`],
    ['claims that are not an object', `${head}.${Buffer.from('[1]').toString('base64url')}.${signature}`],
    ['claims nested too deep', `${head}.${Buffer.from('{"a":'.repeat(100) + '1' + '}'.repeat(100)).toString('base64url')}.${signature}`],
  ])('does not have %s', (_, text) => {
    expect(decodeJwt(text)).toBeUndefined();
  });
});
