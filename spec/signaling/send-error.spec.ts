import { expect, test } from 'vitest';
import { type SendErrorCode, SoraSendError } from '../../src/signaling/send-error.ts';
import type { Termination } from '../../src/termination/reason.ts';

const codes: readonly SendErrorCode[] = [
  'not-connected',
  'unknown-label',
  'wrong-direction',
  'too-large',
  'not-sendable',
  'closed',
  'ended',
];

test.each(codes)('the error names the channel and the reason: %s', (code) => {
  const error = new SoraSendError(code, '#chat');
  expect(error).toMatchObject({ name: 'SoraSendError', code, label: '#chat', message: `cannot send on #chat: ${code}` });
  expect([error.termination, 'cause' in error]).toEqual([undefined, false]);
});

test('the error of the runtime is its cause', () => {
  const cause = new TypeError('shared');
  expect(new SoraSendError('not-sendable', '#chat', { cause }).cause).toBe(cause);
});

test('where the session has ended it carries the Termination', () => {
  const termination = { kind: 'ice-failed' } as unknown as Termination;
  expect(new SoraSendError('ended', '#chat', { termination }).termination).toBe(termination);
});
