import { describe, expect, test } from 'vitest';
import { StepError, failureOf } from '../../src/signaling/failure.ts';

const message = (text: string): string => failureOf(new Error(text), 'step').message;

describe('failureOf', () => {
  test('a failure knows its step, and the name and message of its error', () => {
    expect(failureOf(new TypeError('no such state'), 'create-answer')).toEqual({
      where: 'create-answer',
      name: 'TypeError',
      message: 'no such state',
    });
  });

  test('an error of another realm is read like one of ours', () => {
    expect(failureOf({ name: 'OperationError', message: 'no' }, 'x')).toEqual({ where: 'x', name: 'OperationError', message: 'no' });
  });

  test.each([{ name: 'OperationError' }, { message: 'no' }, { name: 7, message: 'no' }, { name: 'OperationError', message: {} }])(
    'a thrown object without both name and message is no error: %j',
    (thrown) => {
      expect(failureOf(thrown, 'x')).toEqual({ where: 'x', name: 'Error', message: 'a thrown object' });
    },
  );

  test('a step that failed is an error of its own, with what was thrown as its cause', () => {
    const cause = new Error('no');
    expect(new StepError('add-track', cause)).toMatchObject({ name: 'StepError', message: 'add-track', cause });
  });

  test('the inner step wins over the outer one', () => {
    expect(failureOf(new StepError('set-remote-description', new Error('x')), 'offer').where).toBe('set-remote-description');
  });

  test.each([
    ['plain text', 'why'],
    [7, '7'],
    [null, 'a thrown null'],
    [undefined, 'a thrown undefined'],
    [{ token: 'hidden' }, 'a thrown object'],
  ])('what is thrown without being an error: %j', (thrown, text) => {
    expect(failureOf(thrown === 'plain text' ? 'why' : thrown, 'x')).toEqual({ where: 'x', name: 'Error', message: text });
  });

  test('a name that is no name is not told', () => {
    expect(failureOf({ name: 'a=ice-pwd:hidden', message: '' }, 'x').name).toBe('Error');
  });

  test('an error that the application wrote is replaced', () => {
    expect(new StepError('metadata', new Error('token hidden'), 'the metadata function failed').failure.message).toBe(
      'the metadata function failed',
    );
  });
});

describe('P29: what a platform quotes', () => {
  test.each([
    ['Failed to parse SessionDescription. a=ice-pwd:hidden Invalid SDP line.', 'Failed to parse SessionDescription. a=ice-pwd:[redacted]'],
    ['Failed to parse SessionDescription. m=audio 9 hidden', 'Failed to parse SessionDescription. m=[redacted]'],
    ["Invalid line 'c=IN IP4 10.1.2.3'", "Invalid line 'c=[redacted]"],
    ['v=0\r\no=- 1 1 IN IP4 10.1.2.3\r\ns=-\r\n', 'v=[redacted]\r\no=[redacted]\r\ns=[redacted]\r\n'],
    ['cannot add candidate:1 1 udp 2122 10.1.2.3 50000 typ host', 'cannot add candidate typ host'],
    ["The URL 'wss://user:hidden@sora.test/signaling?token=hidden' is invalid.", "The URL 'wss://sora.test/signaling' is invalid."],
    ['bad token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln', 'bad token [redacted]'],
    ['x=1 and t = 5 are no lines', 'x=1 and t = 5 are no lines'],
  ])('%s', (text, told) => {
    expect(message(text)).toBe(told);
  });

  test('a long message is cut', () => {
    expect(message('x'.repeat(5000))).toHaveLength(1024);
  });
});
