import type { Browser } from 'puppeteer-core';
import { startLab, type Lab } from 'rx-sora-lab';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { type Mode, modes } from '../support/modes.ts';
import { openTab, type Tab } from '../support/open-page.ts';
import { OtlpReceiver, type OtlpRecord, plainAttributes } from '../support/otlp-receiver.ts';
import { serve, type Site } from '../support/page-site.ts';
import type { TelemetryBench } from '../support/page/telemetry.ts';

let browser: Browser;
let site: Site;
let lab: Lab;
let receiver: OtlpReceiver;
let tab: Tab<TelemetryBench>;

beforeAll(async () => {
  [browser, site, lab] = await Promise.all([launchChromium(), serve('telemetry'), startLab()]);
});
afterAll(async () => {
  await Promise.all([browser.close(), site.close(), lab.close()]);
});
beforeEach(async () => {
  receiver = await OtlpReceiver.start();
  tab = await openTab<TelemetryBench>(browser, site);
});
afterEach(async () => {
  expect(tab.errors).toEqual([]);
  await tab.close();
  await receiver.close();
});

const begin = (name: string, mode: Mode): Promise<void> =>
  tab.run(({ begin: start }, { name: as, url, options }) => start(as, url, options), {
    name,
    url: receiver.url,
    options: { signalingUrl: `${lab.url}?token=CANARY-url`, channelId: name, clientId: name, role: 'sendrecv', ...modes[mode] } as const,
  });

const terminated = (): Promise<OtlpRecord> => receiver.record(({ eventName }) => eventName === 'shiguredo.sora.connection.terminated');

describe('from Chromium, over OTLP/HTTP', () => {
  test('traces, metrics and logs of a session that is left by unsubscribing', async () => {
    await begin('unsubscribed', 'W');
    await tab.run(async ({ observed }) => {
      const { subscription, flush } = observed('unsubscribed');
      subscription.unsubscribe();
      await flush();
    });
    const attempt = await receiver.span(({ name }) => name === 'shiguredo.sora.connect');
    const child = await receiver.span(({ name }) => name === 'shiguredo.sora.connect.ice');
    expect(child.parentSpanId).toBe(attempt.spanId);
    const record = await terminated();
    expect([record.traceId, record.spanId]).toEqual([attempt.traceId, attempt.spanId]);
    expect(plainAttributes(record.attributes)).toMatchObject({
      'shiguredo.sora.termination.kind': 'client-disconnect',
      'shiguredo.sora.termination.trigger': 'unsubscribe',
      'webrtc.ice.candidate.local.type': expect.any(String) as string,
      'webrtc.dtls.state': 'connected',
    });
    expect(await receiver.metric('webrtc.client.rtp.io')).toMatchObject({ unit: 'By' });
    expect(receiver.text).not.toContain('CANARY');
  });

  test.each(['W', 'D'] as const)('the session that leaving the page ends, mode %s', async (mode) => {
    await begin(`left ${mode}`, mode);
    await tab.leave();
    const record = await terminated();
    expect(plainAttributes(record.attributes)).toMatchObject({
      'shiguredo.sora.termination.kind': 'client-disconnect',
      'shiguredo.sora.termination.trigger': 'pagehide',
      'shiguredo.sora.termination.phase': 'connected',
    });
    await receiver.span(({ name }) => name === 'shiguredo.sora.disconnect');
    await receiver.metric('shiguredo.sora.client.termination.count');
    expect(receiver.text).not.toContain('CANARY');
  });
});
