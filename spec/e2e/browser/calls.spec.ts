import { describe } from 'vitest';
import { testCalls } from '../support/call-tests.ts';
import { launchChromium } from '../support/chromium.ts';

describe('calls in Chromium', () => {
  testCalls(() => launchChromium(), 'chromium');
});
