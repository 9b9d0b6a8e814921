import type { Browser, Page } from 'puppeteer-core';
import type { Site } from './page-site.ts';

/** A tab that has a bench on which functions from here run. */
export interface Tab<Bench> {
  /**
   * Runs a function in the page and gives its result. Both ways only JSON travels, and the function sees nothing but its arguments and the
   * page's globals.
   */
  run<Args, Result>(what: (bench: Bench, args: Args) => Result | Promise<Result>, args: Args): Promise<Result>;
  run<Result>(what: (bench: Bench) => Result | Promise<Result>): Promise<Result>;
  /** Errors and rejections that nobody in the page handled. */
  readonly errors: readonly string[];
  /** Follows a link to another page of the site, which has a bench of its own. */
  leave(): Promise<void>;
  /** The tab itself, for what a user does to it. */
  readonly page: Page;
  close(): Promise<void>;
}

/** Firefox tells of failures of ICE and of WebSockets as if the page had thrown. */
const isNotice = (text: string): boolean => /^Error: (WebRTC: |Firefox can’t establish a connection |The connection to wss?:)/.test(text);

/** Opens a tab of its own context and waits until its bench stands. */
export async function openTab<Bench>(browser: Browser, site: Site): Promise<Tab<Bench>> {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => {
    const text = String(error);
    if (!isNotice(text)) errors.push(text);
  });
  await page.goto(site.url, { waitUntil: 'load' });
  const run = async (what: (bench: Bench, args: never) => unknown, args?: unknown): Promise<unknown> => {
    const given = args === undefined ? 'undefined' : JSON.stringify(args);
    const json = await page.evaluate(`Promise.resolve((${what.toString()})(globalThis.bench, ${given})).then((it) => JSON.stringify(it))`);
    return typeof json === 'string' ? (JSON.parse(json) as unknown) : undefined;
  };
  const leave = async (): Promise<void> => {
    await page.goto(`${site.url}elsewhere`, { waitUntil: 'load' });
  };
  return { run, errors, leave, page, close: () => context.close() };
}
