// Takes the pictures of the lab's page and of the inspector that the documents show, in docs/images. Needs the built page: npm run build comes first.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { launchChromium } from '../spec/e2e/support/chromium.ts';
import { startLab } from '../packages/lab/src/index.ts';
import { ROOT } from './packages.mjs';

const FOLDER = join(ROOT, 'docs/images');
/** On a busy machine a picture takes its time. */
const PATIENCE_MS = 120_000;

/** What each picture shows, in CSS pixels. `left` and `right` are the parts that the two inspectors show. */
const PICTURES = [
  { name: 'light', scheme: 'light', width: 1280, height: 1500, lang: 'en', left: 'diagram', right: 'statistics', fault: true },
  { name: 'dark', scheme: 'dark', width: 1280, height: 1500, lang: 'en', left: 'end', right: 'timeline', fault: true },
  { name: 'phone', scheme: 'light', width: 390, height: 844, lang: 'en', left: 'media', right: 'media', fault: false, scale: 2 },
  { name: 'japanese', scheme: 'light', width: 1280, height: 1500, lang: 'ja', left: 'end', right: 'diagram', fault: true },
];

mkdirSync(FOLDER, { recursive: true });
const [browser, lab] = await Promise.all([launchChromium(), startLab({ port: 5000 })]);
try {
  for (const picture of PICTURES) await take(picture);
} finally {
  await browser.close();
  await lab.close();
}

async function take({ name, scheme, width, height, lang, left, right, fault, scale = 1 }) {
  const page = await browser.newPage();
  await page.setViewport({ width, height, deviceScaleFactor: scale });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  await page.goto(`${lab.httpUrl}/#lang=${lang}`);
  await page.waitForFunction(() => document.querySelector('button.main:not(:disabled)') !== null);
  await page.evaluate(() => document.querySelector('button.main').click());
  const until = (condition) => page.waitForFunction(condition, { polling: 100, timeout: PATIENCE_MS });
  await until(() => [...document.querySelectorAll('video')].filter(({ currentTime }) => currentTime > 3).length >= 4);
  if (fault)
    await page.evaluate(() => [...document.querySelectorAll('.pane')][0].querySelector('button[aria-label^="websocket-cut"]').click());
  await page.evaluate(
    (tabs) => [...document.querySelectorAll('sora-inspector')].forEach((inspector, index) => (inspector.tab = tabs[index])),
    [left, right],
  );
  if (fault) await until(() => document.querySelector('sora-inspector').report()?.termination !== null);
  if (width < 600) await page.evaluate(() => document.querySelector('.pane .break').scrollIntoView({ block: 'start' }));
  // A drawing is made from what has come, once in a second.
  await until(
    () =>
      !document.querySelector('sora-inspector[tab=diagram]') ||
      document.querySelector('sora-inspector[tab=diagram]').shadowRoot.querySelector('svg') !== null,
  );
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  await page.screenshot({ path: join(FOLDER, `lab-${name}.webp`), type: 'webp', quality: 70 });
  await page.evaluate(() => [...document.querySelectorAll('section[aria-labelledby=options-title] button')][1].click());
  await until(() => [...document.querySelectorAll('sora-inspector')].every((inspector) => inspector.report()?.state === 'ended'));
  await page.close();
  console.log(`docs/images/lab-${name}.webp`);
}
