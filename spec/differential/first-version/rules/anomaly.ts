import type { Observable } from 'rxjs';
import type { Step } from '../steps.ts';
import { type Cause, onStep } from './rule.ts';

/** T25: the server's signaling could not be understood or came out of order (Q28, Q64, Q65). */
export function signalingInvalid(steps$: Observable<Step>): Observable<Cause> {
  return onStep(steps$, ({ input }) => (input.source === 'invalid' ? { kind: 'signaling-invalid', what: input.event } : null));
}

/** T26: something outside signaling went wrong on this side (Q28). */
export function internalError(steps$: Observable<Step>): Observable<Cause> {
  return onStep(steps$, ({ input }) => (input.source === 'failure' ? { kind: 'internal-error', ...input.event } : null));
}
