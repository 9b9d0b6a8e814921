import { Observable } from 'rxjs';

/**
 * One call to the platform as a cold Observable: calls when subscribed, emits the result once it is available, completes; an exception or a rejection
 * is an error, which `toError` may put into words. Synchronous where the result is not a promise, or a thenable that settles synchronously, as the fakes
 * of the testing entry do.
 */
export function call<Value>(run: () => unknown, toError: (error: unknown) => unknown = same): Observable<Value> {
  return new Observable((subscriber) => {
    const succeed = (value: unknown): void => {
      subscriber.next(value as Value);
      subscriber.complete();
    };
    const fail = (error: unknown): void => subscriber.error(toError(error));
    try {
      const result = run();
      if (isThenable(result)) result.then(succeed, fail);
      else succeed(result);
    } catch (error) {
      fail(error);
    }
  });
}

const same = (error: unknown): unknown => error;

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
