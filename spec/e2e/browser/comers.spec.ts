import { describe } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { testComers } from '../support/comers.ts';

describe('Chromium: senders come and go while a viewer stays', () => {
  testComers(() => launchChromium());
});
