/**
 * One call to the platform: its result goes to `next` once it is available, what it throws or rejects with to `fail`. One of the two is called, once, and
 * synchronously where the result is not a promise, or a thenable that settles synchronously, as the fakes of the testing entry do. What `next` and `fail`
 * throw is not handled here.
 */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- only the caller knows what the platform hands out
export function settle<Value>(run: () => unknown, next: (value: Value) => void, fail: (error: unknown) => void): void {
  let isPending = true as boolean;
  const settleBy =
    <Given>(react: (given: Given) => void) =>
    (given: Given): void => {
      if (!isPending) return;
      isPending = false;
      react(given);
    };
  const failed = settleBy(fail);
  try {
    const result = run();
    const succeeded = settleBy(next);
    if (isThenable(result)) result.then(succeeded as (value: unknown) => void, failed);
    else succeeded(result as Value);
  } catch (error) {
    if (!isPending) throw error; // of `next` or `fail`
    failed(error);
  }
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
