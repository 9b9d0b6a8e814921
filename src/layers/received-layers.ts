import { type OperatorFunction, distinctUntilChanged, scan, startWith } from 'rxjs';
import type { NotifyMessage, NotifySimulcastSwitched } from '../signaling/notify.ts';
import type { RequestRid } from '../signaling/words.ts';

/** Which simulcast layer of a sender is received. */
export interface ReceivedLayer {
  /** Whose video; null where the server does not say. */
  readonly senderConnectionId: string | null;
  /** The layer in use, which may be lower than the one that was asked for. */
  readonly currentRid?: RequestRid;
  readonly previousRid?: RequestRid;
  readonly requestRid?: RequestRid;
  /** Layers that an RPC may ask for. */
  readonly rpcRids: readonly RequestRid[];
  /** Layers that the server may choose by itself. */
  readonly autoRids: readonly RequestRid[];
  /** Why it changed last: the sender's layers did, or this client asked or lacked bandwidth. */
  readonly trigger?: 'sender' | 'receiver';
}

const NONE: readonly ReceivedLayer[] = [];

/**
 * Which simulcast layers are received: none known, then every change. Subscribe before the session connects, as `notify$` replays nothing.
 *
 * Cold fold of the source: ends and errors with it. A sender that leaves the channel is left out, and the message about the own connection,
 * with which a session begins, empties the list.
 *
 * @source Sora signaling notify, simulcast.switched
 */
export function receivedLayers(): OperatorFunction<NotifyMessage, readonly ReceivedLayer[]> {
  return (notify$) => notify$.pipe(scan(fold, NONE), startWith(NONE), distinctUntilChanged());
}

function fold(layers: readonly ReceivedLayer[], message: NotifyMessage): readonly ReceivedLayer[] {
  switch (message.event_type) {
    case 'simulcast.switched': {
      const layer = layerOf(message);
      const isKnown = layers.some(({ senderConnectionId }) => senderConnectionId === layer.senderConnectionId);
      return isKnown ? layers.map((each) => (each.senderConnectionId === layer.senderConnectionId ? layer : each)) : [...layers, layer];
    }
    case 'connection.destroyed': {
      const { connection_id: gone } = message;
      return layers.some(({ senderConnectionId }) => senderConnectionId === gone)
        ? layers.filter(({ senderConnectionId }) => senderConnectionId !== gone)
        : layers;
    }
    case 'connection.created':
      return (message.data ?? message.metadata_list) === undefined || layers.length === 0 ? layers : NONE;
    default:
      return layers;
  }
}

function layerOf(message: NotifySimulcastSwitched): ReceivedLayer {
  const { current_rid: currentRid, previous_rid: previousRid, request_rid: requestRid, trigger } = message;
  return {
    senderConnectionId: message.sender_connection_id ?? null,
    ...(currentRid !== undefined && { currentRid }),
    ...(previousRid !== undefined && { previousRid }),
    ...(requestRid !== undefined && { requestRid }),
    rpcRids: message.rpc_rids ?? [],
    autoRids: message.auto_rids ?? [],
    ...(trigger !== undefined && { trigger }),
  };
}
