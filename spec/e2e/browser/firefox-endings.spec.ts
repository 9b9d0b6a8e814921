import { describe, expect, test } from 'vitest';
import { testEndings } from '../support/browser-endings.ts';
import { firefoxPath, launchFirefox, withoutFirefox } from '../support/firefox.ts';

const path = firefoxPath();

describe('Firefox: every end is told once, for the right reason, and leaves nothing behind', () => {
  if (path !== null) testEndings(() => launchFirefox(path));
  else {
    console.warn(withoutFirefox);
    test(withoutFirefox, () => {
      expect(path).toBeNull();
    });
  }
});
