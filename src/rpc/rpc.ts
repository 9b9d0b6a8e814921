import { timer } from 'rxjs';
import { delayMs } from '../session/option-check.ts';
import { type SessionInternals, internalsOf } from '../session/internals.ts';
import type { Session } from '../session/session.ts';
import { SoraSendError } from '../signaling/send-error.ts';
import type { Termination } from '../termination/reason.ts';
import type { JsonValue } from '../wire/json.ts';
import type { RpcMethod, RpcParams, RpcResult } from '../wire/rpc-methods.ts';
import { type RpcRequest, checkRpcResponse } from '../wire/rpc.ts';
import { SoraRpcError } from './rpc-error.ts';

/** How one call is made. */
export interface RpcOptions {
  /** Milliseconds until the call fails, including the wait for the channel; by default `timeouts.rpcMs`. */
  readonly timeoutMs?: number;
  /** Sends a notification: no answer is expected, and the promise resolves with undefined once it is sent. */
  readonly notification?: boolean;
}

/**
 * Calls a method of the server over the channel `rpc`. While connecting it waits for the offer and for the channel. Rejects with a {@link SoraRpcError}; the
 * session goes on. A call that has timed out before it was sent is not sent afterwards.
 *
 * @throws SoraOptionsError as a rejection, for a wrong `timeoutMs`
 * @example
 * ```ts
 * await rpc(session, '2025.2.0/RequestSimulcastRid', { rid: 'r0' });
 * ```
 * @source JSON-RPC 2.0; Sora RPC
 */
export async function rpc<Method extends RpcMethod>(
  session: Session,
  method: Method,
  params: RpcParams<Method>,
  options: RpcOptions = {},
): Promise<RpcResult<Method>> {
  const internals = internalsOf(session);
  const { timeoutMs = internals.config.timeouts.rpcMs, notification = false } = options;
  delayMs(timeoutMs, 'timeoutMs');
  const client = clientOf(session, internals);
  const result = await internals.onceStarted(() => client.call(method, params, timeoutMs, notification));
  return result as RpcResult<Method>;
}

type Answer = (error: SoraRpcError | null, result?: JsonValue) => void;

/** The calls of one session. */
interface RpcClient {
  call(method: string, params: RpcRequest['params'], timeoutMs: number, notification: boolean): Promise<JsonValue | undefined>;
}

const clients = new WeakMap<Session, RpcClient>();

function clientOf(session: Session, internals: SessionInternals): RpcClient {
  let client = clients.get(session);
  if (client === undefined) clients.set(session, (client = createClient(session, internals)));
  return client;
}

function createClient(session: Session, { streams, live, ended, record }: SessionInternals): RpcClient {
  const now = (): number => live()?.now() ?? 0;
  const pending = new Map<number | string, { readonly method: string; readonly answer: Answer }>();
  let lastId = 0;

  // eslint-disable-next-line rxjs-x/no-ignored-subscription -- ends with the session
  streams.events<string | Uint8Array | null>('rpc').subscribe((payload) => {
    const response = payload === null ? null : checkRpcResponse(payload);
    const drop = (why: string): void => record({ source: 'datachannel', kind: 'dropped', at: now(), label: 'rpc', why });
    if (response === null) drop('undecodable');
    else if (response.kind === 'invalid') drop(response.detail);
    else {
      const call = pending.get(response.id);
      if (call === undefined) drop('unknown-id');
      else if (response.kind === 'result') call.answer(null, response.result);
      else {
        const { code, message, data } = response.error;
        call.answer(new SoraRpcError(call.method, code, message, data === undefined ? {} : { data }));
      }
    }
  });
  // eslint-disable-next-line rxjs-x/no-ignored-subscription -- ends with the session
  session.termination$.subscribe((termination) => {
    for (const { method, answer } of [...pending.values()]) answer(endedError(method, termination));
  });

  return {
    call: (method, params, timeoutMs, notification) =>
      new Promise((resolve, reject) => {
        const termination = ended();
        if (termination !== null) throw endedError(method, termination);
        const current = live();
        if (current === null) throw new SoraRpcError(method, 'not-connected', `${method}: connect() was not called`);
        if (current.offered('rpc') === undefined)
          throw new SoraRpcError(method, 'unavailable', `${method}: the offer announced no channel rpc`);
        const id = (lastId += 1);
        const request: RpcRequest = { jsonrpc: '2.0', ...(notification ? {} : { id }), method, ...(params !== undefined && { params }) };
        const text = textOf(request);
        const answer: Answer = (error, result) => {
          if (!pending.delete(id)) return;
          limit.unsubscribe();
          withdraw();
          if (error === null) resolve(result);
          else reject(error);
        };
        pending.set(id, { method, answer });
        let isSent = false;
        const limit = timer(timeoutMs).subscribe(() => {
          if (isSent) record({ source: 'sdk', kind: 'note', at: now(), what: 'rpc-timeout', detail: { id, method } });
          answer(new SoraRpcError(method, 'timeout', `${method} was not ${notification ? 'sent' : 'answered'} within ${timeoutMs} ms`));
        });
        let withdraw = (): void => undefined;
        withdraw = current.outbox.queue('rpc', text, (error) => {
          if (error !== null) {
            const isEnd = error instanceof SoraSendError && error.termination !== undefined;
            answer(isEnd ? endedError(method, error.termination) : new SoraRpcError(method, 'unavailable', (error as Error).message));
            return;
          }
          isSent = true;
          record({ source: 'signaling', kind: 'rpc-sent', via: 'datachannel', label: 'rpc', at: now(), message: request });
          if (notification) answer(null);
        });
      }),
  };
}

/** Parameters that hold themselves, or a BigInt, are no JSON. Found before anything of the call is kept. */
function textOf(request: RpcRequest): string {
  try {
    return JSON.stringify(request);
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new SoraRpcError(request.method, 'not-sendable', `${request.method}: the parameters are no JSON: ${why}`);
  }
}

const endedError = (method: string, termination: Termination): SoraRpcError =>
  new SoraRpcError(method, 'ended', `${method}: the session has ended`, { termination });
