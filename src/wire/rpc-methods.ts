import type { JsonObject, JsonValue } from './json.ts';
import type { RequestRid } from './words.ts';

/** The methods whose parameters and results are known. Simulcast says sender and receiver where spotlight says send and recv. */
export interface RpcMethods {
  /** Changes the received simulcast layer; `simulcast.switched` follows when it took effect. */
  '2025.2.0/RequestSimulcastRid': {
    readonly params: {
      readonly rid: RequestRid;
      /** Absent: of all senders. */
      readonly sender_connection_id?: string;
    };
    readonly result: {
      readonly channel_id: string;
      readonly receiver_connection_id: string;
      readonly rid: RequestRid;
      readonly sender_connection_id?: string;
    };
  };
  /** Overrides the layers of spotlight. */
  '2025.2.0/RequestSpotlightRid': {
    readonly params: {
      readonly spotlight_focus_rid: RequestRid;
      readonly spotlight_unfocus_rid: RequestRid;
      readonly send_connection_id?: string;
    };
    readonly result: {
      readonly channel_id: string;
      readonly recv_connection_id: string;
      readonly spotlight_focus_rid: RequestRid;
      readonly spotlight_unfocus_rid: RequestRid;
    };
  };
  /** Takes the override back. */
  '2025.2.0/ResetSpotlightRid': {
    readonly params: { readonly send_connection_id?: string };
    readonly result: { readonly channel_id: string; readonly recv_connection_id: string };
  };
  /** Replaces the own notify metadata; the result is what is stored. */
  '2025.2.0/PutSignalingNotifyMetadata': {
    readonly params: { readonly metadata: JsonValue; readonly push?: boolean };
    readonly result: JsonValue;
  };
  /** Sets one key of the own notify metadata. */
  '2025.2.0/PutSignalingNotifyMetadataItem': {
    readonly params: { readonly key: string; readonly value: JsonValue; readonly push?: boolean };
    readonly result: JsonValue;
  };
}

/** A method with known types, or any other name that the offer's `rpc_methods` lists. */
export type RpcMethod = keyof RpcMethods | (string & Record<never, never>);

type ParamsOf<Entry> = Entry extends { readonly params: infer Params } ? Params : never;
type ResultOf<Entry> = Entry extends { readonly result: infer Result } ? Result : never;

/** The parameters of a method: of a known one its own type, of any other JSON. */
export type RpcParams<Method extends RpcMethod> = Method extends keyof RpcMethods
  ? ParamsOf<RpcMethods[Method]>
  : JsonObject | readonly JsonValue[] | undefined;

/** What the server answers according to its documents; the SDK hands it on as it came. */
export type RpcResult<Method extends RpcMethod> = Method extends keyof RpcMethods ? ResultOf<RpcMethods[Method]> : JsonValue;
