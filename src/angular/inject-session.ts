import { concat, map, mergeMap, of } from 'rxjs';
import type { CallStep } from '../index.ts';
import type { SoraOptions } from './provide-sora.ts';
import { type SoraCall, createCall } from './sora-call.ts';

/**
 * A call of a single session, as signals: like {@link injectCall}, but it is over when its session has ended, whatever the reason. `retryNow()` connects
 * again.
 *
 * @example
 * ```ts
 * readonly preview = injectSession(() => (this.isOpen() ? { channelId: 'preview', role: 'recvonly' } : null));
 * ```
 */
export function injectSession(options: () => SoraOptions | null): SoraCall {
  return createCall(options, () =>
    mergeMap((session) =>
      concat(
        of<CallStep>({ kind: 'session', session, attempt: 1, previous: null }),
        session.termination$.pipe(map((termination): CallStep => ({ kind: 'over', termination, attempts: 1 }))),
      ),
    ),
  );
}
