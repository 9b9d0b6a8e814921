import type { Observable } from 'rxjs';
import type { Step } from '../steps.ts';
import { type Cause, onStep } from './rule.ts';

/** T16 T17 T18 T21 T22: the application ends the session, by a call, by letting go of it, or by leaving the page (Q54, Q56, Q79). */
export function applicationDisconnect(steps$: Observable<Step>): Observable<Cause> {
  return onStep(steps$, ({ input }) => (input.source === 'disconnect' ? { kind: 'client-disconnect', trigger: input.event } : null));
}
