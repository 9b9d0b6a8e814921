import { describe } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { testForeignBytes } from '../support/foreign-bytes.ts';

describe('Chromium: bytes are sent and received whole, whatever holds them', () => {
  testForeignBytes(() => launchChromium());
});
