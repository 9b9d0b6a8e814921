import { describe, expect, test } from 'vitest';
import { failureOf, secretsIn } from '../../src/session/failure.ts';
import { StepError } from '../../src/signaling/negotiation.ts';

const message = (text: string): string => failureOf(new Error(text), 'step', []).message;

describe('failureOf', () => {
  test('a failure knows its step, and the name and message of its error', () => {
    expect(failureOf(new TypeError('no such state'), 'create-answer', [])).toEqual({
      where: 'create-answer',
      name: 'TypeError',
      message: 'no such state',
    });
  });

  test('an error of another realm is read like one of ours', () => {
    expect(failureOf({ name: 'OperationError', message: 'no' }, 'x', [])).toEqual({ where: 'x', name: 'OperationError', message: 'no' });
  });

  test.each([{ name: 'OperationError' }, { message: 'no' }, { name: 7, message: 'no' }, { name: 'OperationError', message: {} }])(
    'a thrown object without both name and message counts as no error: %j',
    (thrown) => {
      expect(failureOf(thrown, 'x', [])).toEqual({ where: 'x', name: 'Error', message: 'a thrown object' });
    },
  );

  test('a step that failed has what was thrown as its cause', () => {
    const cause = new Error('no');
    expect(new StepError('add-track', cause)).toMatchObject({ name: 'StepError', where: 'add-track', cause });
  });

  test('the inner step wins over the outer one', () => {
    expect(failureOf(new StepError('set-remote-description', new Error('x')), 'offer', []).where).toBe('set-remote-description');
  });

  test.each([
    ['plain text', 'why'],
    [7, 'a thrown number'],
    [null, 'a thrown object'],
    [undefined, 'a thrown undefined'],
    [{ token: 'hidden' }, 'a thrown object'],
  ])('a thrown value that is not an error: %j', (thrown, text) => {
    expect(failureOf(thrown === 'plain text' ? 'why' : thrown, 'x', [])).toEqual({ where: 'x', name: 'Error', message: text });
  });

  test('a name that is not a word is replaced', () => {
    expect(failureOf({ name: 'a=ice-pwd:hidden', message: '' }, 'x', []).name).toBe('Error');
  });

  test('the message of an error that the application wrote is replaced', () => {
    expect(failureOf(new StepError('metadata', new Error('token hidden'), 'the metadata function failed'), 'x', []).message).toBe(
      'the metadata function failed',
    );
  });
});

describe('P29: what a platform quotes', () => {
  test.each([
    ['Failed to parse SessionDescription. a=ice-pwd:hidden Invalid SDP line.', 'Failed to parse SessionDescription.[redacted]'],
    ['Failed to parse SessionDescription. m=audio 9 hidden', 'Failed to parse SessionDescription.[redacted]'],
    ["Invalid line 'c=IN IP4 10.1.2.3'", 'Invalid line [redacted]'],
    ['v=0\r\no=- 1 1 IN IP4 10.1.2.3\r\ns=-\r\n', '[redacted]'],
    ['cannot add candidate:1 1 udp 2122 10.1.2.3 50000 typ host', 'cannot add [redacted]'],
    ["The URL 'wss://user:hidden@sora.test/signaling?token=hidden' is invalid.", "The URL '[redacted]"],
    ["The URL 'wss://sora.test/signaling' is invalid.", "The URL 'wss://sora.test/signaling' is invalid."],
    ['bad token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln', 'bad token [redacted]'],
    ['xy=1 and t = 5 are not lines of an SDP', 'xy=1 and t = 5 are not lines of an SDP'],
  ])('%s', (text, told) => {
    expect(message(text)).toBe(told);
  });

  test('a long message is cut', () => {
    expect(message('x'.repeat(5000))).toHaveLength(1024);
  });
});

describe('P29: secrets that went through the session', () => {
  const cleaned = (text: string, ...secrets: readonly unknown[]): string => failureOf(new Error(text), 'x', secrets).message;

  test('texts and numbers at any depth are cut out, with the rest of the message', () => {
    const secrets = { a: [{ b: 'deep-secret' }, 123_456] };
    expect(cleaned('got deep-secret, twice', secrets)).toBe('got [redacted]');
    expect(cleaned('got 123456, twice', secrets)).toBe('got [redacted]');
  });

  test('of several secrets the first in the message counts', () => {
    expect(cleaned('secret-and-more', 'and-more', 'secret')).toBe('[redacted]');
  });

  test('short texts are words like any other', () => {
    expect(cleaned('abc', { kind: 'abc' })).toBe('abc');
  });

  test('a name that is a secret is replaced', () => {
    expect(failureOf({ name: 'hunter22', message: '' }, 'x', ['hunter22']).name).toBe('Error');
  });

  test('a secret is cut out as it was sent: what toJSON returns counts', () => {
    expect(cleaned('bad 1970-01-01T00:00:00.000Z', { at: new Date(0) })).toBe('bad [redacted]');
  });

  test('a value that contains itself behind a toJSON hangs nobody, and the others are still cut out', () => {
    const cyclic: Record<string, unknown> = { toJSON: () => ({ token: 'cyclic-token' }) };
    cyclic['self'] = cyclic;
    const broken: Record<string, unknown> = {};
    broken['self'] = broken;
    expect(cleaned('cyclic-token', broken, cyclic)).toBe('[redacted]');
    expect(cleaned('the plain-secret', broken, 'plain-secret')).toBe('the [redacted]');
  });

  test('a failure without secrets stays as it is', () => {
    expect(cleaned('nothing to see', 'secret-1', 'secret-2', null, undefined, 10n)).toBe('nothing to see');
  });
});

describe('secretsIn', () => {
  test('finds user, password and query values of a URL', () => {
    expect(secretsIn('wss://alice:open-sesame@sora.test/signaling?token=tick-et&x=1')).toEqual(['alice', 'open-sesame', 'tick-et', '1']);
  });

  test('finds the ICE credentials of a description', () => {
    expect(secretsIn('v=0\r\na=ice-ufrag:ufra\r\na=ice-pwd:pass-word\r\n')).toEqual(['ufra', 'pass-word']);
  });

  test('finds nothing in a plain URL', () => {
    expect(secretsIn('wss://sora.test:443/signaling#part')).toEqual([]);
  });
});
