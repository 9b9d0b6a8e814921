import type { JsonObject } from './json.ts';
import { notifyMessage } from './notify-message.ts';
import type { RequestedRid } from './words.ts';

/** A change of the layer that one connection receives of another. */
export interface LayerChange {
  readonly senderConnectionId: string;
  /** `sender`: a layer appeared or disappeared. `receiver`: a request. */
  readonly trigger: 'sender' | 'receiver';
  readonly rpcRids: readonly RequestedRid[];
  readonly autoRids: readonly RequestedRid[];
  readonly requestRid: RequestedRid;
  readonly currentRid: RequestedRid;
  readonly previousRid: RequestedRid;
}

/** `none` is below every layer; among layers the names are in order. */
const rank = (rid: RequestedRid): string => (rid === 'none' ? '' : rid);

export const simulcastSwitched = (change: LayerChange, now: number): JsonObject =>
  notifyMessage(
    'simulcast.switched',
    {
      sender_connection_id: change.senderConnectionId,
      priority: rank(change.currentRid) > rank(change.previousRid) ? 'higher' : 'lower',
      trigger: change.trigger,
      rpc_rids: change.rpcRids,
      auto_rids: change.autoRids,
      request_rid: change.requestRid,
      current_rid: change.currentRid,
      previous_rid: change.previousRid,
    },
    now,
  );

/** A connection that came into focus or left it. */
export interface SpotlightChange {
  readonly focused: boolean;
  readonly clientId: string;
  readonly connectionId: string;
  readonly audio: boolean;
  readonly video: boolean;
  readonly fixed: boolean;
}

export const spotlightChanged = (change: SpotlightChange, now: number): JsonObject =>
  notifyMessage(
    change.focused ? 'spotlight.focused' : 'spotlight.unfocused',
    {
      client_id: change.clientId,
      connection_id: change.connectionId,
      audio: change.audio,
      video: change.video,
      fixed: change.fixed,
    },
    now,
  );

/** A change of ICE state that the lab's supervision noticed. */
export interface IceStateChanged {
  readonly clientId: string;
  readonly bundleId: string;
  readonly connectionId: string;
  readonly current: string;
  readonly previous: string;
}

/** The real name of this event is not known, its two members are (O9). */
export const iceStateChanged = (change: IceStateChanged, now: number): JsonObject =>
  notifyMessage(
    'lab.ice-connection-state.changed',
    {
      client_id: change.clientId,
      bundle_id: change.bundleId,
      connection_id: change.connectionId,
      current_state: change.current,
      previous_state: change.previous,
    },
    now,
  );

export const networkStatus = (unstableLevel: 0 | 1 | 2 | 3, now: number): JsonObject =>
  notifyMessage('network.status', { unstable_level: unstableLevel }, now);
