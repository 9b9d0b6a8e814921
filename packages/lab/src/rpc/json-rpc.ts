import { isJsonObject, type JsonObject } from '../wire/json.ts';

/** An error as JSON-RPC 2.0 has it. */
export interface RpcFailure {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

export type RpcOutcome = { readonly ok: true; readonly result: unknown } | { readonly ok: false; readonly error: RpcFailure };

export type RpcId = string | number | null;

export interface RpcCall {
  /** Undefined: a notification, which gets no response. */
  readonly id: RpcId | undefined;
  readonly method: string;
  readonly params: JsonObject;
}

export type ParsedCall =
  { readonly ok: true; readonly call: RpcCall } | { readonly ok: false; readonly id: RpcId; readonly error: RpcFailure };

/** The codes of JSON-RPC 2.0; those of a real Sora are not known (O12). */
export const PARSE_ERROR: RpcFailure = { code: -32_700, message: 'Parse error' };
export const INVALID_REQUEST: RpcFailure = { code: -32_600, message: 'Invalid Request' };
export const METHOD_NOT_FOUND: RpcFailure = { code: -32_601, message: 'Method not found' };
export const invalidParams = (why: string): RpcFailure => ({ code: -32_602, message: 'Invalid params', data: why });

const isId = (value: unknown): value is RpcId => value === null || typeof value === 'string' || typeof value === 'number';

/** Reads one request. Batches are refused as a whole (O12). */
export function parseCall(request: unknown): ParsedCall {
  if (request === undefined) return { ok: false, id: null, error: PARSE_ERROR };
  if (!isJsonObject(request)) return { ok: false, id: null, error: INVALID_REQUEST };
  const { jsonrpc, id, method, params } = request as Readonly<Record<'jsonrpc' | 'id' | 'method' | 'params', unknown>>;
  const readableId = isId(id) ? id : null;
  if (jsonrpc !== '2.0' || typeof method !== 'string' || !(id === undefined || isId(id))) {
    return { ok: false, id: readableId, error: INVALID_REQUEST };
  }
  if (params !== undefined && !isJsonObject(params)) return { ok: false, id: readableId, error: invalidParams('params must be an object') };
  return { ok: true, call: { id, method, params: params ?? {} } };
}

export const success = (id: RpcId, result: unknown): JsonObject => ({ jsonrpc: '2.0', id, result });
export const failure = (id: RpcId, error: RpcFailure): JsonObject => ({ jsonrpc: '2.0', id, error });
