import { expectTypeOf } from 'vitest';
import { rpc } from '../../src/rpc/rpc.ts';
import type { JsonObject, JsonValue, RpcParams, RpcResult, Session } from '../../src/index.ts';

declare const session: Session;

// The five known methods have their parameters and results.
expectTypeOf(rpc(session, '2025.2.0/RequestSimulcastRid', { rid: 'r0' })).resolves.toExtend<{ readonly receiver_connection_id: string }>();
expectTypeOf(rpc(session, '2025.2.0/RequestSpotlightRid', { spotlight_focus_rid: 'r2', spotlight_unfocus_rid: 'none' })).resolves.toExtend<{
  readonly recv_connection_id: string;
}>();
expectTypeOf(rpc(session, '2025.2.0/ResetSpotlightRid', {})).resolves.toExtend<{ readonly channel_id: string }>();
expectTypeOf(rpc(session, '2025.2.0/PutSignalingNotifyMetadata', { metadata: { a: [1] }, push: true })).resolves.toEqualTypeOf<JsonValue>();
expectTypeOf(rpc(session, '2025.2.0/PutSignalingNotifyMetadataItem', { key: 'hand', value: true })).resolves.toEqualTypeOf<JsonValue>();

// @ts-expect-error -- no such layer
void rpc(session, '2025.2.0/RequestSimulcastRid', { rid: 'r9' });
// @ts-expect-error -- simulcast says sender where spotlight says send
void rpc(session, '2025.2.0/RequestSimulcastRid', { rid: 'r0', send_connection_id: 'X' });
// @ts-expect-error -- the second layer is missing
void rpc(session, '2025.2.0/RequestSpotlightRid', { spotlight_focus_rid: 'r2' });

// Any other method is open.
expectTypeOf<RpcParams<'2031.1.0/Unheard'>>().toEqualTypeOf<JsonObject | readonly JsonValue[] | undefined>();
expectTypeOf<RpcResult<'2031.1.0/Unheard'>>().toEqualTypeOf<JsonValue>();
expectTypeOf(rpc(session, '2031.1.0/Unheard', { any: 'thing' }, { timeoutMs: 100, notification: true })).resolves.toEqualTypeOf<JsonValue>();
