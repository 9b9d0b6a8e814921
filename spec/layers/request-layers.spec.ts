import { Subject } from 'rxjs';
import { expect, test } from 'vitest';
import { type LayerOutcome, type LayerRequest, requestLayers } from '../../src/layers/request-layers.ts';
import { elapse, pass, rig, useVirtualTime } from '../support/session-rig.ts';

useVirtualTime();

const calls = (r: ReturnType<typeof rig>): unknown[] => r.sent().filter((message) => 'jsonrpc' in message);

test('requests are made one after another, and a refusal is a value', async () => {
  const r = rig({ mode: 'D', start: 'switched', sora: { labels: ['rpc'] } });
  const wishSubject = new Subject<LayerRequest>();
  const outcomes: LayerOutcome[] = [];
  wishSubject.pipe(requestLayers(r.session)).subscribe((outcome) => outcomes.push(outcome));

  wishSubject.next({ rid: 'r0', senderConnectionId: 'ALICE' });
  wishSubject.next({ rid: 'r2' });
  const call = { jsonrpc: '2.0', method: '2025.2.0/RequestSimulcastRid' };
  expect(calls(r)).toEqual([{ ...call, id: 1, params: { rid: 'r0', sender_connection_id: 'ALICE' } }]);

  r.receive({ jsonrpc: '2.0', id: 1, error: { code: -32602, message: 'no such layer' } }, 'rpc');
  await pass(0);
  expect(calls(r)[1]).toEqual({ ...call, id: 2, params: { rid: 'r2' } });
  r.receive({ jsonrpc: '2.0', id: 2, result: { rid: 'r2' } }, 'rpc');
  await pass(0);
  expect(outcomes).toEqual([
    { kind: 'refused', request: { rid: 'r0', senderConnectionId: 'ALICE' }, error: expect.objectContaining({ code: -32602 }) as unknown },
    { kind: 'accepted', request: { rid: 'r2' }, result: { rid: 'r2' } },
  ]);
});

test('a request after the end is refused with the reason', async () => {
  const r = rig({ mode: 'D', start: 'switched', sora: { labels: ['rpc'] } });
  r.play('pc failed');
  elapse();
  const wishSubject = new Subject<LayerRequest>();
  const outcomes: LayerOutcome[] = [];
  wishSubject.pipe(requestLayers(r.session)).subscribe((outcome) => outcomes.push(outcome));
  wishSubject.next({ rid: 'r0' });
  await pass(0);
  expect(outcomes).toMatchObject([{ kind: 'refused', error: { code: 'ended' } }]);
});
