import { Observable } from 'rxjs';
import { settle } from './settle.ts';

/**
 * One call to the platform as a cold Observable: calls when subscribed, emits the result once it is available, completes; an exception or a rejection
 * is an error. Synchronous where the result is, see {@link settle}.
 */
export function call<Value>(run: () => unknown): Observable<Value> {
  return new Observable((subscriber) =>
    settle<Value>(
      run,
      (value) => {
        subscriber.next(value);
        subscriber.complete();
      },
      (error) => subscriber.error(error),
    ),
  );
}
