import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';
import { utf8Text } from '../transports/bytes.ts';
import { parseJson } from './parse-json.ts';

/** A call, or without `id` a notification that gets no answer. @source JSON-RPC 2.0 */
export interface RpcRequest {
  readonly jsonrpc: '2.0';
  readonly id?: number;
  readonly method: string;
  readonly params?: JsonObject | readonly JsonValue[];
}

/** Why the server refused a call. @source JSON-RPC 2.0, section 5.1 */
export interface RpcErrorObject {
  readonly code: number;
  readonly message: string;
  readonly data?: JsonValue;
}

/** The answer to a call. @source JSON-RPC 2.0, section 5 */
export type RpcResponse =
  | { readonly jsonrpc: '2.0'; readonly id: number | string; readonly result: JsonValue }
  | { readonly jsonrpc: '2.0'; readonly id: number | string; readonly error: RpcErrorObject };

/** A message of the channel `rpc` after its check. */
export type CheckedRpcResponse =
  | { readonly kind: 'result'; readonly id: number | string; readonly result: JsonValue }
  | { readonly kind: 'error'; readonly id: number | string; readonly error: RpcErrorObject }
  | { readonly kind: 'invalid'; readonly what: 'parse' | 'schema'; readonly detail: string };

/** Checks a message of the channel `rpc`, JSON as text or as bytes. Never throws. */
export function checkRpcResponse(data: string | Uint8Array): CheckedRpcResponse {
  const text = typeof data === 'string' ? data : utf8Text(data);
  const value = text === null ? undefined : parseJson(text);
  return value === undefined ? { kind: 'invalid', what: 'parse', detail: 'not JSON' } : checkEnvelope(value);
}

function checkEnvelope(value: unknown): CheckedRpcResponse {
  const invalid = (detail: string): CheckedRpcResponse => ({ kind: 'invalid', what: 'schema', detail });
  if (!isJsonObject(value)) return invalid('an object expected');
  const { jsonrpc, id, result, error } = value;
  if (jsonrpc !== '2.0') return invalid('jsonrpc: "2.0" expected');
  if (typeof id !== 'number' && typeof id !== 'string') return invalid('id: number or string expected');
  if ((result === undefined) === (error === undefined)) return invalid('either result or error expected');
  if (result !== undefined) return { kind: 'result', id, result };
  if (!isJsonObject(error)) return invalid('error: object expected');
  const { code, message, data } = error;
  if (typeof code !== 'number') return invalid('error.code: number expected');
  if (typeof message !== 'string') return invalid('error.message: string expected');
  return { kind: 'error', id, error: { code, message, ...(data !== undefined && { data }) } };
}
