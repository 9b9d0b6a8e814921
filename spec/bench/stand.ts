import type { Browser } from 'puppeteer-core';
import { firstValueFrom } from 'rxjs';
import type { Lab } from 'rx-sora-lab';
import { openTab } from '../e2e/support/open-page.ts';
import type { Site } from '../e2e/support/page-site.ts';
import type { Tab } from '../e2e/support/open-page.ts';
import type { BenchTab } from './bench-tab.ts';
import type { FreshBench } from './page/fresh.ts';
import type { Sdk } from './sdk.ts';

/** What every measure finds: one page with both SDKs, pages with one of them, one lab, and how often. */
export interface Stand {
  readonly browser: Browser;
  readonly tab: BenchTab;
  /** Where a page with one SDK alone comes from. */
  readonly sites: Readonly<Record<Sdk, Site>>;
  readonly lab: Lab;
  readonly rounds: number;
}

/** Waits until the lab has nobody left, so that no life is measured while another one ends. */
export async function nobodyLeft(lab: Lab): Promise<void> {
  await Promise.all(lab.connections.map(({ ended$ }) => firstValueFrom(ended$)));
}

/** Works in a page that was opened just now, with one SDK in it. */
export async function inFreshPage<Result>(
  { browser, sites, lab }: Stand,
  sdk: Sdk,
  work: (tab: Tab<FreshBench>) => Promise<Result>,
): Promise<Result> {
  const tab = await openTab<FreshBench>(browser, sites[sdk]);
  const result = await work(tab);
  await nobodyLeft(lab);
  if (tab.errors.length > 0) throw new Error(`a page of ${sdk} had errors: ${tab.errors.join('; ')}`);
  await tab.close();
  return result;
}
