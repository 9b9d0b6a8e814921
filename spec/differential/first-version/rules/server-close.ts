import type { Observable } from 'rxjs';
import type { ServerClose } from '../reason.ts';
import type { ServerCloseMessage } from '../sources.ts';
import type { Step } from '../steps.ts';
import { type Cause, onStep } from './rule.ts';

const LONGEST_REASON = 1024;

/** T14: the server sends `type: close`. The session ends at once (Q34), whatever the code and the configuration (Q35, Q36). */
export function serverClosed(steps$: Observable<Step>): Observable<Cause> {
  return onStep(steps$, ({ input }) => (input.source === 'server-close' ? serverCloseOf(input.event) : null));
}

/** A `type: close` as a cause: only the code 1000 is normal, a code that is no number is none (Q77). */
export function serverCloseOf(message: ServerCloseMessage): ServerClose {
  const code = typeof message.code === 'number' && Number.isFinite(message.code) ? message.code : null;
  const reason = typeof message.reason === 'string' ? message.reason.slice(0, LONGEST_REASON) : '';
  return { kind: 'server-close', via: 'datachannel', code, reason, severity: code === 1000 ? 'normal' : 'error' };
}
