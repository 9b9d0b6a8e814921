// The fault matrix on real browsers: every fault of the lab, in the three modes, in Chromium and in Firefox, with rx-sora and with the
// official SDK in the same run. Writes docs/fault-matrix.md and fails where rx-sora did something that the rules do not say.
import { writeFile } from 'node:fs/promises';
import type { Browser } from 'puppeteer-core';
import { browserStage } from '../e2e/support/browser-stage.ts';
import { launchChromium } from '../e2e/support/chromium.ts';
import { firefoxPath, launchFirefox, withoutFirefox } from '../e2e/support/firefox.ts';
import { allModes, type Mode } from '../e2e/support/modes.ts';
import { openTab } from '../e2e/support/open-page.ts';
import type { OfficialBench } from '../e2e/support/page/official.ts';
import { serve, type Site } from '../e2e/support/page-site.ts';
import type { Client } from './client.ts';
import type { Runtime } from './fault-row.ts';
import { judge } from './judge.ts';
import { officialClient } from './official-client.ts';
import { type Finding, playFault } from './play-fault.ts';
import { pool } from './pool.ts';
import { report } from './report.ts';
import { allRows } from './rows/all.ts';
import { rxSoraClient } from './rx-sora-client.ts';

/** Sessions at one time: most of what they do is waiting. */
const WIDTH = 8;

/** The official SDK is watched for longer than its own waits, whatever is expected of rx-sora. */
const OFFICIAL_WATCH_MS = 4000;

interface Inhabited {
  readonly name: string;
  readonly runtime: Runtime;
  readonly browser: Browser;
  readonly rxSora: Client;
  readonly official: Client;
}

async function inhabit(name: string, browser: Browser, site: Site, officialSite: Site): Promise<Inhabited> {
  const stage = await browserStage(browser, site);
  return {
    name,
    runtime: name === 'Firefox' ? 'firefox' : 'chromium',
    browser,
    rxSora: rxSoraClient(`rx-sora, ${name}`, stage),
    official: officialClient(`sora-js-sdk, ${name}`, () => openTab<OfficialBench>(browser, officialSite)),
  };
}

const only = process.argv[2];
const rows = allRows.filter(({ name }) => only === undefined || name.includes(only));
const played = rows.flatMap((row) => allModes.filter((mode) => row.expect[mode] !== undefined).map((mode) => [row, mode] as const));

const [site, officialSite] = await Promise.all([serve('rx-sora'), serve('official')]);
const path = firefoxPath();
if (path === null) console.warn(withoutFirefox);
const browsers = await Promise.all([
  launchChromium().then((browser) => inhabit('Chromium', browser, site, officialSite)),
  ...(path === null ? [] : [launchFirefox(path).then((browser) => inhabit('Firefox', browser, site, officialSite))]),
]);
const versions = await Promise.all(browsers.map(({ browser }) => browser.version()));

const began = performance.now();
const started = new Date();
let done = 0;

async function play(row: (typeof allRows)[number], mode: Mode, client: Client, watchMs?: number): Promise<Finding> {
  const finding = await playFault(row, mode, client, watchMs);
  done += 1;
  if (done % 50 === 0) console.log(`${done} of ${tasks.length} sessions, ${Math.round((performance.now() - began) / 1000)} s`);
  return finding;
}

const tasks = browsers.flatMap(({ rxSora, official }) =>
  // The slow ones first, so that they wait beside the others and not after them.
  played
    .toSorted(([one], [other]) => Number(other.slow ?? false) - Number(one.slow ?? false))
    .flatMap(([row, mode]) => [
      () => play(row, mode, rxSora),
      () => play(row, mode, official, Math.max(OFFICIAL_WATCH_MS, row.watchMs ?? 0)),
    ]),
);
const findings = await pool(tasks, WIDTH);
const seconds = Math.round((performance.now() - began) / 1000);
await Promise.all([...browsers.map(({ browser }) => browser.close()), site.close(), officialSite.close()]);

const ours = findings.filter(({ client }) => client.startsWith('rx-sora'));
const runtimeOf = ({ client }: Finding): Runtime => browsers.find(({ rxSora }) => rxSora.name === client)?.runtime ?? 'chromium';
const wrong = ours.flatMap((finding) =>
  judge(finding, runtimeOf(finding)).map((what) => `${finding.client}, ${finding.row.name}, mode ${finding.mode}: ${what}`),
);
for (const each of wrong) console.error(each);
if (only === undefined) {
  const browsersText = browsers.map(({ name }, index) => `${name} ${versions[index]?.split('/')[1] ?? ''}`).join(' and ');
  await writeFile(
    new URL('../../docs/fault-matrix.md', import.meta.url),
    report({ findings, browsers: browsers.map(({ name }) => name), browsersText, wrong: wrong.length, date: started, seconds }),
  );
} else {
  for (const { client, row, mode, outcome, lines, afterMs, received, rpc } of findings)
    console.log(JSON.stringify({ client, row: row.name, mode, outcome, lines, afterMs, received, rpc }));
}
console.log(
  `${ours.length} sessions of rx-sora, ${ours.length - wrong.length} as the rules say, ${wrong.length} not; ${findings.length - ours.length} of the official SDK; ${seconds} s`,
);
process.exitCode = wrong.length === 0 ? 0 : 1;
