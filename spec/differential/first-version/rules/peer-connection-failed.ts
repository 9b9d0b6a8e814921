import type { Observable } from 'rxjs';
import type { Step } from '../steps.ts';
import { type Cause, onStep } from './rule.ts';

/**
 * T01 T02 T05 T08 T12, T27: the peer connection has failed, in any configuration and phase. Every step looks at the live state, so a failure
 * whose event is still queued is seen as well (Q02); where `connectionState` is undefined ICE speaks for it (Q40).
 */
export function peerConnectionFailed(steps$: Observable<Step>): Observable<Cause> {
  return onStep(steps$, ({ facts }) => failureOf(facts.health));
}

/** The cause that a state of the peer connection is on its own. */
export function failureOf(health: Step['facts']['health']): Cause | null {
  switch (health) {
    case 'failed':
      return { kind: 'peer-connection-failed' };
    case 'ice-failed':
      return { kind: 'ice-failed' };
    case 'closed':
      // Nobody but the application can have closed it: T26 (Q60).
      return { kind: 'internal-error', where: 'peer-connection', name: 'InvalidStateError', message: 'the peer connection was closed' };
    default:
      return null;
  }
}
