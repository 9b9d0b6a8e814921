import { checked, Fields } from '../wire/fields.ts';
import { isJsonObject, withoutUndefined, type JsonObject } from '../wire/json.ts';
import { effectiveMetadata } from '../wire/notify-message.ts';
import { RPC_METHODS, type RpcMethodName } from '../wire/rpc-methods.ts';
import { REQUESTED_RIDS } from '../wire/words.ts';
import { invalidParams, METHOD_NOT_FOUND, type RpcOutcome } from './json-rpc.ts';
import type { RpcCaller } from './rpc-caller.ts';

type Method = (caller: RpcCaller, fields: Fields) => unknown;

/**
 * Replaces metadata, and pushes the change to the channel on request (O11). `PutMetadataItem` has the form that the vendor's tests expect,
 * `PutMetadata` follows it.
 */
function putMetadata(caller: RpcCaller, metadata: unknown, push: boolean, change: JsonObject & { readonly action: string }): unknown {
  caller.setMetadata(metadata);
  if (push) {
    const { connectionId } = caller.agreement;
    caller.pushToChannel({ type: 'signaling_notify_metadata_ext', connection_id: connectionId, ...change });
  }
  return metadata;
}

/** The caller's own id, which is implied and which the vendor's test sends all the same. */
function checkOwnId(caller: RpcCaller, fields: Fields, name: string): void {
  const given = fields.text(name);
  if (given !== undefined && given !== caller.agreement.connectionId) fields.refuse(name, 'is not the caller');
}

export const requestSimulcastRid: Method = (caller, fields) => {
  const rid = fields.requiredOneOf('rid', REQUESTED_RIDS);
  if (!caller.agreement.rpcRids.includes(rid)) fields.refuse('rid', 'is not allowed');
  const sender = fields.text('sender_connection_id');
  checkOwnId(caller, fields, 'receiver_connection_id');
  caller.media.layers.request(rid, sender);
  caller.media.applyLayers();
  const { channelId, connectionId } = caller.agreement;
  return withoutUndefined({ channel_id: channelId, receiver_connection_id: connectionId, rid, sender_connection_id: sender });
};

export const requestSpotlightRid: Method = (caller, fields) => {
  const focusRid = fields.requiredOneOf('spotlight_focus_rid', REQUESTED_RIDS);
  const unfocusRid = fields.requiredOneOf('spotlight_unfocus_rid', REQUESTED_RIDS);
  checkOwnId(caller, fields, 'recv_connection_id');
  caller.media.layers.requestSpotlight({ focusRid, unfocusRid }, fields.text('send_connection_id'));
  caller.media.applyLayers();
  const { channelId, connectionId } = caller.agreement;
  return { channel_id: channelId, recv_connection_id: connectionId, spotlight_focus_rid: focusRid, spotlight_unfocus_rid: unfocusRid };
};

export const resetSpotlightRid: Method = (caller, fields) => {
  checkOwnId(caller, fields, 'recv_connection_id');
  caller.media.layers.resetSpotlight(fields.text('send_connection_id'));
  caller.media.applyLayers();
  return { channel_id: caller.agreement.channelId, recv_connection_id: caller.agreement.connectionId };
};

export const putSignalingNotifyMetadata: Method = (caller, fields) => {
  if (!fields.has('metadata')) fields.refuse('metadata', 'is required');
  const metadata = fields.any('metadata');
  return putMetadata(caller, metadata, fields.flag('push') ?? false, { action: 'PutMetadata', metadata });
};

/** The result is the whole metadata after the change (O13). Metadata that is not an object is replaced by one. */
export const putSignalingNotifyMetadataItem: Method = (caller, fields) => {
  const key = fields.requiredText('key', { minLength: 1 });
  if (!fields.has('value')) fields.refuse('value', 'is required');
  const value = fields.any('value');
  const current = effectiveMetadata(caller.metadata);
  const metadata = { ...(isJsonObject(current) ? current : {}), [key]: value };
  return putMetadata(caller, metadata, fields.flag('push') ?? false, { action: 'PutMetadataItem', key, value });
};

const methods: Readonly<Record<RpcMethodName, Method>> = {
  '2025.2.0/RequestSimulcastRid': requestSimulcastRid,
  '2025.2.0/RequestSpotlightRid': requestSpotlightRid,
  '2025.2.0/ResetSpotlightRid': resetSpotlightRid,
  '2025.2.0/PutSignalingNotifyMetadata': putSignalingNotifyMetadata,
  '2025.2.0/PutSignalingNotifyMetadataItem': putSignalingNotifyMetadataItem,
};

/** Performs one method for the connection that calls it. Unnecessary parameters are ignored. */
export function callMethod(caller: RpcCaller, name: string, params: JsonObject): RpcOutcome {
  const known = RPC_METHODS.find((candidate) => candidate === name);
  if (known === undefined) return { ok: false, error: METHOD_NOT_FOUND };
  const outcome = checked(() => methods[known](caller, new Fields(params)));
  return outcome.ok ? { ok: true, result: outcome.value } : { ok: false, error: invalidParams(outcome.reason) };
}
