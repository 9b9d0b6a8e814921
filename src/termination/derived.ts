import type { Phase } from '../model/words.ts';
import type { Initiator, Reason, RetryHint, Termination, TerminationKind } from './reason.ts';

/** Who causes an end of each kind; all others are the network's fault. @source Q75 */
const INITIATORS: { readonly [Kind in TerminationKind]?: Initiator } = {
  'client-disconnect': 'client',
  'server-close': 'server',
  'signaling-invalid': 'server',
  'internal-error': 'sdk',
};

export const initiatorOf = ({ kind }: Reason): Initiator => INITIATORS[kind] ?? 'network';

/** Whether a new session makes sense after this reason in this phase. @source Q76 */
export function retryOf(reason: Reason, phase: Phase): RetryHint {
  switch (reason.kind) {
    case 'client-disconnect':
    case 'signaling-invalid':
      return 'never';
    case 'server-close':
      return refusedBeforeOffer(reason.code, phase) ? 'never' : 'maybe';
    case 'internal-error':
      return 'maybe';
    default:
      return 'yes';
  }
}

const refusedBeforeOffer = (code: number | null, phase: Phase): boolean =>
  code !== null && code >= 4000 && (phase === 'idle' || phase === 'opening' || phase === 'signaling');

/**
 * Whether a session ended on purpose: by the application, with any outcome, or by the server with the code 1000.
 *
 * @example
 * ```ts
 * session.termination$.pipe(filter((t) => !isNormal(t))).subscribe(report);
 * ```
 */
export function isNormal(termination: Termination): boolean {
  return termination.kind === 'client-disconnect' || (termination.kind === 'server-close' && termination.severity === 'normal');
}
