/** Messages of the Sora signaling protocol, in both directions. Types alone. */
export type * from './messages.ts';
export type * from './notify.ts';
export type { RpcErrorObject, RpcRequest, RpcResponse } from './rpc.ts';
