import { Observable, filter, firstValueFrom, map, merge, mergeMap, takeUntil, throwError } from 'rxjs';
import type { JsonValue } from '../signaling/json.ts';
import { type RpcOptions, SoraRpcError, rpcCall } from '../signaling/rpc.ts';
import type { OpenSession } from './open-session.ts';

/** Calls methods of the server over the channel `rpc`. */
export interface RpcClient {
  call(method: string, params: unknown, options?: RpcOptions): Promise<JsonValue | undefined>;
}

/** Ids count from 1. A call that is pending when the session ends is told so, with the reason, before `termination$` has completed. */
export function createRpcClient({ context, termination$, request }: OpenSession, defaultTimeoutMs: number): RpcClient {
  const responses$ = context.of('incoming').pipe(
    map(({ incoming }) => (incoming.kind === 'rpc' ? incoming.response : null)),
    filter((response) => response !== null),
  );
  let lastId = 0;
  function send(method: string, text: string): Observable<never> {
    return new Observable((subscriber) => {
      request({
        label: 'rpc',
        data: text,
        done: (error) => {
          if (error === null) subscriber.complete();
          else subscriber.error(new SoraRpcError(method, 'unavailable', error.message));
        },
      });
    });
  }
  return {
    call: (method, params, { timeoutMs = defaultTimeoutMs, notification = false } = {}) => {
      const ended$ = termination$.pipe(
        mergeMap((termination) => throwError(() => new SoraRpcError(method, 'ended', `${method}: the session has ended`, { termination }))),
      );
      const open = context.live.channels.get('rpc')?.readyState === 'open';
      const call$ = open
        ? rpcCall({ method, params, id: notification ? 0 : ++lastId, timeoutMs, notification }, responses$, (text) => send(method, text))
        : throwError(() => new SoraRpcError(method, 'unavailable', `${method}: the channel rpc is not open`));
      return firstValueFrom(merge(ended$, call$.pipe(takeUntil(termination$))));
    },
  };
}
