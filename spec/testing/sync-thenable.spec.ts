import { from } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { SyncThenable } from '../../src/testing/sync-thenable.ts';

describe('SyncThenable', () => {
  test('tells its listener at once, in the call that settles it', () => {
    const seen: string[] = [];
    let settle: (value: string) => void = () => undefined;
    const thenable = new SyncThenable<string>((resolve) => {
      settle = resolve;
    });
    thenable.then((value) => seen.push(value));
    expect(seen).toEqual([]);
    settle('now');
    expect(seen).toEqual(['now']);
  });

  test('is a source of RxJS that emits and completes in one go', () => {
    const seen: unknown[] = [];
    from(SyncThenable.resolved('value')).subscribe({ next: (value) => seen.push(value), complete: () => seen.push('complete') });
    from(SyncThenable.rejected('reason')).subscribe({ error: (error: unknown) => seen.push(error) });
    expect(seen).toEqual(['value', 'complete', 'reason']);
  });

  test('chains, recovers and takes over other thenables', () => {
    const seen: unknown[] = [];
    SyncThenable.resolved(1)
      .then((value) => SyncThenable.resolved(value + 1))
      .then((value) => {
        throw new Error(`thrown at ${value}`);
      })
      .catch((error: unknown) => (error as Error).message)
      .finally(() => seen.push('finally'))
      .then((value) => seen.push(value));
    expect(seen).toEqual(['finally', 'thrown at 2']);
  });

  test('settles once', () => {
    const seen: unknown[] = [];
    new SyncThenable<number>((resolve, reject) => {
      resolve(1);
      resolve(2);
      reject(3);
    }).then((value) => seen.push(value));
    expect(seen).toEqual([1]);
  });

  test('rejects with what its executor throws', () => {
    const error = new Error('thrown');
    expect(
      new SyncThenable(() => {
        throw error;
      }).reason,
    ).toBe(error);
  });

  test('keeps a rejection that nobody listens to until somebody does', () => {
    const unheard = new Set<SyncThenable<unknown>>();
    const thenable = SyncThenable.rejected('alone', unheard);
    expect([...unheard].map(({ reason }) => reason)).toEqual(['alone']);
    const derived = thenable.then(() => undefined);
    expect([...unheard]).toEqual([derived]);
    derived.catch(() => undefined);
    expect(unheard.size).toBe(0);
  });

  test('works with await', async () => {
    await expect(SyncThenable.resolved('awaited')).resolves.toBe('awaited');
    expect(await SyncThenable.resolved(3)).toBe(3);
  });
});
