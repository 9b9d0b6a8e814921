import { expect, test } from 'vitest';
import { parseCall } from '../../src/rpc/json-rpc.ts';

test('a call and a notification', () => {
  expect(parseCall({ jsonrpc: '2.0', id: 1, method: 'm', params: { a: 1 } })).toEqual({
    ok: true,
    call: { id: 1, method: 'm', params: { a: 1 } },
  });
  expect(parseCall({ jsonrpc: '2.0', method: 'm' })).toEqual({ ok: true, call: { id: undefined, method: 'm', params: {} } });
});

test.each([
  [undefined, null, -32_700],
  [[], null, -32_600],
  ['text', null, -32_600],
  [{ jsonrpc: '2.0', id: 1 }, 1, -32_600],
  [{ jsonrpc: '1.0', id: 'a', method: 'm' }, 'a', -32_600],
  [{ jsonrpc: '2.0', id: {}, method: 'm' }, null, -32_600],
  [{ jsonrpc: '2.0', id: 2, method: 'm', params: [1] }, 2, -32_602],
] as const)('%j is refused', (request, id, code) => {
  expect(parseCall(request)).toMatchObject({ ok: false, id, error: { code } });
});
