import type { NgZone } from '@angular/core';
import { type MonoTypeOperatorFunction, Observable } from 'rxjs';

/**
 * Subscribes and unsubscribes outside Angular's zone: sockets, timers and statistics of a call run no change detection. What they mean for a template
 * reaches it by signals.
 */
export function outside<Value>(zone: NgZone): MonoTypeOperatorFunction<Value> {
  return (source$) =>
    new Observable((subscriber) => {
      const subscription = zone.runOutsideAngular(() => source$.subscribe(subscriber));
      return () => zone.runOutsideAngular(() => subscription.unsubscribe());
    });
}
