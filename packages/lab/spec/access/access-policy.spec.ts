import { describe, expect, test } from 'vitest';
import { AccessPolicy, isLoopbackName, type AccessOptions } from '../../src/access/access-policy.ts';

const policy = (options: Partial<AccessOptions> = {}): AccessPolicy =>
  new AccessPolicy({ hostNames: [], allowedOrigins: [], secure: false, ...options });

const host = '127.0.0.1:5000';

describe('a loopback name', () => {
  test.each(['localhost', 'LOCALHOST', 'localhost.', 'app.localhost', '127.0.0.1', '127.1.2.3', '::1', '[::1]'])('is %s', (name) => {
    expect(isLoopbackName(name)).toBe(true);
  });

  test.each([
    '',
    '0.0.0.0',
    '::',
    '128.0.0.1',
    '192.168.1.5',
    '127.evil.example',
    '127.0.0.1.evil.example',
    'notlocalhost',
    'localhost.evil.example',
    '[fe80::1]',
  ])('is not %j', (name) => {
    expect(isLoopbackName(name)).toBe(false);
  });
});

describe('the Host header', () => {
  test.each([
    ['127.0.0.1:80', undefined],
    ['localhost', undefined],
    ['LocalHost:5000', undefined],
    ['lab.localhost:5000', undefined],
    ['[::1]:5000', undefined],
    ['evil.example:5000', 'LAB-FOREIGN-HOST'],
    ['127.evil.example', 'LAB-FOREIGN-HOST'],
    ['192.168.1.5:5000', 'LAB-FOREIGN-HOST'],
    ['0.0.0.0:5000', 'LAB-FOREIGN-HOST'],
    ['', 'LAB-FOREIGN-HOST'],
    [undefined, 'LAB-FOREIGN-HOST'],
  ])('%j gives %j for both', (name, refusal) => {
    const headers = name === undefined ? {} : { host: name };
    expect([policy().checkSignaling(headers), policy().checkHttp(headers)]).toEqual([refusal, refusal]);
  });

  test('may be any of the host names, whatever its case and port', () => {
    const access = policy({ hostNames: ['Lab.Example', '192.168.1.5', '[fe80::1]'] });
    for (const name of ['lab.example:5000', 'LAB.EXAMPLE', '192.168.1.5:1', '[fe80::1]:5000', 'localhost']) {
      expect([name, access.checkSignaling({ host: name })]).toEqual([name, undefined]);
    }
    expect(access.checkSignaling({ host: 'other.example' })).toBe('LAB-FOREIGN-HOST');
    expect(access.checkSignaling({ host: 'sub.lab.example' })).toBe('LAB-FOREIGN-HOST');
  });
});

describe('the Origin header of a WebSocket', () => {
  test.each([
    [undefined, undefined],
    ['http://localhost:5173', undefined],
    ['https://127.0.0.1', undefined],
    ['http://[::1]:8080', undefined],
    ['http://app.localhost', undefined],
    ['http://lab.example:3000', undefined],
    ['https://app.example', undefined],
    ['HTTPS://APP.EXAMPLE', undefined],
    ['http://app.example', 'LAB-FOREIGN-ORIGIN'],
    ['https://app.example:444', 'LAB-FOREIGN-ORIGIN'],
    ['https://evil.example', 'LAB-FOREIGN-ORIGIN'],
    ['http://localhost.evil.example', 'LAB-FOREIGN-ORIGIN'],
    ['null', 'LAB-FOREIGN-ORIGIN'],
    ['', 'LAB-FOREIGN-ORIGIN'],
    ['localhost', 'LAB-FOREIGN-ORIGIN'],
  ])('%j gives %j', (origin, refusal) => {
    const access = policy({ hostNames: ['lab.example'], allowedOrigins: ['https://app.example'] });
    expect(access.checkSignaling({ host, ...(origin === undefined ? {} : { origin }) })).toBe(refusal);
  });

  test('may be null where that is allowed', () => {
    expect(policy({ allowedOrigins: ['null'] }).checkSignaling({ host, origin: 'null' })).toBeUndefined();
  });
});

describe('the Origin header of an HTTP request', () => {
  test.each([
    [undefined, undefined],
    ['http://127.0.0.1:5000', undefined],
    ['https://app.example', undefined],
    ['https://127.0.0.1:5000', 'LAB-FOREIGN-ORIGIN'],
    ['http://localhost:5000', 'LAB-FOREIGN-ORIGIN'],
    ['http://127.0.0.1:5173', 'LAB-FOREIGN-ORIGIN'],
    ['https://evil.example', 'LAB-FOREIGN-ORIGIN'],
    ['null', 'LAB-FOREIGN-ORIGIN'],
  ])('%j gives %j', (origin, refusal) => {
    const access = policy({ allowedOrigins: ['https://app.example'] });
    expect(access.checkHttp({ host, ...(origin === undefined ? {} : { origin }) })).toBe(refusal);
  });

  test('is compared with the scheme of the lab and with its default port', () => {
    expect(policy({ secure: true }).checkHttp({ host: 'localhost', origin: 'https://localhost' })).toBeUndefined();
    expect(policy().checkHttp({ host: 'localhost:80', origin: 'http://localhost' })).toBeUndefined();
    expect(policy({ secure: true }).checkHttp({ host: 'localhost', origin: 'http://localhost' })).toBe('LAB-FOREIGN-ORIGIN');
  });

  test('decides whether the page may read the answer', () => {
    const access = policy({ allowedOrigins: ['https://app.example'] });
    expect(access.corsOrigin({ host, origin: 'https://app.example' })).toBe('https://app.example');
    expect(access.corsOrigin({ host, origin: 'http://127.0.0.1:5000' })).toBeUndefined();
    expect(access.corsOrigin({ host })).toBeUndefined();
  });
});

describe('a request without Origin that a browser marks as one of another page', () => {
  test.each([
    ['cross-site', 'no-cors', 'LAB-FOREIGN-ORIGIN'],
    ['same-site', 'no-cors', 'LAB-FOREIGN-ORIGIN'],
    ['cross-site', 'navigate', undefined],
    ['same-origin', 'no-cors', undefined],
    ['none', 'navigate', undefined],
  ])('%s, %s gives %j', (site, mode, refusal) => {
    expect(policy().checkHttp({ host, 'sec-fetch-site': site, 'sec-fetch-mode': mode })).toBe(refusal);
  });
});
