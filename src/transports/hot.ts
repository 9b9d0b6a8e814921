import { Observable, Subject } from 'rxjs';

/** Starts to observe an object: listeners are attached when it returns, and it returns what removes them. */
export type Observe<Event> = (emit: (event: Event) => void) => () => void;

/**
 * The events of one object as a hot Observable that loses nothing between its creation and its first subscription.
 *
 * Listeners are attached when this function returns; until somebody subscribes, events are kept. Listeners are removed with the last event or with
 * the last subscriber, whichever comes first; a later subscriber attaches them again.
 */
export function hot<Event>(observe: Observe<Event>, isLast: (event: Event) => boolean): Observable<Event> {
  const subject = new Subject<Event>();
  const waiting: Event[] = [];
  let detach: (() => void) | null = null;
  let subscribers = 0;
  let emitting = false;
  let ended = false;

  const release = (): void => {
    detach?.();
    detach = null;
  };
  // One event after the other: what a subscriber causes meanwhile waits, so that all subscribers see one order.
  const flush = (): void => {
    if (emitting || subscribers === 0) return;
    emitting = true;
    while (waiting.length > 0) subject.next(waiting.shift() as Event);
    emitting = false;
    if (ended) subject.complete();
  };
  const start = (): void => {
    const stop = observe((event) => {
      if (ended) return;
      ended = isLast(event);
      waiting.push(event);
      if (ended) release();
      flush();
    });
    if (ended) stop();
    else detach = stop;
  };
  start();

  return new Observable<Event>((subscriber) => {
    if (detach === null && !ended) start();
    subscribers += 1;
    subscriber.add(subject.subscribe(subscriber));
    subscriber.add(() => {
      subscribers -= 1;
      if (subscribers === 0) release();
    });
    flush();
  });
}
