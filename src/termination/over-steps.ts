import { BehaviorSubject, NEVER, type Observable, catchError, concat, connect, defer, scan } from 'rxjs';
import type { SessionEvent } from '../model/session-event.ts';
import { type SafePort, type TerminationConfig, type TerminationPort, safePort } from './port.ts';
import { FIRST_STEP, type Step, stepAfter } from './steps.ts';

/**
 * Runs rules over events that are reduced to steps, one at a time. The rules listen before the first event arrives, so they miss none of those that a
 * source emits at once. A source that ends or fails ends nothing.
 */
export function overSteps<Value>(
  event$: Observable<SessionEvent>,
  port: TerminationPort,
  config: TerminationConfig,
  rules: (step$: Observable<Step>, port: SafePort) => Observable<Value>,
): Observable<Value> {
  return defer(() => {
    const safe = safePort(port, config);
    return concat(event$.pipe(catchError(() => NEVER)), NEVER).pipe(
      scan((last, event) => stepAfter(last, event, safe, config), FIRST_STEP),
      connect((step$) => rules(step$, safe), { connector: () => new BehaviorSubject(FIRST_STEP) }),
    );
  });
}
