import type { Browser, Page } from 'puppeteer-core';

/** What the page notes by itself, for a spec to read. */
interface Notes {
  /** Elements of the application that went away. */
  readonly removed: string[];
  /** Messages that came over the channel of the chat. */
  received: number;
  readonly peerConnections: RTCPeerConnection[];
  /** The own tracks of a call that was left. */
  left?: readonly MediaStreamTrack[];
}
declare global {
  var notes: Notes;
}

/** Runs before anything of the page. */
function takeNotes(): void {
  const notes: Notes = { removed: [], received: 0, peerConnections: [] };
  globalThis.notes = notes;
  new MutationObserver((records) => {
    for (const { removedNodes, target } of records) {
      if (!(target instanceof Element && target.closest('app-root'))) continue;
      for (const node of removedNodes) if (node instanceof HTMLElement) notes.removed.push(node.outerHTML);
    }
  }).observe(document, { childList: true, subtree: true });
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      notes.peerConnections.push(this);
      this.addEventListener('datachannel', ({ channel }) => {
        if (channel.label === '#chat') channel.addEventListener('message', () => (notes.received += 1));
      });
    }
  };
}

/** A tab with the application, used as its user does. */
export class CallTab {
  readonly page: Page;
  /** Everything that the console of the tab has shown, and errors that nobody caught. */
  readonly printed: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on('console', (message) => this.printed.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => this.printed.push(String(error)));
  }

  static async open(browser: Browser, url: string): Promise<CallTab> {
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    await page.setViewport({ width: 880, height: 520 });
    await page.evaluateOnNewDocument(takeNotes);
    const tab = new CallTab(page);
    await page.goto(url);
    return tab;
  }

  /** From the lobby into a room. */
  async join(room: string, name: string): Promise<void> {
    await this.page.locator('input[name=name]').fill(name);
    await this.page.locator('input[name=room]').fill(room);
    await this.press('Join');
  }

  async press(words: string): Promise<void> {
    await this.page.locator(`::-p-xpath(//button[normalize-space()=${JSON.stringify(words)}])`).click();
  }

  /** Presses the button of the banner, if the call still waits. */
  async retryNow(): Promise<void> {
    await this.page.evaluate(() => {
      if (document.querySelector('.state[data-state="waiting"]')) document.querySelector<HTMLElement>('.banner button')?.click();
    });
  }

  /** Leaves in the moment in which the call begins to wait for another attempt. Returns how many own tracks were live then. */
  async leaveInTheWait(): Promise<number> {
    const leave = (): number | null => {
      const button = [...document.querySelectorAll<HTMLButtonElement>('.line button')].find(({ textContent }) => textContent === 'Leave');
      if (document.querySelector('.state[data-state="waiting"]') === null || button === undefined || button.disabled) return null;
      const stream = document.querySelector<HTMLVideoElement>('.own video')?.srcObject as MediaStream;
      notes.left = stream.getTracks();
      button.click();
      return notes.left.filter(({ readyState }) => readyState === 'live').length;
    };
    return (await this.page.waitForFunction(leave)).jsonValue() as Promise<number>;
  }

  /** Waits until the state of the call is this. */
  async reaches(state: string): Promise<void> {
    await this.page.waitForSelector(`.state[data-state="${state}"]`);
  }

  /** Waits until words are on the page. */
  async shows(words: string): Promise<void> {
    await this.page.waitForFunction((words) => document.body.innerText.includes(words), {}, words);
  }

  /** Waits until so many others are seen, each with a picture that moves. */
  async sees(others: number): Promise<void> {
    await this.page.waitForFunction(
      (others) => {
        const videos = [...document.querySelectorAll<HTMLVideoElement>('.tile:not(.own) video')];
        return (
          videos.length === others && videos.every((video) => video.videoWidth > 0 && video.getVideoPlaybackQuality().totalVideoFrames > 2)
        );
      },
      {},
      others,
    );
  }

  /** Waits until the picture of the other goes on. */
  async seesMore(): Promise<void> {
    const frames = (): number =>
      document.querySelector<HTMLVideoElement>('.tile:not(.own) video')?.getVideoPlaybackQuality().totalVideoFrames ?? 0;
    const before = await this.page.evaluate(frames);
    // Those that were on their way are not what is waited for.
    await this.page.waitForFunction(`(${frames.toString()})() > ${before + 15}`);
  }

  text(selector: string): Promise<string> {
    return this.page.$eval(selector, (element) => element.textContent.trim());
  }

  texts(selector: string): Promise<string[]> {
    return this.page.$$eval(selector, (elements) => elements.map((element) => element.textContent.replaceAll(/\s+/g, ' ').trim()));
  }

  /** How often change detection has run. */
  async changeDetections(): Promise<number> {
    return Number(await this.page.$eval('html', (html) => html.dataset['renders']));
  }

  /** The number of peer connections that are not closed. */
  alive(): Promise<number> {
    return this.page.evaluate(() => notes.peerConnections.filter(({ connectionState }) => connectionState !== 'closed').length);
  }

  close(): Promise<void> {
    return this.page.browserContext().close();
  }
}
