import { EMPTY, type Observable, catchError, filter, from, ignoreElements, mergeMap, take, tap } from 'rxjs';
import { deflate } from '../../signaling/deflate.ts';
import type { DisconnectReason } from '../../termination/reason.ts';
import type { DisconnectMessage } from '../../termination/sources.ts';
import type { SessionInput } from '../input.ts';
import type { SessionContext } from '../session-context.ts';

const REASONS: readonly DisconnectReason[] = ['NO-ERROR', 'WEBSOCKET-ONCLOSE', 'WEBSOCKET-ONERROR', 'INTERNAL-ERROR'];

/**
 * Deflates the goodbyes as soon as the offer says that the channel `signaling` is compressed, so that at the end one can be sent without
 * waiting (Q26). Where the codec fails there is none to send (Q24).
 */
export function preparingGoodbyes({ of: inputsOf, live, platform }: SessionContext): Observable<SessionInput> {
  return inputsOf('progress').pipe(
    filter(({ progress }) => progress.kind === 'offer' && live.offered?.get('signaling')?.compress === true),
    take(1),
    mergeMap(() => from(REASONS)),
    mergeMap((reason) => {
      const message: DisconnectMessage = { type: 'disconnect', reason };
      return deflate(new TextEncoder().encode(JSON.stringify(message)), platform).pipe(
        tap((bytes) => live.goodbyes.set(reason, bytes)),
        catchError(() => EMPTY),
      );
    }),
    ignoreElements(),
  );
}
