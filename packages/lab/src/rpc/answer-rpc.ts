import type { JsonObject } from '../wire/json.ts';
import { failure, METHOD_NOT_FOUND, parseCall, success, type RpcFailure } from './json-rpc.ts';
import { callMethod } from './methods.ts';
import type { RpcCaller } from './rpc-caller.ts';

/** Performs a request of a client and returns the response; undefined for a notification. `forced` is the error of the fault `rpc-error`. */
export function answerRpc(caller: RpcCaller, request: unknown, forced: RpcFailure | undefined): JsonObject | undefined {
  const parsed = parseCall(request);
  if (!parsed.ok) return failure(parsed.id, parsed.error);
  const { id, method, params } = parsed.call;
  if (forced !== undefined) return id === undefined ? undefined : failure(id, errorOf(forced));
  // O12: a method that the offer did not list is as unknown as any other.
  const outcome = caller.agreement.rpcMethods.includes(method)
    ? callMethod(caller, method, params)
    : ({ ok: false, error: METHOD_NOT_FOUND } as const);
  if (id === undefined) return undefined;
  return outcome.ok ? success(id, outcome.result) : failure(id, outcome.error);
}

const errorOf = ({ code, message, data }: RpcFailure): RpcFailure => ({ code, message, ...(data === undefined ? {} : { data }) });
