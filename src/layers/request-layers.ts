import { type OperatorFunction, catchError, concatMap, defer, from, map, of } from 'rxjs';
import type { RpcResult } from '../wire/rpc-methods.ts';
import { rpc } from '../rpc/rpc.ts';
import type { Session } from '../session/session.ts';
import type { RequestRid } from '../wire/words.ts';

/** A simulcast layer that is wanted. */
export interface LayerRequest {
  readonly rid: RequestRid;
  /** Of whom; of all senders where it is absent. */
  readonly senderConnectionId?: string;
}

/** The result of a request. A refusal is a value, so that further requests can follow. */
export type LayerOutcome =
  | { readonly kind: 'accepted'; readonly request: LayerRequest; readonly result: RpcResult<'2025.2.0/RequestSimulcastRid'> }
  | { readonly kind: 'refused'; readonly request: LayerRequest; readonly error: unknown };

/**
 * Requests simulcast layers from the server, one request after another, as the sizes of views or the wishes of users change. Cold; never errors by itself.
 * {@link receivedLayers} shows when a layer is in use.
 *
 * @example
 * ```ts
 * viewHeight$.pipe(map((height) => ({ rid: height > 500 ? 'r2' : 'r0' })), requestLayers(session)).subscribe();
 * ```
 * @source Sora RPC, 2025.2.0/RequestSimulcastRid
 */
export function requestLayers(session: Session): OperatorFunction<LayerRequest, LayerOutcome> {
  return concatMap((request) => {
    const { rid, senderConnectionId: sender } = request;
    const params = { rid, ...(sender !== undefined && { sender_connection_id: sender }) };
    return defer(() => from(rpc(session, '2025.2.0/RequestSimulcastRid', params))).pipe(
      map((result): LayerOutcome => ({ kind: 'accepted', request, result })),
      catchError((error: unknown) => of<LayerOutcome>({ kind: 'refused', request, error })),
    );
  });
}
