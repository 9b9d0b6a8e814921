import { Observable, ReplaySubject, defer, filter, finalize, firstValueFrom, map, merge, mergeMap, takeUntil, tap, throwError } from 'rxjs';
import { keep } from '../operators/keep.ts';
import type { JsonValue } from '../signaling/json.ts';
import { redact } from '../signaling/redact.ts';
import { type RpcOptions, SoraRpcError, rpcCall } from '../signaling/rpc.ts';
import type { RpcRequest } from '../signaling/rpc-message.ts';
import type { LiveObjects } from './live-objects.ts';
import type { OpenSession } from './open-session.ts';
import { delayMs } from './option-check.ts';

/** Calls methods of the server over the channel `rpc`. */
export interface RpcClient {
  call(method: string, params: RpcRequest['params'] | undefined, options?: RpcOptions): Promise<JsonValue | undefined>;
}

/** Ids count from 1. A call that is pending when the session ends is told so, with the reason, before `termination$` has completed. */
export function createRpcClient({ context, termination$, request, tell }: OpenSession, defaultTimeoutMs: number): RpcClient {
  const { clock } = context;
  const responses$ = context.of('incoming').pipe(
    map(({ incoming }) => (incoming.kind === 'rpc' ? incoming.response : null)),
    filter((response) => response !== null),
  );
  /** Calls that wait for their answer. */
  const pending = new Set<number | string>();
  let lastId = 0;
  // Asked before any call is told its answer, as they listen later.
  keep(
    responses$.pipe(
      filter((response) => response.kind !== 'invalid' && !pending.has(response.id)),
      tap(() => tell({ at: clock.elapsed(), source: 'datachannel', what: 'dropped', detail: { label: 'rpc', why: 'unknown-id' } })),
    ),
  );
  function send(call: RpcRequest): Observable<never> {
    return new Observable((subscriber) => {
      const givenUpSubject = new ReplaySubject<void>(1);
      subscriber.add(() => {
        givenUpSubject.next();
      });
      request({
        label: 'rpc',
        givenUp$: givenUpSubject,
        data: JSON.stringify(call),
        done: (error) => {
          if (error === null) {
            const detail = { direction: 'sent', transport: 'datachannel', label: 'rpc', message: redact(call) };
            tell({ at: clock.elapsed(), source: 'signaling', what: 'rpc-request', detail });
            subscriber.complete();
          } else subscriber.error(new SoraRpcError(call.method, 'unavailable', error.message));
        },
      });
    });
  }
  /** One call from its request to its answer; cold. */
  function called(
    method: string,
    params: RpcRequest['params'] | undefined,
    timeoutMs: number,
    notification: boolean,
  ): Observable<JsonValue | undefined> {
    return defer(() => {
      const id = notification ? 0 : ++lastId;
      if (!notification) pending.add(id);
      return rpcCall({ method, params, id, timeoutMs, notification }, responses$, send).pipe(finalize(() => pending.delete(id)));
    });
  }
  return {
    call: (method, params, { timeoutMs = defaultTimeoutMs, notification = false } = {}) => {
      const ended$ = termination$.pipe(
        mergeMap((termination) => throwError(() => new SoraRpcError(method, 'ended', `${method}: the session has ended`, { termination }))),
      );
      const call$ = defer(() => {
        delayMs(timeoutMs, 'timeoutMs');
        return mayOpen(context.live) ? called(method, params, timeoutMs, notification) : unavailable(method);
      });
      return firstValueFrom(merge(ended$, call$.pipe(takeUntil(termination$))));
    },
  };
}

/** A channel that the offer announced is waited for until it opens; one that is closing never will. */
function mayOpen({ offered, channels }: LiveObjects): boolean {
  const state = channels.get('rpc')?.readyState;
  return offered?.has('rpc') === true && state !== 'closing' && state !== 'closed';
}

function unavailable(method: string): Observable<never> {
  return throwError(() => new SoraRpcError(method, 'unavailable', `${method}: there is no channel rpc`));
}
