import type { Browser } from 'puppeteer-core';
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
  connect: () => tab.run(({ session }, name) => session(name).connect(), name),
  switched: () => tab.run(({ session }, name) => session(name).switched(), name),
  pushed: () => tab.run(({ session }, name) => session(name).pushed(), name),
  rpc: (method, params) => tab.run(({ session }, { name, method, params }) => session(name).rpc(method, params), { name, method, params }),
  disconnect: () => tab.run(({ session }, name) => session(name).disconnect(), name),
  account: () => tab.run(({ session }, name) => session(name).account(), name),
  glance: () => tab.run(({ session }, name) => session(name).glance(), name),
});

export async function browserStage(browser: Browser, site: Site): Promise<BrowserStage> {
  const tab = await openTab<RxSoraBench>(browser, site);
  let count = 0;
  return {
    tab,
    open: async (options, apart) => {
      count += 1;
      const name = `${options.clientId ?? 'me'} ${count}`;
      await tab.run(
        ({ open, openApart }, { name, options, apart }) => {
          if (apart) openApart(name, options);
          else open(name, options);
        },
        { name, options, apart: apart === 'apart' },
      );
      return driven(tab, name);
    },
    errors: () => tab.errors,
    close: () => tab.close(),
  };
}
