import type { Browser } from 'puppeteer-core';
import { startLab, type FaultRule, type Lab } from 'rx-sora-lab';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { endingOf } from '../support/ending-cases.ts';
import { browserStage, type BrowserStage } from '../support/browser-stage.ts';
import { serve, type Site } from '../support/page-site.ts';

let browser: Browser;
let site: Site;
let stage: BrowserStage;
const labs: Lab[] = [];

beforeAll(async () => {
  [browser, site] = await Promise.all([launchChromium(), serve('rx-sora')]);
});
afterAll(async () => {
  await Promise.all([browser.close(), site.close()]);
});
beforeEach(async () => {
  stage = await browserStage(browser, site);
});
afterEach(async () => {
  expect(stage.errors()).toEqual([]);
  await stage.close();
  await Promise.all(labs.splice(0).map((lab) => lab.close()));
});

const start = async (options: Parameters<typeof startLab>[0] = {}): Promise<Lab> => {
  const lab = await startLab(options);
  labs.push(lab);
  return lab;
};

/** A URL at which nobody listens. */
async function deadUrl(): Promise<string> {
  const lab = await startLab();
  const { url } = lab;
  await lab.close();
  return url;
}

const options = { channelId: 'way', clientId: 'me', role: 'recvonly', audio: false, video: false } as const;

/** What a lab was told until now: its events and the messages it received. */
function heard(lab: Lab): readonly string[] {
  const lines: string[] = [];
  lab.log$.subscribe(({ kind, type, direction }) => {
    if (kind === 'event' || direction === 'received') lines.push(type);
  });
  return lines;
}

describe('redirect', () => {
  /** A node sends everybody on to the next one, up to the node that is the last. */
  const chain = async (nodes: number): Promise<Lab> => {
    const lab = await start({ cluster: nodes, redirect: 'never' });
    lab.urls.slice(1).forEach((location, index) => {
      const rule: FaultRule = { fault: { kind: 'redirect', location }, match: { node: `node${index + 1}` } };
      lab.faults.add(rule);
    });
    return lab;
  };

  test.each([1, 5])('%i hops lead to the node that serves', async (hops) => {
    const lab = await chain(hops + 1);
    const session = await stage.open({ ...options, signalingUrl: lab.url });
    expect(await session.connect()).toMatchObject({ contactUrl: lab.url, connectedUrl: lab.urls.at(-1) });
    const termination = await session.disconnect();
    expect(termination).toMatchObject({ kind: 'client-disconnect', outcome: 'acknowledged' });
    const { states, left } = await session.account();
    expect(states.filter((state) => state === 'opening')).toHaveLength(hops + 1);
    expect(left).toEqual([]);
    expect(lab.connections).toEqual([]);
  });

  test('six hops are too many', async () => {
    const lab = await chain(7);
    const session = await stage.open({ ...options, signalingUrl: lab.url });
    expect(await session.connect()).toBeNull();
    const { terminations, left } = await session.account();
    expect(terminations.map(endingOf)).toEqual([
      {
        kind: 'signaling-invalid',
        what: 'unexpected-message',
        phase: 'signaling',
        switched: null,
        sent: null,
        initiator: 'server',
        retry: 'never',
      },
    ]);
    expect(left).toEqual([]);
  });

  test('a redirect to where the client comes from is a loop', async () => {
    const lab = await start({ faults: [{ fault: { kind: 'redirect' } }] });
    const session = await stage.open({ ...options, signalingUrl: lab.url });
    expect(await session.connect()).toBeNull();
    const { terminations } = await session.account();
    expect(terminations.map(endingOf)).toMatchObject([{ kind: 'signaling-invalid', what: 'unexpected-message' }]);
  });
});

describe('several signaling URLs', () => {
  test('the good one wins over a dead, a refusing, a slow and a silent one, and nobody else hears a word', async () => {
    const [dead, refusing, slow, silent, good] = await Promise.all([
      deadUrl(),
      start({ faults: [{ fault: { kind: 'upgrade-rejected', status: 503 } }] }),
      // Still within the time that each URL has.
      start({ faults: [{ fault: { kind: 'upgrade-delayed', ms: 2500 } }] }),
      start({ faults: [{ fault: { kind: 'upgrade-silent' } }] }),
      start(),
    ]);
    const session = await stage.open({ ...options, signalingUrl: [dead, refusing.url, slow.url, silent.url, good.url] });
    expect(await session.connect()).toMatchObject({ contactUrl: good.url, connectedUrl: good.url });
    await session.disconnect();
    const { terminations, left } = await session.account();
    expect(terminations).toHaveLength(1);
    expect(left).toEqual([]);
    for (const lab of [refusing, slow, silent]) expect(heard(lab)).not.toContain('connect');
  });

  test('a slow one is better than none', async () => {
    const [dead, slow] = await Promise.all([deadUrl(), start({ faults: [{ fault: { kind: 'upgrade-delayed', ms: 100 } }] })]);
    const session = await stage.open({ ...options, signalingUrl: [dead, slow.url] });
    expect(await session.connect()).toMatchObject({ connectedUrl: slow.url });
  });

  test('none: the last failure is the reason and the others are told', async () => {
    const [one, two] = await Promise.all([deadUrl(), deadUrl()]);
    const session = await stage.open({ ...options, signalingUrl: [one, two] });
    expect(await session.connect()).toBeNull();
    const { terminations, left } = await session.account();
    expect(terminations.map(endingOf)).toEqual([
      {
        kind: 'websocket-error',
        close: { code: 1006, reason: '' },
        phase: 'opening',
        switched: null,
        sent: null,
        initiator: 'network',
        retry: 'yes',
      },
    ]);
    expect(terminations[0]?.trailing.map(({ source }) => source)).toContain('websocket');
    expect(left).toEqual([]);
  });

  test('all silent: each gets its time, then it is over', async () => {
    const silent = [{ fault: { kind: 'upgrade-silent' } }] as const;
    const [one, two] = await Promise.all([start({ faults: silent }), start({ faults: silent })]);
    const session = await stage.open({ ...options, signalingUrl: [one.url, two.url], timeouts: { signalingUrlMs: 200 } });
    expect(await session.connect()).toBeNull();
    const { terminations, left } = await session.account();
    expect(terminations.map(endingOf)).toMatchObject([{ kind: 'connect-timeout', during: 'opening', phase: 'opening' }]);
    expect(left).toEqual([]);
  });
});
