import type { Browser, CDPSession } from 'puppeteer-core';
import { openTab, type Tab } from '../e2e/support/open-page.ts';
import type { Site } from '../e2e/support/page-site.ts';
import type { Bench } from './page/provide-bench.ts';

/** What the main thread of the page has worked so far, in milliseconds of its own time: what others make it wait for is not in it. */
export interface MainThread {
  readonly taskMs: number;
  readonly scriptMs: number;
}

/** The page with both SDKs, and what DevTools know of it. */
export interface BenchTab extends Tab<Bench> {
  mainThread(): Promise<MainThread>;
  /** Bytes of the JS heap after the garbage has been collected. */
  heapBytes(): Promise<number>;
  readonly devTools: CDPSession;
}

export async function openBenchTab(browser: Browser, site: Site): Promise<BenchTab> {
  const tab = await openTab<Bench>(browser, site);
  const page = (await browser.pages()).find((each) => each.url() === site.url);
  if (page === undefined) throw new Error('the page is not there');
  await page.waitForFunction('globalThis.bench !== undefined');
  const devTools = await page.createCDPSession();
  await devTools.send('Performance.enable', { timeDomain: 'threadTicks' });
  await devTools.send('HeapProfiler.enable');
  return {
    ...tab,
    devTools,
    mainThread: async () => {
      const { metrics } = await devTools.send('Performance.getMetrics');
      const seconds = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
      return { taskMs: seconds('TaskDuration') * 1000, scriptMs: seconds('ScriptDuration') * 1000 };
    },
    heapBytes: async () => {
      // Once for the objects and once for what their finalizers let go.
      await devTools.send('HeapProfiler.collectGarbage');
      await devTools.send('HeapProfiler.collectGarbage');
      const { usedSize } = await devTools.send('Runtime.getHeapUsage');
      return usedSize;
    },
  };
}
