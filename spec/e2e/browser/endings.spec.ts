import { describe } from 'vitest';
import { testEndings } from '../support/browser-endings.ts';
import { launchChromium } from '../support/chromium.ts';

describe('Chromium: every end is told once, for the right reason, and leaves nothing behind', () => {
  testEndings(() => launchChromium());
});
