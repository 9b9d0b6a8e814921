import { type Observable, concatMap, ignoreElements, map } from 'rxjs';
import { call } from '../platform/call.ts';
import type { RtpSenderLike } from '../platform/w3c.ts';

/**
 * Tells a sender what to give up first. Cold; completes when it is set, errors where the browser refuses. A browser that does not know the
 * member leaves it out without a word.
 *
 * @source W3C mst-content-hint 5
 */
export function preferDegradation(sender: RtpSenderLike, degradationPreference: string): Observable<never> {
  return call<object | undefined>(() => sender.getParameters?.()).pipe(
    map((parameters) => ({ ...parameters, degradationPreference })),
    concatMap((parameters) => call(() => sender.setParameters?.(parameters as never))),
    ignoreElements(),
  );
}
