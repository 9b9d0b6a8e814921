import type { Browser, Page } from 'puppeteer-core';
import { filter, firstValueFrom } from 'rxjs';
import { startLab, type Lab, type LabLogEntry, type LabOptions } from 'rx-sora-lab';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket, type ClientOptions } from 'ws';
import { launchChromium } from '../../../../spec/e2e/support/chromium.ts';
import { serveBlankPage, type BlankPage } from './rtc/support/blank-page.ts';
import { closeClients, WeriftClient } from './support/werift-client.ts';

let lab: Lab;
const start = async (options: LabOptions = {}): Promise<Lab> => (lab = await startLab(options));
afterEach(async () => {
  await closeClients();
  await lab.close();
});

const entries = (): readonly LabLogEntry[] => {
  const all: LabLogEntry[] = [];
  lab.log$.subscribe((entry) => all.push(entry)).unsubscribe();
  return all;
};
const types = (): readonly string[] => entries().map(({ type }) => type);

/** The HTTP status of a refused upgrade. */
const refusedUpgrade = (url: string, options: ClientOptions): Promise<number> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(url, options);
    socket.once('open', () => reject(new Error('the WebSocket is open')));
    socket.once('unexpected-response', (request, response) => {
      request.destroy();
      resolve(response.statusCode ?? 0);
    });
    socket.once('error', () => undefined);
  });

describe('the WebSocket', () => {
  test.each<[string, ClientOptions, object]>([
    ['a foreign Host header', { headers: { host: 'evil.example' } }, { why: 'LAB-FOREIGN-HOST', host: 'evil.example' }],
    ['a foreign Origin', { origin: 'https://evil.example' }, { why: 'LAB-FOREIGN-ORIGIN', origin: 'https://evil.example' }],
    ['the Origin of a file', { origin: 'null' }, { why: 'LAB-FOREIGN-ORIGIN', origin: 'null' }],
  ])('is refused with %s, before any fault is used up, and the log says why', async (_, options, detail) => {
    await start({ faults: [{ fault: { kind: 'upgrade-delayed', ms: 0 }, times: 1 }] });
    expect(await refusedUpgrade(lab.url, options)).toBe(403);
    expect(types()).toEqual(['upgrade-refused']);
    expect(entries()[0]).toMatchObject({ kind: 'event', detail });
    expect(lab.faults.rules).toMatchObject([{ used: 0 }]);
  });

  test.each<[string, LabOptions, ClientOptions]>([
    ['without Origin', {}, {}],
    ['from a page of this machine', {}, { origin: 'http://localhost:5173' }],
    [
      'from a page of a host name',
      { hostNames: ['lab.example'] },
      { origin: 'https://lab.example:8443', headers: { host: 'lab.example' } },
    ],
    ['from a page of an allowed origin', { allowedOrigins: ['https://app.example'] }, { origin: 'https://app.example' }],
  ])('opens %s', async (_, options, webSocket) => {
    await start(options);
    await new WeriftClient(lab.url, { webSocket }).ready();
    expect(types()).not.toContain('upgrade-refused');
  });
});

describe('an address beyond loopback', () => {
  test('is called by the host names, and the process warns', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    await start({ host: '0.0.0.0', hostNames: ['127.0.0.1', 'lab.example'], apiPort: 0 });
    expect(warn.mock.calls).toEqual([[expect.stringContaining('0.0.0.0'), { type: 'LabWarning', code: 'LAB_EXPOSED' }]]);
    warn.mockRestore();
    expect(types()).toEqual(['exposed']);
    expect([lab.url, lab.httpUrl].map((url) => new URL(url).hostname)).toEqual(['127.0.0.1', '127.0.0.1']);
    await new WeriftClient(lab.url, { webSocket: { headers: { host: 'lab.example' } } }).ready();
    expect(await refusedUpgrade(lab.url, { headers: { host: '0.0.0.0' } })).toBe(403);
    expect((await fetch(`${lab.httpUrl}/lab`)).status).toBe(200);
  });

  test('is not warned of where the lab listens on the loopback address', async () => {
    const warn = vi.spyOn(process, 'emitWarning');
    await start({ hostNames: ['lab.example'] });
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });
});

describe('a page in Chromium', () => {
  let browser: Browser;
  let site: BlankPage;
  let page: Page;
  beforeAll(async () => {
    const rules = ['evil.example', 'app.example'].map((name) => `MAP ${name} 127.0.0.1`).join(', ');
    [browser, site] = await Promise.all([launchChromium([`--host-resolver-rules=${rules}`]), serveBlankPage()]);
  });
  afterAll(async () => {
    await Promise.all([browser.close(), site.close()]);
  });
  afterEach(async () => {
    await page.close();
  });

  const siteOf = (host: string): string => site.url.replace('127.0.0.1', host);
  const open = async (host: string): Promise<void> => {
    page = await browser.newPage();
    await page.goto(siteOf(host));
  };

  /** The type of the first message after `connect`, or how the WebSocket ended. */
  const session = (url: string): Promise<string> =>
    page.evaluate(
      (signalingUrl) =>
        new Promise<string>((resolve) => {
          const socket = new globalThis.WebSocket(signalingUrl);
          const connect = { type: 'connect', role: 'recvonly', channel_id: 'room' };
          socket.addEventListener('open', () => socket.send(JSON.stringify(connect)));
          socket.addEventListener('message', ({ data }: MessageEvent<string>) => resolve((JSON.parse(data) as { type: string }).type));
          socket.addEventListener('close', ({ code }) => resolve(`close ${code}`));
        }),
      url,
    );

  /** What a page learns from a request: the body of the answer, its being opaque, or the error. */
  const request = (url: string, init: RequestInit): Promise<string> =>
    page.evaluate(
      (target, options) =>
        fetch(target, options).then(
          async (response) => (response.type === 'opaque' ? 'opaque' : `${response.status} ${await response.text()}`),
          (error: unknown) => (error as Error).name,
        ),
      url,
      init,
    );

  const json = { 'content-type': 'application/json' };
  const rule = JSON.stringify({ fault: { kind: 'refused' } });

  test('of a foreign origin can neither open a session nor reach API, log and faults', async () => {
    await start();
    await open('evil.example');
    expect(await session(lab.url)).toBe('close 1006');
    const denied: readonly (readonly [string, RequestInit])[] = [
      ['/lab/log', {}],
      ['/lab/faults', { method: 'POST', headers: json, body: rule }],
      ['/lab/faults', { method: 'DELETE' }],
      ['/', { method: 'POST', headers: { ...json, 'x-sora-target': 'Sora_20201013.ListConnections' }, body: '{}' }],
    ];
    for (const [path, init] of denied) expect([path, await request(`${lab.httpUrl}${path}`, init)]).toEqual([path, 'TypeError']);
    // What is sent without asking first, and answered with nothing that the page may read.
    const silent: readonly RequestInit[] = [{ mode: 'no-cors' }, { mode: 'no-cors', method: 'POST', body: rule }];
    for (const init of silent) expect(await request(`${lab.httpUrl}/lab/faults`, init)).toMatch(/^(opaque|TypeError)$/);
    expect(lab.faults.rules).toEqual([]);
    expect(types()).toEqual(['upgrade-refused']);
  });

  test('whose name resolves to this machine, as after DNS rebinding, is as foreign', async () => {
    await start();
    await open('evil.example');
    const rebound = (url: string): string => url.replace('127.0.0.1', 'evil.example');
    expect(await session(rebound(lab.url))).toBe('close 1006');
    expect(entries()).toMatchObject([{ type: 'upgrade-refused', detail: { why: 'LAB-FOREIGN-HOST' } }]);
    const answer = await page.goto(rebound(`${lab.httpUrl}/lab/log`));
    expect([answer?.status(), await answer?.text()]).toEqual([403, '{"error_type":"LAB-FOREIGN-HOST"}\n']);
  });

  test('of this machine opens a session from any port, and does not reach the HTTP API', async () => {
    await start();
    await open('localhost');
    expect(await session(lab.url)).toBe('offer');
    expect(await request(`${lab.httpUrl}/lab/faults`, { method: 'POST', headers: json, body: rule })).toBe('TypeError');
    expect(lab.faults.rules).toEqual([]);
  });

  test('of an allowed origin opens a session and calls API and control', async () => {
    await start({ allowedOrigins: [new URL(siteOf('app.example')).origin] });
    await open('app.example');
    const connected = firstValueFrom(lab.log$.pipe(filter(({ type }) => type === 'connect')));
    expect(await session(lab.url)).toBe('offer');
    await connected;
    const target = { 'x-sora-target': 'Sora_20201013.ListConnections' };
    expect(await request(lab.httpUrl, { method: 'POST', headers: { ...json, ...target }, body: '{}' })).toMatch(
      /^200 \[\{"channel_id":"room"/,
    );
    expect(await request(`${lab.httpUrl}/lab/faults`, { method: 'POST', headers: json, body: rule })).toBe('200 {"id":"fault1"}\n');
    expect(await request(`${lab.httpUrl}/lab/faults`, { method: 'DELETE' })).toBe('200 {}\n');
    await open('evil.example');
    expect(await session(lab.url)).toBe('close 1006');
  });
});
