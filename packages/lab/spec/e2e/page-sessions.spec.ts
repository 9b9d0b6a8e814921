import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replay } from 'rx-sora/testing';
import { startLab, type FaultKind, type Lab } from 'rx-sora-lab';
import type { Browser, ElementHandle } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../../../../spec/e2e/support/chromium.ts';
import { firefoxPath, launchFirefox, withoutFirefox } from '../../../../spec/e2e/support/firefox.ts';
import { LabPage } from './support/lab-page.ts';

/** Faults that end a session at once, with the kind of its end, for a session over WebSocket and DataChannels. */
const DEADLY: readonly (readonly [FaultKind, string | RegExp])[] = [
  ['websocket-close', 'server-close'],
  ['websocket-cut', /^websocket-(closed|error)$/],
  ['websocket-malformed', 'signaling-invalid'],
  ['channel-malformed', 'signaling-invalid'],
  ['channel-close', /^datachannel-/],
  ['sctp-abort', /^datachannel-/],
];

/** Secrets that go into the form. None of them may be seen anywhere. */
const CANARIES = { metadata: 'METADATA-CANARY', notify: 'NOTIFY-CANARY', message: 'MESSAGE-CANARY' } as const;

function testSessions(launch: () => Promise<Browser>, faults: typeof DEADLY): void {
  let browser: Browser;
  let lab: Lab;
  let tab: LabPage;

  beforeAll(async () => {
    [browser, lab] = await Promise.all([launch(), startLab()]);
    tab = new LabPage(await browser.newPage());
    await tab.page.goto(`${lab.httpUrl}/`);
    await tab.shows('Live');
    await tab.unfold();
  });
  afterAll(async () => {
    await browser.close();
    await lab.close();
  });

  test('two panes connect, see one another, talk, and say goodbye', async () => {
    await tab.press('Connect both');
    await Promise.all([tab.connected('Left'), tab.connected('Right')]);
    await tab.moves(4);
    await tab.inspects('Left', 'media', 'video/VP9');
    await tab.inspects('Right', 'roster', 'left');
    await tab.inspects('Left', 'messages', '#chat');
    await tab.inspects('Right', 'messages', 'No messages yet');
    await tab.page.evaluate((text) => {
      const panel = document.querySelector('sora-inspector')?.shadowRoot?.querySelector('#panel');
      const input = panel?.querySelector<HTMLInputElement>('form input');
      if (input === null || input === undefined) throw new Error('there is nothing to write into');
      input.value = text;
      input.dispatchEvent(new Event('input'));
      panel?.querySelector('form')?.requestSubmit();
    }, CANARIES.message);
    await tab.inspects('Right', 'messages', `${CANARIES.message.length} B`);
    await tab.inspects('Left', 'rpc', '2025.2.0/PutSignalingNotifyMetadata');
    await tab.page.evaluate(() => document.querySelector('sora-inspector')?.shadowRoot?.querySelector('form')?.requestSubmit());
    await tab.inspects('Left', 'rpc', ' ms');
    await tab.press('Disconnect both');
    expect(await tab.termination('Left')).toMatchObject({ kind: 'client-disconnect', outcome: 'acknowledged' });
    expect(await tab.termination('Right')).toMatchObject({ kind: 'client-disconnect', outcome: 'acknowledged' });
    await tab.inspects('Left', 'end', 'the application disconnected');
    await tab.inspects('Left', 'end', 'T18 T19');
    expect(tab.problems).toEqual([]);
  });

  test.each(faults)('the button %s ends one pane, and its inspector says why', async (kind, expected) => {
    await tab.press('Connect, Left');
    await tab.connected('Left');
    await tab.press(`${kind}, Left`);
    await tab.shows(`${kind}: 1 connection`);
    const termination = await tab.termination('Left');
    expect(termination.kind).toMatch(expected);
    await tab.inspects('Left', 'end', termination.kind);
    await tab.inspects('Left', 'diagram', 'termination$');
    expect(tab.problems).toEqual([]);
  });

  test('there is a button for every fault, and the lab takes what each of them asks for', async () => {
    const kinds = lab.faults.kinds.map(({ kind }) => kind);
    const lasting = kinds.filter((each) => each !== 'refused');
    const pressed = async (kind: FaultKind): Promise<void> => {
      await tab.press(`${kind}, Left`);
      await tab.shows(`${kind}: waits for the next connection`);
    };
    for (const kind of lasting) await pressed(kind);
    expect(lab.faults.rules.map(({ fault }) => fault.kind).sort()).toEqual(lasting.sort());
    await pressed('refused'); // closes the port of this page, and goes by itself
    lab.faults.clear();
    expect(tab.problems).toEqual([]);
  });

  test('a fault for the next connection takes hold of it', async () => {
    await tab.press('auth-refused, Left');
    await tab.shows('auth-refused: waits for the next connection');
    await tab.press('Connect, Left');
    expect(await tab.termination('Left')).toMatchObject({ kind: 'server-close', code: 4490, reason: 'LAB-PAGE', phase: 'signaling' });
    expect(tab.problems).toEqual([]);
  });

  test('a recording that was made in the page replays in Node and in the inspector to the same end, and holds no secret', async () => {
    await tab.fill('metadata', JSON.stringify({ access_token: CANARIES.metadata }));
    await tab.fill('signalingNotifyMetadata', JSON.stringify({ name: CANARIES.notify }));
    await tab.press('Connect both');
    await Promise.all([tab.connected('Left'), tab.connected('Right')]);
    await tab.press('websocket-cut, Right');
    const termination = await tab.termination('Right');
    const { recording, report, markup } = await tab.page.evaluate(() => {
      const inspectors = [...document.querySelectorAll('sora-inspector')];
      return {
        recording: String(inspectors[1]?.recording),
        report: JSON.stringify(inspectors.map((inspector) => inspector.report())),
        markup: inspectors.map(({ shadowRoot }) => shadowRoot?.innerHTML ?? '').join(''),
      };
    });
    const replayed = replay(recording);
    expect(replayed.differences).toEqual([]);
    expect(replayed.termination).toEqual(termination);
    for (const canary of Object.values(CANARIES)) expect(`${recording}${report}${markup}`).not.toContain(canary);

    const folder = mkdtempSync(join(tmpdir(), 'rx-sora-recording-'));
    try {
      const path = join(folder, 'right.jsonl');
      writeFileSync(path, recording);
      const handle = await tab.page.evaluateHandle(
        () => document.querySelector('sora-inspector')?.shadowRoot?.querySelector('input[type=file]') ?? null,
      );
      await (handle as ElementHandle<HTMLInputElement>).uploadFile(path);
      await tab.page.waitForFunction(() =>
        document.querySelector('sora-inspector')?.shadowRoot?.textContent.includes('the session ends as it was recorded'),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    expect(await tab.termination('Left')).toEqual(termination);
    await tab.press('Disconnect, Left');
    expect(tab.problems).toEqual([]);
  });
}

describe('sessions in the page of the lab in Chromium', () => {
  testSessions(launchChromium, DEADLY);
});

describe('sessions in the page of the lab in Firefox', () => {
  const path = firefoxPath();
  if (path !== null) testSessions(() => launchFirefox(path), DEADLY.slice(0, 2));
  else {
    console.warn(withoutFirefox);
    test(withoutFirefox, () => {
      expect(path).toBeNull();
    });
  }
});
