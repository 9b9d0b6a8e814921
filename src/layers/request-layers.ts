import { type OperatorFunction, catchError, concatMap, defer, from, map, of } from 'rxjs';
import type { RpcResult } from '../signaling/rpc-methods.ts';
import type { Session } from '../session/session.ts';
import type { RequestRid } from '../signaling/words.ts';

/** A simulcast layer that is wanted. */
export interface LayerRequest {
  readonly rid: RequestRid;
  /** Of whom; of all senders where it is absent. */
  readonly senderConnectionId?: string;
}

/** What became of a request: a refusal is a value, and the next request is made all the same. */
export type LayerOutcome =
  | { readonly kind: 'accepted'; readonly request: LayerRequest; readonly result: RpcResult<'2025.2.0/RequestSimulcastRid'> }
  | { readonly kind: 'refused'; readonly request: LayerRequest; readonly error: unknown };

/**
 * Asks the server for simulcast layers, one request after another, as sizes of views or wishes of users change. Cold; never errors by itself.
 * That a layer is in use is told by {@link receivedLayers}.
 *
 * @example
 * ```ts
 * viewHeight$.pipe(map((height) => ({ rid: height > 500 ? 'r2' : 'r0' })), requestLayers(session)).subscribe();
 * ```
 * @source Sora RPC, 2025.2.0/RequestSimulcastRid
 */
export function requestLayers(session: Pick<Session, 'rpc'>): OperatorFunction<LayerRequest, LayerOutcome> {
  return concatMap((request) => {
    const { rid, senderConnectionId: sender } = request;
    const params = { rid, ...(sender !== undefined && { sender_connection_id: sender }) };
    return defer(() => from(session.rpc('2025.2.0/RequestSimulcastRid', params))).pipe(
      map((result): LayerOutcome => ({ kind: 'accepted', request, result })),
      catchError((error: unknown) => of<LayerOutcome>({ kind: 'refused', request, error })),
    );
  });
}
