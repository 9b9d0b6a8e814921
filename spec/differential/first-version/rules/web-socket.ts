import type { Observable } from 'rxjs';
import type { Step } from '../steps.ts';
import { type Cause, onStep } from './rule.ts';

/**
 * T03 T06 T09: the socket that counts has closed. 1000 and 4000-4999 are the server's word, every other code is a loss (Q04, Q06). After
 * `switched` with the ignore flag it means nothing (T07).
 */
export function webSocketClosed(steps$: Observable<Step>): Observable<Cause> {
  return onStep(steps$, ({ input, before }) => {
    if (input.source !== 'websocket' || input.event.kind !== 'close' || before.switched === true) return null;
    const { code, reason, wasClean } = input.event;
    return serverSaid(code)
      ? { kind: 'server-close', via: 'websocket', code, reason, severity: code === 1000 ? 'normal' : 'error' }
      : { kind: 'websocket-closed', code, reason, wasClean };
  });
}

/** T04 T10 T13: the socket that counts has failed; the close that may follow is part of it (Q07, Q08). T11: ignored as T07 is. */
export function webSocketError(steps$: Observable<Step>): Observable<Cause> {
  return onStep(steps$, ({ input, before }) =>
    input.source === 'websocket' && input.event.kind === 'error' && before.switched !== true ? { kind: 'websocket-error' } : null,
  );
}

/** Whether a close code is the server's own: normal, or of the range for applications (RFC 6455 section 7.4.2). */
export const serverSaid = (code: number): boolean => code === 1000 || (code >= 4000 && code <= 4999);
