import { describe, expect, test } from 'vitest';
import { FLAG_OPTIONS, LIST_OPTIONS, NUMBER_OPTIONS, OPTION_NAMES, settingsFrom, TEXT_OPTIONS } from '../src/settings.ts';

const problem = (options: object): unknown => {
  try {
    settingsFrom(options);
    return 'accepted';
  } catch (error) {
    return error;
  }
};

test('every option is of one kind', () => {
  const kinds = [...NUMBER_OPTIONS, ...FLAG_OPTIONS, ...TEXT_OPTIONS, ...LIST_OPTIONS, 'auth', 'compress', 'closeCodes', 'faults'];
  expect([...kinds].sort()).toEqual([...OPTION_NAMES].sort());
});

describe('an address beyond loopback', () => {
  test.each(['0.0.0.0', '::', '192.168.1.5', 'lab.example'])('%s needs host names', (host) => {
    const message = `hostNames is required with host ${host}: list the names and addresses by which clients reach this machine`;
    expect(problem({ host })).toMatchObject({ name: 'LabOptionsError', path: 'hostNames', message });
    expect(problem({ host, hostNames: [] })).toMatchObject({ path: 'hostNames' });
    expect(problem({ host, hostNames: ['192.168.1.5'] })).toBe('accepted');
  });

  test.each(['127.0.0.1', '127.0.0.2', '::1', 'localhost'])('is not %s', (host) => {
    expect(problem({ host })).toBe('accepted');
  });
});

describe('a wrong option names itself', () => {
  test.each<[string, object]>([
    ['hostNames', { hostNames: ['lab.example:5000'] }],
    ['hostNames', { hostNames: ['http://lab.example'] }],
    ['hostNames', { hostNames: [''] }],
    ['hostNames', { hostNames: 'lab.example' }],
    ['hostNames', { hostNames: [7] }],
    ['allowedOrigins', { allowedOrigins: ['app.example'] }],
    ['allowedOrigins', { allowedOrigins: ['https://app.example/'] }],
    ['allowedOrigins', { allowedOrigins: ['*'] }],
    ['tlsKey', { tlsCert: 'cert.pem' }],
    ['tlsCert', { tlsKey: 'key.pem' }],
    ['tlsCert', { tlsCert: '', tlsKey: 'key.pem' }],
    ['accessToken', { accessToken: 'yes' }],
    ['accessToken', { accessToken: true, auth: () => ({ allowed: true }) }],
    ['accessToken', { accessTokenSecret: 's', authWebhookUrl: 'http://localhost/' }],
    ['accessTokenSecret', { accessToken: false, accessTokenSecret: 's' }],
    ['accessTokenSecret', { accessTokenSecret: '' }],
    ['auth', { auth: () => ({ allowed: true }), authWebhookUrl: 'http://localhost/' }],
    ['auth', { auth: 'me' }],
    ['authWebhookUrl', { authWebhookUrl: 'localhost' }],
    ['logCapacityBytes', { logCapacityBytes: -1 }],
    ['closeCodes.dtlsFailed.code', { closeCodes: { dtlsFailed: { code: 1006, reason: '' } } }],
  ])('%s: %j', (path, options) => {
    expect(problem(options)).toMatchObject({ name: 'LabOptionsError', code: 'invalid-option', path });
  });

  test('and is accepted where it is right', () => {
    expect(
      problem({ hostNames: ['lab.example', '[fe80::1]', 'fe80::1'], allowedOrigins: ['https://app.example', 'null', 'app://x'] }),
    ).toBe('accepted');
  });
});

test('a secret turns access tokens on', () => {
  expect(settingsFrom({}).accessToken).toBe(false);
  expect(settingsFrom({ accessTokenSecret: 's' }).accessToken).toBe(true);
  expect(settingsFrom({ accessToken: true }).accessTokenSecret).toBeUndefined();
});
