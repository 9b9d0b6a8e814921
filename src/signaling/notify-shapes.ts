import type {
  NotifyConnectionCreated,
  NotifyConnectionDestroyed,
  NotifyConnectionUpdated,
  NotifyEvents,
  NotifyMember,
  NotifyMessage,
  NotifyNetworkStatus,
  NotifyOther,
  NotifySimulcastSwitched,
  NotifySpotlightChanged,
  NotifySpotlightFocused,
  NotifySpotlightUnfocused,
} from './notify.ts';
import { isJsonObject } from './json.ts';
import { anything, boolean, list, Misfit, number, object, orNull, required, string, told, word, type Drift, type Read } from './shape.ts';
import { requestRids, roles } from './words.ts';

const common = <EventType extends keyof NotifyEvents>(eventType: EventType) => ({
  type: required(word('notify')),
  event_type: required(word(eventType)),
  timestamp: told(string),
});

const identity = { client_id: told(string), bundle_id: told(string), connection_id: told(string) };

const metadata = { authn_metadata: told(anything), authz_metadata: told(anything), metadata: told(anything) };

const members = told(list(object<NotifyMember>({ ...identity, ...metadata })));

const connection = {
  ...identity,
  ...metadata,
  role: told(word(...roles)),
  session_id: told(string),
  audio: told(boolean),
  video: told(boolean),
  minutes: told(number),
  channel_connections: told(number),
  channel_sendrecv_connections: told(number),
  channel_sendonly_connections: told(number),
  channel_recvonly_connections: told(number),
  turn_transport_type: told(word('udp', 'tcp')),
};

const spotlight = {
  client_id: told(orNull(string)),
  connection_id: told(orNull(string)),
  audio: told(boolean),
  video: told(boolean),
  fixed: told(boolean),
};

const rid = word(...requestRids);

const shapes: { readonly [EventType in keyof NotifyEvents]: Read<NotifyEvents[EventType]> } = {
  'connection.created': object<NotifyConnectionCreated>({
    ...common('connection.created'),
    ...connection,
    data: members,
    metadata_list: members,
  }),
  'connection.updated': object<NotifyConnectionUpdated>({ ...common('connection.updated'), ...connection }),
  'connection.destroyed': object<NotifyConnectionDestroyed>({ ...common('connection.destroyed'), ...connection }),
  'simulcast.switched': object<NotifySimulcastSwitched>({
    ...common('simulcast.switched'),
    sender_connection_id: told(orNull(string)),
    priority: told(word('higher', 'lower')),
    trigger: told(word('sender', 'receiver')),
    rpc_rids: told(list(rid)),
    auto_rids: told(list(rid)),
    request_rid: told(rid),
    current_rid: told(rid),
    previous_rid: told(rid),
  }),
  'spotlight.focused': object<NotifySpotlightFocused>({ ...common('spotlight.focused'), ...spotlight }),
  'spotlight.unfocused': object<NotifySpotlightUnfocused>({ ...common('spotlight.unfocused'), ...spotlight }),
  'spotlight.changed': object<NotifySpotlightChanged>({
    ...common('spotlight.changed'),
    ...spotlight,
    spotlight_id: told(string),
  }),
  'network.status': object<NotifyNetworkStatus>({ ...common('network.status'), unstable_level: told(word(0, 1, 2, 3)) }),
};

const isKnown = (eventType: string): eventType is keyof NotifyEvents => Object.hasOwn(shapes, eventType);

/** Only `event_type` must be there; an unknown one is handed on with all members and noted. */
export const notify: Read<NotifyMessage> = (value, at, drift: Drift) => {
  if (!isJsonObject(value)) return new Misfit(at, 'object expected');
  const { event_type: eventType } = value;
  if (typeof eventType !== 'string') return new Misfit(`${at}.event_type`, 'string expected');
  if (isKnown(eventType)) return shapes[eventType](value, at, drift);
  drift.note(`${at}.event_type`, 'unknown event');
  return value as unknown as NotifyOther;
};
