import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import type { Browser, Page as Tab } from 'puppeteer-core';
import { launchChromium } from '../../../../../spec/e2e/support/chromium.ts';
import type { InboundTrack, Page, PageConnect, PageEvent } from '../official/page.ts';

const HTML = '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>';

async function pageScript(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [new URL('../official/page.ts', import.meta.url).pathname],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    logLevel: 'error',
  });
  return outputFiles[0]!.text;
}

/** One tab with the official SDK in it. */
export class OfficialTab {
  readonly #tab: Tab;

  constructor(tab: Tab) {
    this.#tab = tab;
  }

  connect(request: PageConnect): Promise<{ milliseconds: number; connectionId: string; contact: string; connected: string }> {
    return this.#call('connect', request) as Promise<{ milliseconds: number; connectionId: string; contact: string; connected: string }>;
  }

  disconnect(name: string): Promise<unknown> {
    return this.#call('disconnect', name);
  }

  send(name: string, label: string, text: string): Promise<unknown> {
    return this.#call('send', name, label, [...Buffer.from(text)]);
  }

  rpc(name: string, method: string, params: Record<string, unknown>): Promise<unknown> {
    return this.#call('rpc', name, method, params);
  }

  events(name: string): Promise<readonly PageEvent[]> {
    return this.#call('events', name) as Promise<readonly PageEvent[]>;
  }

  frequencies(name: string, streamId: string): Promise<readonly number[]> {
    return this.#call('frequencies', name, streamId) as Promise<readonly number[]>;
  }

  inbound(name: string): Promise<readonly InboundTrack[]> {
    return this.#call('inbound', name) as Promise<readonly InboundTrack[]>;
  }

  /** The first event that is so; asks the page again until it is there. */
  async event(name: string, is: (event: PageEvent) => boolean): Promise<PageEvent> {
    return this.until(async () => (await this.events(name)).find(is));
  }

  /** The tracks received, once they satisfy this. */
  async inboundUntil(name: string, is: (tracks: readonly InboundTrack[]) => boolean): Promise<readonly InboundTrack[]> {
    return this.until(async () => {
      const tracks = await this.inbound(name);
      return is(tracks) ? tracks : undefined;
    });
  }

  async until<T>(look: () => Promise<T | undefined>): Promise<T> {
    for (;;) {
      const found = await look();
      if (found !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  close(): Promise<void> {
    return this.#tab.close();
  }

  #call(member: keyof Page, ...args: readonly unknown[]): Promise<unknown> {
    return this.#tab.evaluate(
      (name, values) => {
        const { page } = globalThis as unknown as { page: Record<string, (...all: unknown[]) => unknown> };
        return page[name]!(...values);
      },
      member,
      args,
    );
  }
}

/** A browser that serves itself the page with the official SDK. */
export class OfficialBrowser {
  readonly #browser: Browser;
  readonly #server: Server;

  static async start(): Promise<OfficialBrowser> {
    const [script, browser] = await Promise.all([pageScript(), launchChromium()]);
    const server = createServer((request, response) => {
      const isScript = request.url === '/page.js';
      response.setHeader('content-type', isScript ? 'text/javascript; charset=utf-8' : 'text/html; charset=utf-8');
      response.end(isScript ? script : HTML);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new OfficialBrowser(browser, server);
  }

  private constructor(browser: Browser, server: Server) {
    this.#browser = browser;
    this.#server = server;
  }

  async tab(): Promise<OfficialTab> {
    const tab = await this.#browser.newPage();
    tab.on('pageerror', (error) => process.emitWarning(`page: ${String(error)}`));
    await tab.goto(`http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`);
    await tab.waitForFunction('globalThis.page !== undefined');
    return new OfficialTab(tab);
  }

  async closeTabs(): Promise<void> {
    for (const tab of await this.#browser.pages()) if (tab.url().startsWith('http')) await tab.close();
  }

  async close(): Promise<void> {
    await this.#browser.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
