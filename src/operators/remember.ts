import { type MonoTypeOperatorFunction, ReplaySubject, share } from 'rxjs';

/**
 * Shares a source and remembers its latest values, past its completion too: a late subscriber gets them, then what is still to come.
 *
 * The source is subscribed once, by the first subscriber, and never again; it lives until it ends or its owner unsubscribes it at its root.
 */
export function remember<Value>(count = 1): MonoTypeOperatorFunction<Value> {
  return share({ connector: () => new ReplaySubject(count), resetOnComplete: false, resetOnError: false, resetOnRefCountZero: false });
}
