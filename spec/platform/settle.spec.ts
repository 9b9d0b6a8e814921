import { describe, expect, test } from 'vitest';
import { settle } from '../../src/platform/settle.ts';
import { SyncThenable } from '../../src/testing/sync-thenable.ts';

/** What comes of a call, in order. */
function settled(run: () => unknown): unknown[] {
  const all: unknown[] = [];
  settle(
    run,
    (value) => all.push(value),
    (error) => all.push({ error }),
  );
  return all;
}

describe('settle', () => {
  test.each([undefined, null, 0, '', { then: 'no function' }])('hands over a result that is no promise, at once: %o', (result) => {
    expect(settled(() => result)).toEqual([result]);
  });

  test('is as synchronous as the thenable', () => {
    expect(settled(() => SyncThenable.resolved('value'))).toEqual(['value']);
    expect(settled(() => SyncThenable.rejected('reason'))).toEqual([{ error: 'reason' }]);
  });

  test('waits for a promise, and for a rejection', async () => {
    const all = [settled(() => Promise.resolve('value')), settled(() => Promise.reject(new Error('reason')))];
    expect(all).toEqual([[], []]);
    await Promise.resolve();
    expect(all).toEqual([['value'], [{ error: new Error('reason') }]]);
  });

  test('reports what the call throws, and what its thenable throws', () => {
    const error = new Error('thrown');
    const thrower = (): never => {
      throw error;
    };
    expect(settled(thrower)).toEqual([{ error }]);
    expect(settled(() => ({ then: thrower }))).toEqual([{ error }]);
  });

  test('a thenable that settles more than once counts once', () => {
    const then = (resolve: (value: unknown) => void, reject: (error: unknown) => void): void => {
      resolve('first');
      resolve('second');
      reject('third');
    };
    expect(settled(() => ({ then }))).toEqual(['first']);
  });

  test('what the receiver throws is the caller’s, and settles nothing a second time', () => {
    const all: unknown[] = [];
    const throwing = (): void =>
      settle(
        () => 'value',
        () => {
          throw new Error('of the receiver');
        },
        (error) => all.push(error),
      );
    expect(throwing).toThrow('of the receiver');
    expect(all).toEqual([]);
  });
});
