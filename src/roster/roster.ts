import { type OperatorFunction, distinctUntilChanged, scan, startWith } from 'rxjs';
import type { JsonValue } from '../signaling/json.ts';
import type {
  NotifyConnectionCreated,
  NotifyConnectionDestroyed,
  NotifyConnectionUpdated,
  NotifyMember,
  NotifyMessage,
} from '../signaling/notify.ts';
import type { Role } from '../signaling/words.ts';

/** A connection in the channel; what the server's settings leave out is absent. */
export interface RosterMember {
  readonly connectionId: string;
  /** Whether it is the connection of this session. */
  readonly isSelf: boolean;
  readonly clientId?: string;
  readonly bundleId?: string;
  readonly role?: Role;
  /** Whether it uses audio, and video. */
  readonly audio?: boolean;
  readonly video?: boolean;
  readonly turnTransportType?: 'udp' | 'tcp';
  /** What it sent itself as `signalingNotifyMetadata`. */
  readonly authnMetadata?: JsonValue;
  /** What the server's webhook returned for it. */
  readonly authzMetadata?: JsonValue;
  /** Which of the two counts. */
  readonly metadata?: JsonValue;
}

/** How many connections the server counts in the channel, also those that it does not tell about. */
export interface RosterCounts {
  readonly total: number;
  readonly sendrecv: number;
  readonly sendonly: number;
  readonly recvonly: number;
}

/** Who is in the channel. */
export interface Roster {
  /** The own connection among them; null until the server has told about it. */
  readonly self: RosterMember | null;
  /** All connections that were told about, the own one included, in their order of arrival. */
  readonly members: readonly RosterMember[];
  /** Null until the server has counted. */
  readonly counts: RosterCounts | null;
}

type ConnectionEvent = NotifyConnectionCreated | NotifyConnectionUpdated | NotifyConnectionDestroyed;

const NOBODY: Roster = { self: null, members: [], counts: null };

/**
 * Who is in the channel: nobody, then every change. Subscribe before the session connects, as `notify$` replays nothing.
 *
 * Cold fold of the source: ends and errors with it. The server's message about the own connection lists who was there before and begins a new
 * roster, so that a session that follows another begins anew. Connections with the own bundle id are never told about.
 *
 * @source Sora signaling notify, connection.created, .updated and .destroyed
 */
export function roster(): OperatorFunction<NotifyMessage, Roster> {
  return (notify$) => notify$.pipe(scan(fold, NOBODY), startWith(NOBODY), distinctUntilChanged());
}

function fold(roster: Roster, message: NotifyMessage): Roster {
  switch (message.event_type) {
    case 'connection.created':
      return created(roster, message);
    case 'connection.updated':
      return { ...changed(roster, message), counts: countsOf(message) ?? roster.counts };
    case 'connection.destroyed': {
      const gone = idOf(message);
      return withMembers(
        roster,
        roster.members.filter(({ connectionId }) => connectionId !== gone),
        message,
      );
    }
    default:
      return roster;
  }
}

function created(roster: Roster, message: NotifyConnectionCreated): Roster {
  const present = message.data ?? message.metadata_list;
  if (present === undefined) return { ...changed(roster, message), counts: countsOf(message) ?? roster.counts };
  // Only the message about the own connection has a list, empty if alone.
  const others = present.flatMap((each) => memberOf(each, false) ?? []);
  const self = memberOf(message, true);
  return withMembers(NOBODY, self === null ? others : [...others, self], message);
}

/** The member that a message is about, come or changed. What the message does not say stays as it was. */
function changed(roster: Roster, message: ConnectionEvent): Roster {
  const known = roster.members.find(({ connectionId }) => connectionId === idOf(message));
  const told = memberOf(message, known?.isSelf ?? false);
  if (told === null) return roster;
  const member = { ...known, ...told };
  const members = known === undefined ? [...roster.members, member] : roster.members.map((each) => (each === known ? member : each));
  return withMembers(roster, members, message);
}

function withMembers(roster: Roster, members: readonly RosterMember[], message: ConnectionEvent): Roster {
  return { self: members.find(({ isSelf }) => isSelf) ?? null, members, counts: countsOf(message) ?? roster.counts };
}

/** Where the server's settings hide the connection id, the client id has to do. */
const idOf = ({ connection_id: connectionId, client_id: clientId }: NotifyMember): string | undefined => connectionId ?? clientId;

function memberOf(told: NotifyMember & Partial<ConnectionEvent>, isSelf: boolean): RosterMember | null {
  const connectionId = idOf(told);
  if (connectionId === undefined) return null;
  const { client_id: clientId, bundle_id: bundleId, role, audio, video, turn_transport_type: turnTransportType } = told;
  const { authn_metadata: authnMetadata, authz_metadata: authzMetadata, metadata } = told;
  return {
    connectionId,
    isSelf,
    ...(clientId !== undefined && { clientId }),
    ...(bundleId !== undefined && { bundleId }),
    ...(role !== undefined && { role }),
    ...(audio !== undefined && { audio }),
    ...(video !== undefined && { video }),
    ...(turnTransportType !== undefined && { turnTransportType }),
    ...(authnMetadata !== undefined && { authnMetadata }),
    ...(authzMetadata !== undefined && { authzMetadata }),
    ...(metadata !== undefined && { metadata }),
  };
}

function countsOf(message: ConnectionEvent): RosterCounts | null {
  const { channel_connections: total } = message;
  if (total === undefined) return null;
  return {
    total,
    sendrecv: message.channel_sendrecv_connections ?? 0,
    sendonly: message.channel_sendonly_connections ?? 0,
    recvonly: message.channel_recvonly_connections ?? 0,
  };
}
