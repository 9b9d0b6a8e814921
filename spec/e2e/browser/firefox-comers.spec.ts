import { describe, expect, test } from 'vitest';
import { testComers } from '../support/comers.ts';
import { firefoxPath, launchFirefox, withoutFirefox } from '../support/firefox.ts';

const path = firefoxPath();

describe('Firefox: senders come and go while a viewer stays', () => {
  if (path !== null) testComers(() => launchFirefox(path));
  else {
    console.warn(withoutFirefox);
    test(withoutFirefox, () => {
      expect(path).toBeNull();
    });
  }
});
