import { test as propertyTest, fc } from '@fast-check/vitest';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { checkRpcResponse } from '../../src/wire/rpc.ts';
import type { JsonObject, JsonValue } from '../../src/wire/json.ts';
import type { RpcMethod, RpcParams, RpcResult } from '../../src/wire/rpc-methods.ts';

describe('checkRpcResponse', () => {
  test.each<[string, object]>([
    ['{"jsonrpc":"2.0","id":1,"result":{"rid":"r0"}}', { kind: 'result', id: 1, result: { rid: 'r0' } }],
    ['{"jsonrpc":"2.0","id":"a","result":null}', { kind: 'result', id: 'a', result: null }],
    ['{"jsonrpc":"2.0","id":2,"result":false,"extra":1}', { kind: 'result', id: 2, result: false }],
    [
      '{"jsonrpc":"2.0","id":2,"error":{"code":-32601,"message":"Method not found"}}',
      { kind: 'error', id: 2, error: { code: -32_601, message: 'Method not found' } },
    ],
    [
      '{"jsonrpc":"2.0","id":2,"error":{"code":1,"message":"","data":null}}',
      { kind: 'error', id: 2, error: { code: 1, message: '', data: null } },
    ],
  ])('%s', (text, expected) => {
    expect(checkRpcResponse(text)).toEqual(expected);
    expect(checkRpcResponse(new TextEncoder().encode(text))).toEqual(expected);
    expect(checkRpcResponse(JSON.parse(text))).toEqual(expected);
  });

  test.each([
    ['[]', 'no object'],
    ['[{"jsonrpc":"2.0","id":1,"result":1}]', 'no object'],
    ['{"id":1,"result":1}', 'jsonrpc: "2.0" expected'],
    ['{"jsonrpc":"1.0","id":1,"result":1}', 'jsonrpc: "2.0" expected'],
    ['{"jsonrpc":"2.0","result":1}', 'id: number or string expected'],
    ['{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error"}}', 'id: number or string expected'],
    ['{"jsonrpc":"2.0","id":1}', 'either result or error expected'],
    ['{"jsonrpc":"2.0","id":1,"result":1,"error":{"code":1,"message":""}}', 'either result or error expected'],
    ['{"jsonrpc":"2.0","id":1,"error":"no"}', 'error: object expected'],
    ['{"jsonrpc":"2.0","id":1,"error":null}', 'error: object expected'],
    ['{"jsonrpc":"2.0","id":1,"error":{"code":"1","message":""}}', 'error.code: number expected'],
    ['{"jsonrpc":"2.0","id":1,"error":{"code":1}}', 'error.message: string expected'],
  ])('%s answers no call: %s', (text, detail) => {
    expect(checkRpcResponse(text)).toStrictEqual({ kind: 'invalid', what: 'schema', detail });
  });

  test('an error without data has no such member', () => {
    const text = '{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"no"}}';
    expect(checkRpcResponse(text)).toStrictEqual({ kind: 'error', id: 1, error: { code: 1, message: 'no' } });
  });

  test('no JSON', () => {
    expect(checkRpcResponse('{')).toEqual({ kind: 'invalid', what: 'parse', detail: 'not JSON' });
  });

  propertyTest.prop([fc.anything()])('nothing makes it throw', (anything) => {
    checkRpcResponse(anything);
  });
});

test('known methods have their types, others are open', () => {
  expectTypeOf<RpcParams<'2025.2.0/RequestSimulcastRid'>>().toEqualTypeOf<{
    readonly rid: 'none' | 'r0' | 'r1' | 'r2';
    readonly sender_connection_id?: string;
  }>();
  expectTypeOf<RpcResult<'2025.2.0/ResetSpotlightRid'>>().toEqualTypeOf<{
    readonly channel_id: string;
    readonly recv_connection_id: string;
  }>();
  expectTypeOf<RpcResult<'2099.1.0/Whatever'>>().toEqualTypeOf<JsonValue>();
  expectTypeOf<RpcParams<'2099.1.0/Whatever'>>().toEqualTypeOf<JsonObject | readonly JsonValue[] | undefined>();
  expectTypeOf<'2099.1.0/Whatever'>().toExtend<RpcMethod>();
});
