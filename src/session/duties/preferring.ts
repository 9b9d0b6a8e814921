import { EMPTY, type Observable, catchError, filter, map, of, switchMap, take } from 'rxjs';
import { preferDegradation } from '../../media/degradation-preference.ts';
import { senderOf } from '../../media/replace-track.ts';
import type { SessionInput } from '../input.ts';
import type { SessionContext } from '../session-context.ts';

/**
 * Once the first answer is out, tells the sender of video what to give up first, if the application has said so. A browser that refuses is
 * noted and left alone.
 */
export function preferring({
  config: { degradationPreference, role },
  of: inputsOf,
  live,
  clock,
}: SessionContext): Observable<SessionInput> {
  if (degradationPreference === undefined || role === 'recvonly') return EMPTY;
  return inputsOf('answered').pipe(
    take(1),
    map(() => (live.peerConnection === null ? undefined : senderOf(live.peerConnection, 'video', live.offer?.mid?.video))),
    filter((sender) => sender !== undefined),
    switchMap((sender) =>
      preferDegradation(sender, degradationPreference).pipe(
        catchError(() =>
          of<SessionInput>({
            kind: 'told',
            entry: { at: clock.elapsed(), source: 'sdk', what: 'degradation-preference-refused' },
          }),
        ),
      ),
    ),
  );
}
