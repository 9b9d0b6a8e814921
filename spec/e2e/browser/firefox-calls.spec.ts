import { describe, expect, test } from 'vitest';
import { testCalls } from '../support/call-tests.ts';
import { firefoxPath, launchFirefox, withoutFirefox } from '../support/firefox.ts';

const path = firefoxPath();

describe('calls in Firefox', () => {
  if (path === null) {
    console.warn(withoutFirefox);
    test(withoutFirefox, () => {
      expect(path).toBeNull();
    });
    return;
  }
  testCalls(() => launchFirefox(path, { 'fission.bfcacheInParent': true }), 'firefox');
});
