import { describe, expect, test } from 'vitest';
import { firefoxPath, launchFirefox, withoutFirefox } from '../support/firefox.ts';
import { testForeignBytes } from '../support/foreign-bytes.ts';

const path = firefoxPath();

describe('Firefox: bytes are sent and received whole, whatever holds them', () => {
  if (path !== null) testForeignBytes(() => launchFirefox(path));
  else {
    console.warn(withoutFirefox);
    test(withoutFirefox, () => {
      expect(path).toBeNull();
    });
  }
});
