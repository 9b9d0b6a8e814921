import { type Observable, EMPTY, catchError, exhaustMap, map, timer } from 'rxjs';
import { call } from '../operators/call.ts';
import type { PeerConnectionLike } from '../platform/w3c.ts';

/** The statistics of one moment. */
export interface StatsSample {
  /** Milliseconds on the session's clock. */
  readonly at: number;
  /** The report's entries as a flat list. @source W3C webrtc-stats */
  readonly reports: readonly RTCStats[];
}

/** Samples the statistics of a peer connection; a period in which the browser has not answered yet is left out. Cold, never completes. */
export function sampleStats(peerConnection: () => PeerConnectionLike | null, periodMs: number, now: () => number): Observable<StatsSample> {
  return timer(0, periodMs).pipe(
    exhaustMap(() =>
      call<{ values?: () => Iterable<RTCStats> } | undefined>(() => peerConnection()?.getStats?.()).pipe(
        map((report): StatsSample => ({ at: now(), reports: [...(report?.values?.() ?? [])] })),
        catchError(() => EMPTY),
      ),
    ),
  );
}
