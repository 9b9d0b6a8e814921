import { expect, test } from 'vitest';
import { type SendErrorCode, SoraSendError } from '../../src/signaling/send-error.ts';
import type { Termination } from '../../src/termination/reason.ts';

test.each<[SendErrorCode, string]>([
  ['unknown-label', '#chat: no channel of this label was announced'],
  ['wrong-direction', '#chat: the channel only receives'],
  ['too-large', '#chat: the message is too large: 262144 bytes on the wire are the most'],
  ['closed', '#chat: the channel is closed'],
  ['ended', '#chat: the session has ended'],
])('a message that was not sent says which channel, and why: %s', (code, message) => {
  const error = new SoraSendError(code, '#chat');
  expect(error).toMatchObject({ name: 'SoraSendError', code, label: '#chat', message });
  expect(error.termination).toBeUndefined();
});

test('an end of the session is told with it', () => {
  const termination = { kind: 'aborted' } as unknown as Termination;
  expect(new SoraSendError('ended', '#chat', termination).termination).toBe(termination);
});
