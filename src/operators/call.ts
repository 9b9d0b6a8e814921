import { type Observable, defer, from, of } from 'rxjs';

interface Thenable {
  then(resolved: (value: unknown) => void, rejected: (error: unknown) => void): unknown;
}

/**
 * One call to the platform as a cold stream: calls when subscribed, emits the result once it is there, completes; an exception or a
 * rejection is an error. A result that is no promise, or a thenable that settles synchronously, makes the stream synchronous.
 */
export function call<Value>(run: () => unknown): Observable<Value> {
  return defer(() => {
    const result = run();
    return (isThenable(result) ? from(result as PromiseLike<Value>) : of(result)) as Observable<Value>;
  });
}

function isThenable(value: unknown): value is Thenable {
  return typeof (value as Thenable | null | undefined)?.then === 'function';
}
