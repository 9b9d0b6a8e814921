import { expect, test } from 'vitest';
import { closeReason, isSendableCloseCode } from '../../src/wire/close-frame.ts';

test('a reason is cut between characters at 123 bytes', () => {
  expect(closeReason('short')).toBe('short');
  expect(closeReason('x'.repeat(200))).toBe('x'.repeat(123));
  expect(closeReason('あ'.repeat(100))).toBe('あ'.repeat(41));
  expect(closeReason('😀'.repeat(100))).toBe('😀'.repeat(30));
});

test.each([
  [1000, true],
  [1001, true],
  [1004, false],
  [1005, false],
  [1006, false],
  [1014, true],
  [1015, false],
  [2999, false],
  [3000, true],
  [4999, true],
  [5000, false],
  [1000.5, false],
  ['1000', false],
])('%s may be sent: %s', (code, sendable) => {
  expect(isSendableCloseCode(code)).toBe(sendable);
});
