import { EMPTY, type Observable, catchError, defer, map } from 'rxjs';
import { call } from '../platform/call.ts';
import { internalsOf } from '../session/internals.ts';
import type { Session } from '../session/session.ts';

/** The statistics of one moment, as the browser gave them. */
export interface Reading {
  /** Milliseconds on the session's clock. */
  readonly at: number;
  readonly reports: readonly RTCStats[];
}

/**
 * Asks the browser once. Cold: one value; none without a peer connection, and none where the browser refuses.
 *
 * @throws TypeError in the call, for an object that is not a session of this SDK
 */
export function reading(session: Session): Observable<Reading> {
  const { live } = internalsOf(session);
  return defer(() => {
    const { peerConnection, now } = live() ?? {};
    const current = peerConnection?.() ?? null;
    if (current === null || now === undefined) return EMPTY;
    return call<{ values?: () => Iterable<RTCStats> } | undefined>(() => current.getStats?.()).pipe(
      map((report): Reading => ({ at: now(), reports: [...(report?.values?.() ?? [])] })),
      catchError(() => EMPTY),
    );
  });
}
