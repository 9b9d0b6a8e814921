import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { connect } from 'node:tls';
import type { Browser } from 'puppeteer-core';
import { startLab, type Lab } from 'rx-sora-lab';
import { afterEach, describe, expect, test } from 'vitest';
import { createCertificate } from '../../src/rtc/dtls/certificate.ts';
import { launchChromium } from '../../../../spec/e2e/support/chromium.ts';
import { closeClients, WeriftClient } from './support/werift-client.ts';

/** A self-signed certificate, as a developer makes one. */
function selfSigned(): { readonly tlsCert: string; readonly tlsKey: string } {
  const { der, privateKey } = createCertificate();
  return { tlsCert: new X509Certificate(der).toString(), tlsKey: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString() };
}

const identity = selfSigned();
const webSocket = { rejectUnauthorized: false };

let lab: Lab | undefined;
afterEach(async () => {
  await closeClients();
  await lab?.close();
  lab = undefined;
});

const getJson = (url: string): Promise<unknown> =>
  new Promise((resolve, reject) => {
    request(url, webSocket, (response) => resolve(json(response)))
      .on('error', reject)
      .end();
  });

describe('a lab with a certificate', () => {
  test('serves signaling, redirects and HTTP over TLS, the API port too', async () => {
    lab = await startLab({ ...identity, cluster: 2, apiPort: 0 });
    expect(lab.urls.map((url) => url.slice(0, 6))).toEqual(['wss://', 'wss://']);
    expect(lab.httpUrl).toMatch(/^https:/);
    expect(await getJson(`${lab.httpUrl}/lab`)).toMatchObject({ urls: lab.urls });
    const clients = lab.urls.map((url) => new WeriftClient(url, { webSocket, mode: 'both' }));
    const redirected = await Promise.race(clients.map((client) => client.message('redirect')));
    expect(lab.urls).toContain(redirected['location']);
  });

  test('reads both from files', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lab-tls-'));
    try {
      const [tlsCert, tlsKey] = ['cert.pem', 'key.pem'].map((name) => join(folder, name)) as [string, string];
      writeFileSync(tlsCert, identity.tlsCert);
      writeFileSync(tlsKey, identity.tlsKey);
      lab = await startLab({ tlsCert, tlsKey });
      await new WeriftClient(lab.url, { webSocket }).ready();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  /** Upgrades by hand and returns how the TCP connection ends. */
  async function endOfTcp(url: string): Promise<string> {
    const { hostname, port, host } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), ...webSocket });
    await once(socket, 'secureConnect');
    const ended = new Promise<string>((resolve) => {
      socket.on('end', () => resolve('end'));
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
    });
    const key = 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==';
    socket.write(`GET /signaling HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${key}\r\n\r\n`);
    socket.resume();
    return ended;
  }

  test.each([
    ['websocket-cut', 'end'],
    ['websocket-reset', 'ECONNRESET'],
  ] as const)('performs %s on the TCP connection below TLS: %s', async (kind, end) => {
    lab = await startLab({ ...identity, faults: [{ fault: { kind }, at: 'open' }] });
    expect(await endOfTcp(lab.url)).toBe(end);
  });

  test('gives a page on the network what only secure contexts have', async () => {
    const { hostname } = new URL('http://phone.example');
    lab = await startLab({ ...identity, hostNames: [hostname] });
    const switches = [`--host-resolver-rules=MAP ${hostname} 127.0.0.1`, '--ignore-certificate-errors'];
    const chromium: Browser = await launchChromium(switches);
    try {
      const page = await chromium.newPage();
      await page.goto(lab.httpUrl.replace('127.0.0.1', hostname));
      const seen = await page.evaluate(
        (url) =>
          new Promise<unknown>((resolve) => {
            const socket = new WebSocket(url);
            const connect = { type: 'connect', role: 'recvonly', channel_id: 'room' };
            socket.addEventListener('open', () => socket.send(JSON.stringify(connect)));
            socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
              const { type } = JSON.parse(data) as { readonly type: string };
              resolve([globalThis.isSecureContext, 'mediaDevices' in navigator, type]);
            });
            socket.addEventListener('close', ({ code }) => resolve(code));
          }),
        lab.url.replace('127.0.0.1', hostname),
      );
      expect(seen).toEqual([true, true, 'offer']);
    } finally {
      await chromium.close();
    }
  });
});

describe('a certificate that cannot be used names its option, and nothing is opened', () => {
  const other = selfSigned();
  test.each([
    ['tlsCert', { ...identity, tlsCert: '/nowhere/cert.pem' }, /^tlsCert cannot be read: ENOENT/],
    ['tlsKey', { ...identity, tlsKey: '/nowhere/key.pem' }, /^tlsKey cannot be read: ENOENT/],
    [
      'tlsCert',
      { ...identity, tlsCert: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' },
      /^tlsCert is not a certificate in PEM/,
    ],
    [
      'tlsKey',
      { ...identity, tlsKey: '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n' },
      /^tlsKey is not the key of the certificate/,
    ],
    ['tlsKey', { ...identity, tlsKey: other.tlsKey }, /^tlsKey is not the key of the certificate/],
  ])('%s', async (path, options, message) => {
    await expect(startLab(options)).rejects.toMatchObject({
      name: 'LabOptionsError',
      path,
      message: expect.stringMatching(message) as string,
    });
  });
});
