import { type Observable, concat, defer, filter, map, merge, of, race, take, timer } from 'rxjs';
import type { Termination } from '../termination/reason.ts';
import type { JsonValue } from './json.ts';
import type { CheckedRpcResponse, RpcRequest } from './rpc-message.ts';

/** How one call is made. */
export interface RpcOptions {
  /** Milliseconds until the call fails, the wait for a channel that is still to open included; by default `timeouts.rpcMs`. */
  readonly timeoutMs?: number;
  /** Sends a notification: no answer is expected, the promise resolves with undefined once it is sent. */
  readonly notification?: boolean;
}

/** A call that got no result. `code` is the server's number with its `message` and `data`, or a word for what happened on this side. */
export class SoraRpcError extends Error {
  override readonly name = 'SoraRpcError';
  readonly code: number | 'timeout' | 'ended' | 'unavailable';
  readonly method: string;
  readonly data?: JsonValue;
  /** Why the session ended, with the code `ended`. */
  readonly termination?: Termination;

  constructor(
    method: string,
    code: SoraRpcError['code'],
    message: string,
    more: { readonly data?: JsonValue; readonly termination?: Termination } = {},
  ) {
    super(message);
    this.code = code;
    this.method = method;
    if (more.data !== undefined) this.data = more.data;
    if (more.termination !== undefined) this.termination = more.termination;
  }
}

export interface RpcCall {
  readonly method: string;
  readonly params: RpcRequest['params'] | undefined;
  readonly id: number;
  readonly timeoutMs: number;
  readonly notification: boolean;
}

/**
 * One call: the request goes out, and the answer with its id, an error, or the limit comes back, whichever is first. Cold; emits one value.
 * `send` is unsubscribed with the call: what has not gone out by then must not go out any more.
 *
 * @source JSON-RPC 2.0
 */
export function rpcCall(
  { method, params, id, timeoutMs, notification }: RpcCall,
  responses$: Observable<CheckedRpcResponse>,
  send: (request: RpcRequest) => Observable<never>,
): Observable<JsonValue | undefined> {
  const request: RpcRequest = { jsonrpc: '2.0', ...(notification ? {} : { id }), method, ...(params !== undefined && { params }) };
  const send$ = defer(() => send(request));
  if (notification) return race(concat(send$, of(undefined)), overdue(`${method} was not sent`, method, timeoutMs));
  const answer$ = responses$.pipe(
    filter((response) => response.kind !== 'invalid'),
    filter((response) => response.id === id),
    take(1),
    map((response) => {
      if (response.kind === 'result') return response.result;
      const { code, message, data } = response.error;
      throw new SoraRpcError(method, code, message, data === undefined ? {} : { data });
    }),
  );
  return race(merge(answer$, send$), overdue(`${method} was not answered`, method, timeoutMs)).pipe(take(1));
}

function overdue(what: string, method: string, timeoutMs: number): Observable<never> {
  return timer(timeoutMs).pipe(
    map(() => {
      throw new SoraRpcError(method, 'timeout', `${what} within ${timeoutMs} ms`);
    }),
  );
}
