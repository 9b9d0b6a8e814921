import type { Browser, CDPSession } from 'puppeteer-core';
import { openTab, type Tab } from '../e2e/support/open-page.ts';
import type { Site } from '../e2e/support/page-site.ts';
import type { Bench } from './page/provide-bench.ts';

/** What the main thread of the page has worked so far, in milliseconds of its own time: what others make it wait for is not in it. */
export interface MainThread {
  readonly taskMs: number;
  readonly scriptMs: number;
}

/** A page, and what DevTools know of it. */
export interface MeasuredTab<Offered> extends Tab<Offered> {
  mainThread(): Promise<MainThread>;
  /** Bytes of the JS heap after the garbage has been collected. */
  heapBytes(): Promise<number>;
  readonly devTools: CDPSession;
}

/** The page with both SDKs. */
export type BenchTab = MeasuredTab<Bench>;

export const openBenchTab = (browser: Browser, site: Site): Promise<BenchTab> => openMeasuredTab<Bench>(browser, site);

export async function openMeasuredTab<Offered>(browser: Browser, site: Site): Promise<MeasuredTab<Offered>> {
  const tab = await openTab<Offered>(browser, site);
  const { page } = tab;
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
