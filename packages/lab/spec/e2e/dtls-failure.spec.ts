import { filter, firstValueFrom, mergeMap } from 'rxjs';
import { startLab, type Lab, type LabConnectionEnd } from 'rx-sora-lab';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { firefoxPath, launchFirefox, withoutFirefox } from '../../../../spec/e2e/support/firefox.ts';
import { serveBlankPage } from './rtc/support/blank-page.ts';
import { MessagingPage } from './support/messaging-page.ts';
import { closeClients, WeriftClient } from './support/werift-client.ts';

let lab: Lab;
beforeEach(async () => {
  // No other limit ends the connection first.
  lab = await startLab({ connectTimeoutMs: 0 });
});
afterEach(async () => {
  await closeClients();
  await lab.close();
});

const end = (): Promise<LabConnectionEnd> => firstValueFrom(lab.connections$.pipe(mergeMap((connection) => connection.ended$)));
const logged = async (): Promise<unknown> =>
  (await firstValueFrom(lab.log$.pipe(filter(({ kind, type }) => kind === 'event' && type === 'dtls-failed')))).detail;

test('a client whose certificate is not that of its answer ends with a reason and a log line of its own', async () => {
  const message = 'the certificate is not the one of the answer';
  const ended = end();
  const answerSdp = (sdp: string): string =>
    sdp.replaceAll(/(a=fingerprint:sha-256 )../g, (line, name: string) => `${name}${line.endsWith('00') ? '01' : '00'}`);
  const client = new WeriftClient(lab.url, { mode: 'both', answerSdp });
  expect(await client.closed()).toEqual({ code: 4490, reason: `LAB-DTLS-FAILED: ${message}` });
  expect(await ended).toEqual({ cause: 'dtls-failed', code: 4490, reason: `LAB-DTLS-FAILED: ${message}`, detail: message });
  expect(await logged()).toEqual({ message });
});

test('the code and the reason before the colon can be changed', async () => {
  await lab.close();
  lab = await startLab({ connectTimeoutMs: 0, closeCodes: { dtlsFailed: { code: 4000, reason: 'NO-DTLS' } } });
  const client = new WeriftClient(lab.url, { answerSdp: (sdp) => sdp.replaceAll('a=fingerprint:sha-256', 'a=fingerprint:md-2') });
  expect(await client.closed()).toEqual({ code: 4000, reason: 'NO-DTLS: the certificate is not the one of the answer' });
});

test('a Firefox that offers only DTLS 1.3 learns that the lab speaks 1.2', { timeout: 120_000 }, async () => {
  const path = firefoxPath();
  if (path === null) throw new Error(withoutFirefox);
  const dtls13 = 0x0304;
  const [site, browser] = await Promise.all([
    serveBlankPage(),
    launchFirefox(path, { 'media.peerconnection.dtls.version.min': dtls13, 'media.peerconnection.dtls.version.max': dtls13 }),
  ]);
  try {
    const page = await MessagingPage.open(browser, site.url);
    const message = 'the client does not offer DTLS 1.2';
    expect(await page.closeOf(lab.url, 'room')).toEqual({ code: 4490, reason: `LAB-DTLS-FAILED: ${message}` });
    expect(await logged()).toEqual({ message });
  } finally {
    await Promise.all([browser.close(), site.close()]);
  }
});
