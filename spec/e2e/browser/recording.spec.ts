import { mkdirSync, writeFileSync } from 'node:fs';
import type { ConnectOptions, Termination } from 'rx-sora';
import { type Lab, type LabConnection, startLab } from 'rx-sora-lab';
import { replay } from 'rx-sora/testing';
import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { connectionOf, eventAt } from '../support/lab-side.ts';
import { type Mode, modes } from '../support/modes.ts';
import { openTab, type Tab } from '../support/open-page.ts';
import { serve, type Site } from '../support/page-site.ts';
import type { RecordingBench } from '../support/page/recording.ts';

const TOKEN = 'S3CRET-CANARY';

/** Brings the end about, on either side. */
type Deed = (connection: LabConnection, tab: Tab<RecordingBench>, name: string) => unknown;

const closedByServer: Deed = (connection) => connection.closeWebSocket(4490, 'SIGNALING-ERROR');
const disconnected: Deed = (_, tab, name) =>
  tab.run(async ({ recorded }, name) => {
    await recorded(name).session.disconnect();
  }, name);
const cut: Deed = (connection) => connection.cutWebSocket();
const aborted: Deed = (connection) => connection.abortChannels();
const closedByMessage: Deed = (connection) => connection.disconnect({ code: 4490, reason: 'SIGNALING-ERROR' });

const rows: readonly [name: string, mode: Mode, deed: Deed, expected: Partial<Termination>][] = [
  ['W-server-close', 'W', closedByServer, { kind: 'server-close', code: 4490 }],
  ['W-disconnect', 'W', disconnected, { kind: 'client-disconnect', outcome: 'acknowledged' }],
  ['M-websocket-cut', 'M', cut, { kind: 'websocket-closed', code: 1006 }],
  ['M-disconnect', 'M', disconnected, { kind: 'client-disconnect', outcome: 'acknowledged' }],
  ['D-server-close', 'D', closedByMessage, { kind: 'server-close', code: 4490 }],
  ['D-channels-aborted', 'D', aborted, { kind: expect.stringMatching(/^datachannel-(closed|error)$/) as 'datachannel-closed' }],
];

let lab: Lab;
let browser: Browser;
let site: Site;
let tab: Tab<RecordingBench>;

beforeAll(async () => {
  [lab, browser, site] = await Promise.all([startLab({ closeMessage: true }), launchChromium(), serve('recording')]);
  tab = await openTab<RecordingBench>(browser, site);
});

afterAll(async () => {
  await browser.close();
  await Promise.all([site.close(), lab.close()]);
});

describe('a recording from Chromium is replayed in Node, with an equal termination and an equal timeline', () => {
  test.each(rows)('%s', async (name, mode, deed, expected) => {
    const options: ConnectOptions = {
      signalingUrl: lab.url,
      channelId: name,
      clientId: name,
      role: 'sendrecv',
      metadata: { access_token: TOKEN },
      dataChannels: mode === 'W' ? [] : [{ label: '#chat', direction: 'sendrecv' }],
      ...modes[mode],
    };
    await tab.run(({ begin }, { name, options }) => begin(name, options), { name, options });
    if (mode === 'D') await eventAt(lab, name, 'websocket-close');
    const connection = await connectionOf(lab, name);
    if (mode !== 'W') connection.sendMessage('#chat', new TextEncoder().encode('hello'));
    await deed(connection, tab, name);
    const { lines, termination, timeline } = await tab.run(({ recorded }, name) => recorded(name).story(), name);

    expect(termination).toMatchObject(expected);
    const replayed = replay(lines);
    expect(replayed.differences).toEqual([]);
    expect(replayed.termination).toEqual(termination);
    expect(replayed.timeline).toEqual(timeline);
    expect(replayed.recorded.timeline).toEqual(timeline);
    expect(replayed.errors).toEqual([]);
    expect(lines.join('\n')).not.toContain(TOKEN);
    expect(tab.errors).toEqual([]);
    // Where to put them, if they are to become fixtures of spec/testing/recordings.
    const { RECORDINGS } = process.env;
    if (RECORDINGS !== undefined) {
      mkdirSync(RECORDINGS, { recursive: true });
      writeFileSync(`${RECORDINGS}/chromium-${name}.jsonl`, `${lines.join('\n')}\n`);
    }
  });
});
