import {
  EMPTY,
  type Observable,
  Subject,
  catchError,
  defer,
  distinctUntilChanged,
  filter,
  finalize,
  fromEvent,
  map,
  merge,
  of,
  startWith,
  switchMap,
  take,
  takeUntil,
} from 'rxjs';
import { gestures } from './gestures.ts';
import { toMediaError, withMediaErrors } from './media-error.ts';
import type { MediaPlatform } from './media-platform.ts';

/**
 * Where a playback stands. `blocked`: the browser wants the user to do something first; the next click or key on the page starts it, and so
 * does `resume()` in a handler of one. `paused`: by the element's controls, by the page or by the browser; only `resume()` or the controls go on.
 */
export type Playback =
  | { readonly kind: 'starting' | 'playing' }
  | {
      readonly kind: 'blocked' | 'paused';
      /** Plays. Call it in the handler of a click or key. */
      readonly resume: () => void;
    };

const nameOf = (error: unknown): unknown => (error as { readonly name?: unknown } | null)?.name;

/**
 * Plays a stream in an `<audio>` or `<video>` element for as long as somebody subscribes, and emits where that stands: now, and every change.
 *
 * Cold, for one subscriber: subscribing sets `srcObject` and plays, unsubscribing clears it unless somebody else has set it anew. Completes
 * when the stream has ended. Errors with a `SoraMediaError` `failed` where the element cannot play the stream.
 *
 * @example
 * ```ts
 * playback(preview, stream).subscribe((state) => console.log(state.kind));
 * ```
 * @source WHATWG HTML, media elements, play(); W3C Media Capture and Streams, MediaStreams in Media Elements
 */
export function playback(element: HTMLMediaElement, stream: MediaStream, platform: MediaPlatform = {}): Observable<Playback> {
  return defer(() => {
    const resumeSubject = new Subject<void>();
    const resume = (): void => resumeSubject.next();
    const gesture$ = gestures(platform.document ?? element.ownerDocument);
    const play$: Observable<Playback> = defer(() => element.play()).pipe(
      map((): Playback => ({ kind: 'playing' })),
      catchError((error: unknown, again$) => {
        // Paused or replaced while it was starting: the event says so, or nobody is interested any more.
        if (nameOf(error) === 'AbortError') return EMPTY;
        if (nameOf(error) !== 'NotAllowedError') throw toMediaError(error);
        const retried$ = gesture$.pipe(
          take(1),
          switchMap(() => again$),
        );
        return merge(of<Playback>({ kind: 'blocked', resume }), retried$);
      }),
    );
    element.srcObject = stream;
    return merge(
      fromEvent(element, 'playing').pipe(map((): Playback => ({ kind: 'playing' }))),
      fromEvent(element, 'pause').pipe(
        filter(() => !element.ended),
        map((): Playback => ({ kind: 'paused', resume })),
      ),
      resumeSubject.pipe(
        startWith(undefined),
        switchMap(() => play$),
      ),
    ).pipe(
      startWith<Playback>({ kind: 'starting' }),
      distinctUntilChanged((one, other) => one.kind === other.kind),
      finalize(() => {
        if (element.srcObject === stream) element.srcObject = null;
      }),
      // Chromium tells by the stream, Firefox and Safari by the element.
      takeUntil(merge(fromEvent(element, 'ended'), fromEvent(stream, 'inactive'))),
    );
  }).pipe(withMediaErrors());
}
