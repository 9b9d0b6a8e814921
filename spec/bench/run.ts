// The benchmark: rx-sora and the official SDK in one headless Chromium page against one lab, alternately. A complete run writes
// docs/benchmark.md. Nothing here judges a time: what a machine takes is not what the code is.
import { writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { launchChromium } from '../e2e/support/chromium.ts';
import { startLab } from '../../packages/lab/src/index.ts';
import { openBenchTab } from './bench-tab.ts';
import { serveBench } from './bench-site.ts';
import { bundleSizes } from './bundle-sizes.ts';
import type { FigureGroup } from './figure.ts';
import { groupTables } from './markdown-table.ts';
import { clientAlone } from './measures/client-alone.ts';
import { connecting, faults, firstConnect } from './measures/connecting.ts';
import { heap, withoutCompilers } from './measures/heap.ts';
import { messages } from './measures/messages.ts';
import { notifications } from './measures/notifications.ts';
import { observed } from './measures/observed.ts';
import { onFakes } from './measures/on-fakes.ts';
import { watching } from './measures/watching.ts';
import { report } from './report.ts';
import type { Stand } from './stand.ts';

const measures: Readonly<Record<string, (stand: Stand) => Promise<readonly FigureGroup[]>>> = {
  first: firstConnect,
  connecting,
  faults,
  client: clientAlone,
  messages,
  notifications,
  watching,
  heap: async (stand) => {
    const other = await launchChromium(withoutCompilers);
    try {
      return await heap(stand, { ...stand, tab: await openBenchTab(other, site) });
    } finally {
      await other.close();
    }
  },
  observed: async (stand) => {
    const [page, fresh] = await Promise.all([serveBench('bench-observed'), serveBench('fresh-observed')]);
    try {
      return await observed({ ...stand, tab: await openBenchTab(browser, page), sites: { rxSora: fresh, official: ours } });
    } finally {
      await Promise.all([page.close(), fresh.close()]);
    }
  },
  fakes: onFakes,
  sizes: bundleSizes,
};

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '15' }, only: { type: 'string' } } });
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds is a whole number from 1, not ${values.rounds}`);
const chosen = values.only?.split(',') ?? Object.keys(measures);
const unknown = chosen.filter((name) => measures[name] === undefined);
if (unknown.length > 0) throw new Error(`--only knows ${Object.keys(measures).join(', ')}, not ${unknown.join(', ')}`);

const date = new Date();
const began = performance.now();
const loadBefore = loadavg()[0] ?? 0;
// The lab does nothing of its own accord while it is measured against.
const lab = await startLab({ pingIntervalMs: 0, statsIntervalMs: 0, updateIntervalMs: 0, logCapacity: 0 });
const [site, ours, theirs] = await Promise.all([serveBench('bench'), serveBench('fresh-rx-sora'), serveBench('fresh-official')]);
const sites = { rxSora: ours, official: theirs };
const browser = await launchChromium();
const groups: FigureGroup[] = [];
try {
  const tab = await openBenchTab(browser, site);
  for (const [name, measure] of Object.entries(measures)) {
    if (!chosen.includes(name)) continue;
    const measuring = performance.now();
    const measured = await measure({ browser, tab, sites, lab, rounds });
    console.log(`${name}: ${Math.round((performance.now() - measuring) / 1000)} s\n`);
    for (const group of measured) {
      groups.push(group);
      console.log([group.title, ...groupTables(group), ''].join('\n'));
    }
  }
  if (tab.errors.length > 0) throw new Error(`the page told of errors: ${tab.errors.join('; ')}`);
  if (values.only === undefined) {
    const text = report(groups, {
      date,
      cores: availableParallelism(),
      nodeVersion: process.versions.node,
      chromiumVersion: (await browser.version()).split('/')[1] ?? '',
      rounds,
      seconds: Math.round((performance.now() - began) / 1000),
      load: (loadBefore + (loadavg()[0] ?? 0)) / 2,
    });
    await writeFile(new URL('../../docs/benchmark.md', import.meta.url), text);
  }
} finally {
  await browser.close();
  await Promise.all([site, ours, theirs].map((each) => each.close()));
  await lab.close();
}
console.log(`${Math.round((performance.now() - began) / 1000)} s`);
