import type { Browser } from 'puppeteer-core';
import type { ConnectOptions, SoraRpcError } from 'rx-sora';
import { filter, firstValueFrom } from 'rxjs';
import { startLab, type Fault, type Lab } from 'rx-sora-lab';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { connectionOf } from '../support/lab-side.ts';
import { modes } from '../support/modes.ts';
import { openTab, type Tab } from '../support/open-page.ts';
import type { RxSoraBench } from '../support/page/rx-sora.ts';
import { serve, type Site } from '../support/page-site.ts';

let browser: Browser;
let site: Site;
let lab: Lab;
let tab: Tab<RxSoraBench>;

beforeAll(async () => {
  [browser, site, lab] = await Promise.all([launchChromium(), serve('rx-sora'), startLab()]);
});
afterAll(async () => {
  await Promise.all([browser.close(), site.close(), lab.close()]);
});
beforeEach(async () => {
  tab = await openTab<RxSoraBench>(browser, site);
});
afterEach(async () => {
  expect(tab.errors).toEqual([]);
  await tab.close();
});

/** A session that is ready for calls, and the lab as this fault makes it. */
async function ready(clientId: string, fault: Fault | null = null, mode: keyof typeof modes = 'M'): Promise<void> {
  if (fault !== null) lab.faults.add({ fault, match: { clientId }, times: 1 });
  const options: ConnectOptions = {
    signalingUrl: lab.url,
    channelId: clientId,
    clientId,
    role: 'sendrecv',
    audio: false,
    video: false,
    ...modes[mode],
  };
  await tab.run(
    async ({ open, session, rx }, { options, switches }) => {
      const watched = open('me', options);
      const { dataChannel$ } = session('me').session;
      const opened = rx.firstValueFrom(dataChannel$.pipe(rx.filter(({ kind, label }) => kind === 'open' && label === 'rpc')));
      opened.catch(() => null);
      await watched.connect();
      if (switches) await Promise.all([opened, watched.switched()]);
    },
    { options, switches: mode !== 'W' },
  );
}

const METHOD = '2025.2.0/PutSignalingNotifyMetadataItem';

const call = (params: object, rpcOptions: object = {}): Promise<unknown> =>
  tab.run(
    ({ session, sora }, { method, params, rpcOptions }) =>
      sora.rpc(session('me').session, method, params as never, rpcOptions).then(
        (result) => ({ result }),
        (error: unknown) => {
          const { name, code, message, data } = error as SoraRpcError;
          return { name, code, message, data };
        },
      ),
    { method: METHOD, params, rpcOptions },
  );

test('a result', async () => {
  await ready('result');
  expect(await call({ key: 'mood', value: 'good' })).toEqual({ result: { mood: 'good' } });
  expect(await call({ key: 'hat', value: [1, 2] })).toEqual({ result: { mood: 'good', hat: [1, 2] } });
});

test('an error of the server, with code, message and data', async () => {
  await ready('error');
  expect(await call({ value: 'no key' })).toEqual({
    name: 'SoraRpcError',
    code: -32_602,
    message: 'Invalid params',
    data: expect.stringContaining('key') as string,
  });
});

test('no answer in time, and the answer that comes late is no answer to the next call', async () => {
  await ready('timeout', { kind: 'rpc-delayed', ms: 3000 });
  expect(await call({ key: 'a', value: 1 }, { timeoutMs: 100 })).toMatchObject({ name: 'SoraRpcError', code: 'timeout' });
  expect(await call({ key: 'b', value: 2 })).toEqual({ result: { a: 1, b: 2 } });
});

test('an answer that comes twice', async () => {
  await ready('twice', { kind: 'rpc-duplicate' });
  expect(await call({ key: 'a', value: 1 })).toEqual({ result: { a: 1 } });
  expect(await call({ key: 'b', value: 2 })).toEqual({ result: { a: 1, b: 2 } });
});

test('a notification: nothing is answered, and the server has acted', async () => {
  await ready('notification');
  const pushed = tab.run(({ session, rx }) => rx.firstValueFrom(session('me').session.push$));
  expect(await call({ key: 'a', value: 1, push: true }, { notification: true })).toEqual({});
  expect(await pushed).toMatchObject({ type: 'push', data: { key: 'a', value: 1 } });
});

test('a call that is pending when the session ends is told so', async () => {
  await ready('ended', { kind: 'rpc-silent' });
  const connection = await connectionOf(lab, 'ended');
  const heard = firstValueFrom(connection.received$.pipe(filter(({ type }) => type === 'rpc')));
  const called = call({ key: 'a', value: 1 });
  await heard;
  connection.cutWebSocket();
  expect(await called).toMatchObject({ name: 'SoraRpcError', code: 'ended' });
});

test('without DataChannels there is nothing to call over', async () => {
  await ready('unavailable', null, 'W');
  expect(await call({ key: 'a', value: 1 })).toMatchObject({ name: 'SoraRpcError', code: 'unavailable' });
});
