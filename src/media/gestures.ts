import { NEVER, type Observable, fromEvent, merge } from 'rxjs';

/** @source WHATWG HTML, activation triggering input event */
const GESTURES = ['keydown', 'mousedown', 'pointerup', 'touchend'];

/** What a user does that may let a page play sound. Seen before any handler of the page can stop it. */
export function gestures(document: EventTarget | undefined): Observable<unknown> {
  return document ? merge(...GESTURES.map((type) => fromEvent(document, type, { capture: true }))) : NEVER;
}
