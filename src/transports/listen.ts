import { Observable, Subject } from 'rxjs';
import type { EventSource } from '../platform/w3c.ts';

/** How one object's events become values. */
export interface Listening<Value> {
  /** A value per native event type, or null for an event that says nothing. */
  readonly events: Readonly<Record<string, (event: object) => Value | null>>;
  /** What the object would have told already, read after the listeners are in place. */
  readonly past: () => readonly Value[];
  /** Whether nothing can come after this value: the stream completes with it. */
  readonly isLast: (value: Value) => boolean;
}

type Handlers = Record<string, ((event: object) => void) | null>;

function attach(target: EventSource, type: string, listener: (event: object) => void): () => void {
  if (target.addEventListener && target.removeEventListener) {
    target.addEventListener(type, listener);
    return () => {
      target.removeEventListener?.(type, listener);
    };
  }
  const handlers = target as unknown as Handlers;
  handlers[`on${type}`] = listener;
  return () => {
    handlers[`on${type}`] = null;
  };
}

/**
 * The events of one W3C-shaped object as a hot stream that loses nothing between its creation and its first subscription.
 *
 * The listeners are in place when the function returns; until somebody subscribes, values are held. They are removed with the last value or
 * with the last subscriber, whichever comes first; who subscribes after that listens from then on.
 */
export function listen<Value>(target: EventSource, listening: Listening<Value>): Observable<Value> {
  const subject = new Subject<Value>();
  const waiting: Value[] = [];
  let detach: (() => void) | null = null;
  let subscribers = 0;
  let handing = false;
  let ended = false;

  const release = (): void => {
    detach?.();
    detach = null;
  };
  // One after the other: what a subscriber brings about meanwhile waits for its turn, so that nothing is lost and all see one order.
  const handOver = (): void => {
    if (handing || subscribers === 0) return;
    handing = true;
    while (waiting.length > 0) subject.next(waiting.shift() as Value);
    handing = false;
    if (ended) subject.complete();
  };
  const take = (value: Value): void => {
    if (ended) return;
    ended = listening.isLast(value);
    if (ended) release();
    waiting.push(value);
    handOver();
  };
  const start = (): void => {
    const listeners = Object.entries(listening.events).map(([type, toValue]) =>
      attach(target, type, (event) => {
        const value = toValue(event);
        if (value !== null) take(value);
      }),
    );
    detach = () => {
      for (const remove of listeners) remove();
    };
    for (const value of listening.past()) take(value);
  };
  start();

  return new Observable<Value>((subscriber) => {
    if (detach === null && !ended) start();
    subscribers += 1;
    subscriber.add(subject.subscribe(subscriber));
    subscriber.add(() => {
      subscribers -= 1;
      if (subscribers === 0) release();
    });
    handOver();
  });
}
