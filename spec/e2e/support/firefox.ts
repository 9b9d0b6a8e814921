import { existsSync } from 'node:fs';
import { type Browser, launch } from 'puppeteer-core';

const systemFirefox = '/usr/bin/firefox-esr';

/** What brings Firefox to a machine with Debian's packages. */
export const firefoxInstallCommand = 'apt-get update && apt-get install -y --no-install-recommends firefox-esr';

/** `$FIREFOX`, else the system's; null where there is none, or where `$FIREFOX` is `none`. */
export const firefoxPath = (): string | null => {
  const chosen = process.env['FIREFOX'];
  if (chosen !== undefined && chosen !== '') return chosen === 'none' ? null : chosen;
  return existsSync(systemFirefox) ? systemFirefox : null;
};

/** What a report says of specs that want it where it is missing. */
export const withoutFirefox = `NOT RUN: there is no Firefox on this machine. To install it: ${firefoxInstallCommand}`;

/**
 * A fake camera and microphone, host candidates as plain addresses, and no traffic of the browser's own.
 *
 * Firefox pairs a server on loopback with loopback candidates only, and gathers those only with `ice.loopback` and only for pages that may
 * use a camera: others get the address of the default route alone.
 */
const preferences = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'permissions.default.camera': 1,
  'permissions.default.microphone': 1,
  'media.autoplay.default': 0,
  'media.peerconnection.ice.loopback': true,
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  'network.connectivity-service.enabled': false,
  'network.captive-portal-service.enabled': false,
  'app.normandy.enabled': false,
  'app.update.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'browser.safebrowsing.update.enabled': false,
  // Tabs in the background keep their timers.
  'dom.min_background_timeout_value': 4,
  'dom.min_background_timeout_value_without_budget_throttling': 4,
  'dom.timeout.enable_budget_timer_throttling': false,
  // Sockets that failed are tried again at once, not after a growing pause.
  'network.websocket.delay-failed-reconnects': false,
};

/** The first ESR whose WebDriver BiDi can take a tab offline, and wait for something in a page whose policy forbids `eval`. */
const oldestFirefox = 153;

/** A headless Firefox, with preferences of a spec's own in place of these. The caller closes it. */
export async function launchFirefox(executablePath: string, ownPreferences: Readonly<Record<string, unknown>> = {}): Promise<Browser> {
  const extraPrefsFirefox = { ...preferences, ...ownPreferences };
  const browser = await launch({ browser: 'firefox', executablePath, headless: true, extraPrefsFirefox });
  const version = await browser.version();
  if (Number(/\d+/.exec(version)?.[0]) >= oldestFirefox) return browser;
  await browser.close();
  throw new Error(`${version} is too old for these specs, which need ${oldestFirefox}. To bring it up to date: ${firefoxInstallCommand}`);
}
