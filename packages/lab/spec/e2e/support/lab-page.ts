import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'puppeteer-core';
import type { SoraInspector } from 'rx-sora-inspector';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8');

/** What axe finds wrong with a page, by rule. */
export async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  const found = await page.evaluate(
    'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes.map(({ html, failureSummary }) => html + " " + failureSummary).join(" ")))',
  );
  return found as readonly string[];
}

/** By how much a page is wider than its window. */
export const overflow = (page: Page): Promise<unknown> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');

/** One side of the page. */
export type SideName = 'Left' | 'Right';

/** The page of the lab in a tab, driven as a user does it: by what buttons are called and what stands on the screen. */
export class LabPage {
  readonly page: Page;
  /** What the page threw, and errors on its console. */
  readonly problems: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on('pageerror', (error) => this.#problem(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') this.#problem(message.text());
    });
  }

  /** Waits until the page shows this text somewhere in its visible part. */
  shows(text: string): Promise<unknown> {
    return this.page.waitForFunction((wanted) => document.body.innerText.includes(wanted), {}, text);
  }

  hides(text: string): Promise<unknown> {
    return this.page.waitForFunction((wanted) => !document.body.innerText.includes(wanted), {}, text);
  }

  /** Presses a button by its name, as soon as it is there and can be pressed. What is not in view is brought there. */
  async press(name: string): Promise<void> {
    await this.page.waitForFunction(
      (wanted) => {
        const named = (button: HTMLButtonElement): string => (button.getAttribute('aria-label') ?? button.textContent).trim();
        const button = [...document.querySelectorAll('button')].find((each) => named(each) === wanted && !each.disabled);
        button?.click();
        return button !== undefined;
      },
      {},
      name,
    );
  }

  /** Chooses a radio button by its label. */
  async choose(name: string): Promise<void> {
    await this.page.waitForFunction(
      (wanted) => {
        const label = [...document.querySelectorAll('label')].find((each) => each.textContent.trim() === wanted);
        label?.click();
        return label?.control instanceof HTMLInputElement && label.control.checked;
      },
      {},
      name,
    );
  }

  /** Opens the parts that are folded away. */
  async unfold(): Promise<void> {
    await this.page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true;
    });
  }

  /** Types into the control of the shared form that has this name. */
  async fill(path: string, value: string): Promise<void> {
    await this.page.evaluate(
      (wanted, text) => {
        const label = [...document.querySelectorAll('.field')].find((each) => each.querySelector('.code')?.textContent === wanted);
        const control = label?.querySelector<HTMLInputElement>('input, select, textarea');
        if (control === null || control === undefined) throw new Error(`the form has no ${wanted}`);
        control.value = text;
        control.dispatchEvent(new Event(control instanceof HTMLSelectElement ? 'change' : 'input'));
      },
      path,
      value,
    );
  }

  /** Waits until the inspector of a side shows a text in a part of it. */
  async inspects(side: SideName, tab: SoraInspector['tab'], text: string): Promise<void> {
    await this.page.waitForFunction(
      (index, name, wanted) => {
        const inspector = document.querySelectorAll('sora-inspector')[index];
        if (inspector === undefined) return false;
        if (inspector.tab !== name) inspector.tab = name;
        return inspector.shadowRoot?.querySelector('#panel')?.textContent.includes(wanted) ?? false;
      },
      {},
      side === 'Left' ? 0 : 1,
      tab,
      text,
    );
  }

  /** Waits for the value of `termination$` of the session that the inspector of a side shows. */
  async termination(side: SideName): Promise<{ readonly kind: string } & Readonly<Record<string, unknown>>> {
    const handle = await this.page.waitForFunction(
      (index) => document.querySelectorAll('sora-inspector')[index]?.report()?.termination ?? null,
      {},
      side === 'Left' ? 0 : 1,
    );
    return (await handle.jsonValue()) as { readonly kind: string };
  }

  /** Waits until the session of a side is connected, and where it is to move to DataChannels until it has. */
  async connected(side: SideName): Promise<void> {
    await this.page.waitForFunction(
      (index) => {
        const report = document.querySelectorAll('sora-inspector')[index]?.report();
        const { switched, dataChannelSignaling } = (report?.facts ?? {}) as { switched?: boolean; dataChannelSignaling?: boolean };
        return report?.state === 'connected' && (dataChannelSignaling !== true || switched !== undefined);
      },
      {},
      side === 'Left' ? 0 : 1,
    );
  }

  /** Waits until every picture of the page has moved for a while without a restart, whatever is drawn meanwhile. */
  async moves(count: number): Promise<void> {
    await this.page.waitForFunction(
      (wanted) => {
        const videos = [...document.querySelectorAll('video')];
        return videos.length === wanted && videos.every(({ videoWidth, currentTime }) => videoWidth > 0 && currentTime > 2.5);
      },
      {},
      count,
    );
  }

  #problem(text: string): void {
    // Firefox tells of ICE failures as if the page had thrown; a connection that is refused or reset, as a fault may ask for, is on the console of every browser.
    if (!/WebRTC: |WebSocket|can.t establish a connection|ERR_CONNECTION_(REFUSED|RESET)/.test(text)) this.problems.push(text);
  }
}
