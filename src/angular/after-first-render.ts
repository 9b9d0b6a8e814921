import { type Signal, type ValueEqualityFn, afterNextRender, computed, signal } from '@angular/core';

/**
 * What `read` gives, and null until the first render is done. That is never on a server, and in the browser the first render shows what a server shows.
 * In an injection context.
 */
export function afterFirstRender<Value>(read: () => Value | null, equal: ValueEqualityFn<Value | null> = Object.is): Signal<Value | null> {
  const isRendered = signal(false);
  afterNextRender(() => isRendered.set(true));
  return computed(() => (isRendered() ? read() : null), { equal });
}
