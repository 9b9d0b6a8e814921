import { type Observable, defer, from, of } from 'rxjs';

/**
 * One call to the platform as a cold Observable: calls when subscribed, emits the result once it is available, completes; an exception or a rejection
 * is an error. Synchronous where the result is not a promise, or a thenable that settles synchronously, as the fakes of the testing entry do.
 */
export function call<Value>(run: () => unknown): Observable<Value> {
  return defer(() => {
    const result = run();
    return (isThenable(result) ? from(result) : of(result)) as Observable<Value>;
  });
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
