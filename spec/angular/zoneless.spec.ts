import './support/virtual-time.ts';
import './support/test-bed.ts';
import { expect, test } from 'vitest';
import { callSuite } from './call-suite.ts';

test('there is no zone.js', () => {
  expect('Zone' in globalThis).toBe(false);
});

callSuite(false);
