import { type MonoTypeOperatorFunction, Observable, type SubjectLike, Subject, share } from 'rxjs';

/**
 * Like `remember`, for a history that is longer than a few values: `ReplaySubject` moves all it has with every value once it is full, which
 * costs more than all the rest of a message's way.
 *
 * A late subscriber gets the latest `count` values and then what is still to come, each once and in order, past completion too. Up to twice as many
 * are kept, so that they are moved rarely.
 */
export function rememberMany<Value>(count: number): MonoTypeOperatorFunction<Value> {
  return share({ connector: () => history<Value>(count), resetOnComplete: false, resetOnError: false, resetOnRefCountZero: false });
}

function history<Value>(count: number): SubjectLike<Value> {
  const subject = new Subject<Value>();
  const latest: Value[] = [];
  /** How many values went before those in `latest`. */
  let forgotten = 0;

  const values$ = new Observable<Value>((subscriber) => {
    // A subscriber may bring about new values while it is told of the old ones.
    for (let next = forgotten + Math.max(0, latest.length - count); next < forgotten + latest.length && !subscriber.closed; next += 1) {
      next = Math.max(next, forgotten);
      subscriber.next(latest[next - forgotten] as Value);
    }
    subscriber.add(subject.subscribe(subscriber));
  });
  return {
    next: (value) => {
      latest.push(value);
      if (latest.length >= 2 * count) forgotten += latest.splice(0, latest.length - count).length;
      subject.next(value);
    },
    error: (error) => {
      subject.error(error as Error);
    },
    complete: () => {
      subject.complete();
    },
    subscribe: (observer) => values$.subscribe(observer),
  };
}
