import type { Observable } from 'rxjs';
import type { Session } from '../session/session.ts';
import { presentIn } from '../session/presence.ts';
import type { NotifyMessage, NotifySimulcastSwitched } from '../wire/notify.ts';
import type { RequestRid } from '../wire/words.ts';
import { stateOfNotify } from './state-of-notify.ts';

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
 * Which simulcast layer is received from each sender, now and after every change; a sender who leaves the channel is left out. Right whenever it is
 * subscribed to. Cold; ends with the session, never errors.
 *
 * @example
 * ```ts
 * receivedLayers(session).subscribe((layers) => console.log(layers.map(({ currentRid }) => currentRid)));
 * ```
 * @source Sora signaling notify, simulcast.switched
 */
export function receivedLayers(session: Session): Observable<readonly ReceivedLayer[]> {
  return stateOfNotify(session, NONE, fold);
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
      return presentIn(message) === undefined || layers.length === 0 ? layers : NONE; // a session begins
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
