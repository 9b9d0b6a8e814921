import { Subject } from 'rxjs';
import { expect, test } from 'vitest';
import { type LayerOutcome, type LayerRequest, requestLayers } from '../../src/layers/request-layers.ts';
import type { Session } from '../../src/session/session.ts';
import { SoraRpcError } from '../../src/rpc/rpc-error.ts';

test('requests are made one after another, and a refusal is a value', async () => {
  const calls: unknown[] = [];
  const answers: ((value: unknown) => void)[] = [];
  const rpc = (method: string, params: unknown): Promise<unknown> => {
    calls.push([method, params]);
    return new Promise((resolve) => answers.push(resolve));
  };
  const wishes$ = new Subject<LayerRequest>();
  const outcomes: LayerOutcome[] = [];
  wishes$.pipe(requestLayers({ rpc: rpc as Session['rpc'] })).subscribe((outcome) => outcomes.push(outcome));

  wishes$.next({ rid: 'r0', senderConnectionId: 'ALICE' });
  wishes$.next({ rid: 'r2' });
  expect(calls).toEqual([['2025.2.0/RequestSimulcastRid', { rid: 'r0', sender_connection_id: 'ALICE' }]]);

  const refused = new SoraRpcError('2025.2.0/RequestSimulcastRid', -32602, 'no such layer');
  answers[0]!(Promise.reject(refused));
  await new Promise((resolve) => setImmediate(resolve));
  expect(calls[1]).toEqual(['2025.2.0/RequestSimulcastRid', { rid: 'r2' }]);
  answers[1]!({ rid: 'r2' });
  await new Promise((resolve) => setImmediate(resolve));
  expect(outcomes).toEqual([
    { kind: 'refused', request: { rid: 'r0', senderConnectionId: 'ALICE' }, error: refused },
    { kind: 'accepted', request: { rid: 'r2' }, result: { rid: 'r2' } },
  ]);
});
