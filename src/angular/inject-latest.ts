import { NgZone, type Signal, inject } from '@angular/core';
import { toObservable, toSignal } from '@angular/core/rxjs-interop';
import { NEVER, type Observable, startWith, switchMap } from 'rxjs';
import { afterFirstRender } from './after-first-render.ts';
import { outside } from './outside.ts';

/**
 * The latest value of a stream that only a browser has, as a signal: a camera, the list of devices, playback, a level. It is subscribed to after the first
 * render, so never on a server, outside Angular's zone, and until whoever injected it is destroyed.
 *
 * `stream` is reactive: it may read signals and inputs, and what it gave before is unsubscribed. Null is no stream. `initialValue` is the value before the
 * first one of each stream. An error of the stream is thrown where the signal is read, as `toSignal()` does.
 *
 * @example
 * ```ts
 * readonly list = injectLatest(() => devices(), null);
 * readonly picture = injectLatest(() => playback(this.video, this.stream()), null);
 * ```
 */
export function injectLatest<Value, Initial>(stream: () => Observable<Value> | null, initialValue: Initial): Signal<Value | Initial> {
  const zone = inject(NgZone);
  const value$ = toObservable(afterFirstRender(stream)).pipe(
    switchMap((each) => (each ?? NEVER).pipe(outside(zone), startWith<Value | Initial>(initialValue))),
  );
  return toSignal(value$, { initialValue });
}
