import type { Signal } from '@angular/core';
import { type Health, health } from '../index.ts';
import type { SoraCall } from './sora-call.ts';

const known = new WeakMap<SoraCall, Signal<Health | null>>();

/**
 * How the session of a call is: good, unstable or stalled, with the evidence; null while no session stands. The same signal for every use of a call.
 *
 * A function of a call and not a member, as only an application that shows it should pay for it.
 *
 * @example
 * ```ts
 * readonly health = healthOf(this.call);
 * ```
 */
export function healthOf(call: SoraCall): Signal<Health | null> {
  const made = known.get(call) ?? call.follow((session) => health(session), null);
  known.set(call, made);
  return made;
}
