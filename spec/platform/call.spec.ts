import { describe, expect, test } from 'vitest';
import { call } from '../../src/platform/call.ts';
import { SyncThenable } from '../../src/testing/sync-thenable.ts';
import type { Observable } from 'rxjs';

function heard(stream$: Observable<unknown>): unknown[] {
  const all: unknown[] = [];
  stream$.subscribe({
    next: (value) => all.push(value),
    complete: () => all.push('|'),
    error: (error: unknown) => all.push({ error }),
  });
  return all;
}

describe('call', () => {
  test('is cold: calls when subscribed, and each time', () => {
    let calls = 0;
    const stream$ = call(() => (calls += 1));
    expect(calls).toBe(0);
    expect(heard(stream$)).toEqual([1, '|']);
    expect(heard(stream$)).toEqual([2, '|']);
  });

  test.each([undefined, null, 0, '', false, { then: 'no function' }, [1, 2]])('a result that is no promise, at once: %o', (result) => {
    expect(heard(call(() => result))).toEqual([result, '|']);
  });

  test('a thenable that settles synchronously makes the stream synchronous', () => {
    expect(heard(call(() => SyncThenable.resolved('value')))).toEqual(['value', '|']);
    expect(heard(call(() => SyncThenable.rejected('reason')))).toEqual([{ error: 'reason' }]);
  });

  test('a function with a then is a thenable too', () => {
    const thenable = Object.assign(() => undefined, { then: (resolved: (value: string) => void) => resolved('value') });
    expect(heard(call(() => thenable))).toEqual(['value', '|']);
  });

  test('an exception is an error', () => {
    const error = new Error('thrown');
    expect(
      heard(
        call(() => {
          throw error;
        }),
      ),
    ).toEqual([{ error }]);
  });

  test('a promise, and a rejection', async () => {
    const resolved = heard(call(() => Promise.resolve('value')));
    const rejected = heard(call(() => Promise.reject(new Error('reason'))));
    expect([resolved, rejected]).toEqual([[], []]);
    await Promise.resolve();
    expect(resolved).toEqual(['value', '|']);
    expect(rejected).toEqual([{ error: new Error('reason') }]);
  });

  test('a promise that nobody waits for any more is let go without a word', async () => {
    const all: unknown[] = [];
    const subscription = call(() => Promise.reject(new Error('late'))).subscribe({ error: (error: unknown) => all.push(error) });
    subscription.unsubscribe();
    await new Promise((resolve) => setImmediate(resolve));
    expect(all).toEqual([]);
  });
});
