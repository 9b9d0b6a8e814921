/** The methods that the lab implements, under the names that clients call. */
export const RPC_METHODS = [
  '2025.2.0/RequestSimulcastRid',
  '2025.2.0/RequestSpotlightRid',
  '2025.2.0/ResetSpotlightRid',
  '2025.2.0/PutSignalingNotifyMetadata',
  '2025.2.0/PutSignalingNotifyMetadataItem',
] as const;

export type RpcMethodName = (typeof RPC_METHODS)[number];
