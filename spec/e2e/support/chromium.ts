import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch } from 'puppeteer-core';
import type { Browser } from 'puppeteer-core';

const systemChromium = '/usr/bin/chromium';

/** The one from the package: Linux x64, unpacked once per version. */
const packagedChromium = async (): Promise<string> => {
  const root = join(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))), '..');
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  // The package hands out any $TMPDIR/chromium that it finds, an older version's too: each version gets a folder of its own.
  const folder = join(import.meta.dirname, '../../../node_modules/.cache/chromium', version);
  mkdirSync(folder, { recursive: true });
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
  try {
    const { default: chromium, inflate, setupLambdaEnvironment } = await import('@sparticuz/chromium');
    const path = await chromium.executablePath();
    // libnss3 and its relatives, for machines without any desktop library.
    await inflate(join(root, 'bin/al2023.tar.br'));
    setupLambdaEnvironment(join(folder, 'al2023', 'lib'));
    return path;
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
};

/** `$CHROMIUM`, else the system's, else the packaged one. */
export const chromiumPath = async (): Promise<string> => {
  const chosen = process.env['CHROMIUM'];
  if (chosen !== undefined && chosen !== '') return chosen;
  return existsSync(systemChromium) ? systemChromium : await packagedChromium();
};

const switches: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Tabs in the background keep their timers and their video.
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
  // Host candidates as plain addresses: a server has no mDNS.
  '--disable-features=WebRtcHideLocalIpsWithMdns',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
];

/** A headless browser with a fake camera and a beeping fake microphone, without the switches that a spec leaves out. The caller closes it. */
export const launchChromium = async (extraSwitches: readonly string[] = [], leftOut: readonly string[] = []): Promise<Browser> =>
  launch({
    executablePath: await chromiumPath(),
    headless: true,
    args: [...switches.filter((each) => !leftOut.includes(each)), ...extraSwitches],
  });
