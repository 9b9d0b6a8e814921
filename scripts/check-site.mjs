// Looks at the built site in Chromium: axe-core finds nothing on one page of each sort, at desktop and phone width, light and dark; the search
// finds what readers look for; nothing is wider than a phone; the front page plays its ending.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { launchChromium } from '../spec/e2e/support/chromium.ts';
import { check, count, expectNone } from './package-check/check.mjs';
import { serveSite } from './serve-site.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const PAGES = [
  ['/', 'desktop', 'light'],
  ['/', 'phone', 'dark'],
  ['/ja/', 'phone', 'light'],
  ['/guide/how-a-session-ends.html', 'desktop', 'dark'],
  ['/ja/guide/how-a-session-ends.html', 'phone', 'light'],
  ['/ja/guide/troubleshooting.html', 'desktop', 'light'],
  ['/api/', 'phone', 'dark'],
  ['/api/rx-sora/functions/connect.html', 'desktop', 'light'],
  ['/api/rx-sora/interfaces/Session.html', 'phone', 'dark'],
  ['/project/architecture.html', 'desktop', 'light'],
];

const SIZES = {
  desktop: { width: 1360, height: 900 },
  phone: { width: 390, height: 844, isMobile: true, hasTouch: true },
};

const SEARCHES = [
  ['/', 'websocket-closed', /how-a-session-ends|termination/],
  ['/', 'reconnect', /reconnect/],
  ['/', 'stereo', /media|OpusParams|ConnectOptions/],
  ['/ja/', '切断理由', /^\/ja\//],
  ['/ja/', 'roster', /\/api\/rx-sora\/functions\/roster/],
];

const server = await serveSite();
const base = `http://127.0.0.1:${server.address().port}`;
const browser = await launchChromium();

async function open(path, size, scheme) {
  const page = await browser.newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.setViewport(SIZES[size]);
  await page.emulateMediaFeatures([
    { name: 'prefers-color-scheme', value: scheme },
    // The finished picture at once.
    { name: 'prefers-reduced-motion', value: 'reduce' },
  ]);
  await page.goto(base + path, { waitUntil: 'load' });
  await page.waitForSelector('.VPContent');
  // Until Vue has taken over what was rendered before, nothing listens to a click.
  await page.waitForFunction(() => document.querySelector('#app').__vue_app__ !== undefined);
  return { page, errors };
}

/** What a page has wrong: violations of axe-core, errors, and what is wider than the window. */
async function faultsOf({ page, errors }) {
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const { violations: found } = await globalThis.axe.run(document, { resultTypes: ['violations'] });
    return found.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')} ${failureSummary}`));
  });
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  return [...errors, ...violations, ...(overflow > 0 ? [`${overflow} px wider than the window`] : [])];
}

try {
  for (const [path, size, scheme] of PAGES) {
    await check(`${path} at ${size} width, ${scheme}`, async () => {
      const opened = await open(path, size, scheme);
      if (/^\/(ja\/)?$/.test(path)) await opened.page.waitForSelector('.live-ending svg', { timeout: 20_000 });
      expectNone(await faultsOf(opened), 'found');
      await opened.page.close();
    });
  }
  await check('the front page ends a session, and says how', async () => {
    const { page } = await open('/', 'desktop', 'light');
    await page.waitForFunction(() => /websocket-closed/.test(document.querySelector('.live-ending .value').textContent), {
      timeout: 30_000,
    });
    await page.close();
  });
  for (const [from, words, expected] of SEARCHES) {
    await check(`the search finds ${words} from ${from}`, async () => {
      const { page } = await open(from, 'desktop', 'light');
      await page.click('.VPNavBarSearchButton, #local-search button');
      await page.waitForSelector('#localsearch-input');
      await page.focus('#localsearch-input');
      // All at once: in a pause between two keys it would search for what stands there.
      await page.keyboard.sendCharacter(words);
      const found = () => page.$$eval('.VPLocalSearchBox .result', (results) => results.map((each) => new URL(each.href).pathname));
      try {
        await page.waitForFunction(
          (expected) =>
            [...document.querySelectorAll('.VPLocalSearchBox .result')].some((each) =>
              new RegExp(expected).test(new URL(each.href).pathname),
            ),
          {},
          expected.source,
        );
      } catch (cause) {
        throw new Error(`found ${(await found()).join(', ')}`, { cause });
      }
      await page.close();
    });
  }
} finally {
  await browser.close();
  server.close();
}
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exit(count.failed === 0 ? 0 : 1);
