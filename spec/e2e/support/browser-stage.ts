import type { Browser } from 'puppeteer-core';
import type { ConnectOptions } from 'rx-sora';
import { openTab, type Tab } from './open-page.ts';
import type { Site } from './page-site.ts';
import type { RxSoraBench } from './page/rx-sora.ts';
import type { Stage } from './stage.ts';
import type { DrivenSession } from './watched-session.ts';

/** A tab in which sessions live, by name. */
export interface BrowserStage extends Stage {
  readonly tab: Tab<RxSoraBench>;
}

const driven = (tab: Tab<RxSoraBench>, name: string): DrivenSession => ({
  connect: () => tab.run((bench, { name }) => bench.session(name).connect(), { name }),
  switched: () => tab.run((bench, { name }) => bench.session(name).switched(), { name }),
  disconnect: () => tab.run((bench, { name }) => bench.session(name).disconnect(), { name }),
  account: () => tab.run((bench, { name }) => bench.session(name).account(), { name }),
});

export async function browserStage(browser: Browser, site: Site): Promise<BrowserStage> {
  const tab = await openTab<RxSoraBench>(browser, site);
  return {
    tab,
    open: async (options: ConnectOptions) => {
      const name = options.clientId ?? 'me';
      await tab.run((bench, { name, options }) => void bench.open(name, options), { name, options });
      return driven(tab, name);
    },
    errors: () => tab.errors,
    close: () => tab.close(),
  };
}
