import { type Observable, defer, filter, map, scan, startWith } from 'rxjs';
import { internalsOf } from '../session/internals.ts';
import { type NotifyFacts, idOf, presentIn } from '../session/presence.ts';
import type { Session } from '../session/session.ts';
import type { JsonValue } from '../wire/json.ts';
import type { NotifyMessage } from '../wire/notify.ts';
import type { Role } from '../wire/words.ts';
import { type MemberList, memberList } from './member-list.ts';

/** A connection in the channel. Whatever the server's settings hide is absent. */
export interface RosterMember {
  readonly connectionId: string;
  /** Whether it is the connection of this session. */
  readonly isSelf: boolean;
  readonly clientId?: string;
  readonly bundleId?: string;
  readonly role?: Role;
  /** Whether it uses audio. */
  readonly audio?: boolean;
  /** Whether it uses video. */
  readonly video?: boolean;
  readonly turnTransportType?: 'udp' | 'tcp';
  /** What it sent itself as `signalingNotifyMetadata`. */
  readonly authnMetadata?: JsonValue;
  /** What the server's webhook returned for it. */
  readonly authzMetadata?: JsonValue;
  /** Which of the two is in effect. */
  readonly metadata?: JsonValue;
}

/** How many connections the server counts in the channel, also those that it does not report. */
export interface RosterCounts {
  readonly total: number;
  readonly sendrecv: number;
  readonly sendonly: number;
  readonly recvonly: number;
}

/** Who is in the channel. A snapshot: it does not change. */
export interface Roster {
  /** The own connection, which is among `members` too; null until the server has reported it. */
  readonly self: RosterMember | null;
  /** All connections that were reported, in the order of their arrival. */
  readonly members: readonly RosterMember[];
  /** Null until the server has counted. */
  readonly counts: RosterCounts | null;
}

interface State {
  readonly list: MemberList<RosterMember>;
  readonly selfId: string | null;
  readonly counts: RosterCounts | null;
  readonly isChanged: boolean;
}

/**
 * Who is in the channel, now and after every change; right whenever it is subscribed to. Cold; ends with the session, whose last roster it replays; never
 * errors. An event costs the same however many members there are, as a snapshot makes its list of members when it is read.
 *
 * Connections with the own bundle id are never reported by the server.
 *
 * @example
 * ```ts
 * roster(session).subscribe(({ members }) => console.log(members.map(({ clientId }) => clientId)));
 * ```
 * @source Sora signaling notify, connection.created, .updated and .destroyed
 */
export function roster(session: Session): Observable<Roster> {
  return defer(() => {
    const presence = internalsOf(session).live()?.presence;
    const first = stateOf(
      presence?.selfId() ?? null,
      presence?.connections ?? new Map<string, NotifyFacts>(),
      countsOf(presence?.counted()),
    );
    return session.notify$.pipe(
      scan(after, first),
      startWith(first),
      filter(({ isChanged }) => isChanged),
      map(rosterOf),
    );
  });
}

function stateOf(selfId: string | null, connections: ReadonlyMap<string, NotifyFacts>, counts: RosterCounts | null): State {
  const list = [...connections].reduce(
    (known, [id, facts]) => (id === '' ? known : known.with(id, memberOf(id, facts, id === selfId))), // the server hides who it is
    memberList<RosterMember>(),
  );
  return { list, selfId, counts, isChanged: true };
}

function rosterOf({ list, selfId, counts }: State): Roster {
  return {
    self: selfId === null ? null : (list.get(selfId) ?? null),
    get members() {
      return list.items();
    },
    counts,
  };
}

function after(state: State, message: NotifyMessage): State {
  const [about, what] = message.event_type.split('.');
  const facts = message as NotifyFacts;
  const id = idOf(facts);
  if (about !== 'connection') return state.isChanged ? { ...state, isChanged: false } : state;
  const present = presentIn(facts);
  const counts = countsOf(facts) ?? state.counts;
  if (what === 'destroyed') return { ...state, list: state.list.without(id), counts, isChanged: true };
  if (present !== undefined) {
    // Only the message about the own connection names who was there before, and with it a session begins.
    return stateOf(id, new Map([...present.map((each) => [idOf(each), each] as const), [id, facts]]), counts);
  }
  if (id === '') return { ...state, counts, isChanged: true };
  const member = { ...state.list.get(id), ...memberOf(id, facts, id === state.selfId) };
  return { ...state, list: state.list.with(id, member), counts, isChanged: true };
}

const NAMES = {
  client_id: 'clientId',
  bundle_id: 'bundleId',
  role: 'role',
  audio: 'audio',
  video: 'video',
  turn_transport_type: 'turnTransportType',
  authn_metadata: 'authnMetadata',
  authz_metadata: 'authzMetadata',
  metadata: 'metadata',
} as const;

function memberOf(connectionId: string, facts: NotifyFacts, isSelf: boolean): RosterMember {
  const member: Record<string, unknown> = { connectionId, isSelf };
  for (const [name, ownName] of Object.entries(NAMES)) if (facts[name] !== undefined) member[ownName] = facts[name];
  return member as unknown as RosterMember;
}

function countsOf(facts: NotifyFacts | null | undefined): RosterCounts | null {
  if (facts?.['channel_connections'] === undefined) return null;
  const count = (name: string): number => (facts[name] as number | undefined) ?? 0;
  return {
    total: count('channel_connections'),
    sendrecv: count('channel_sendrecv_connections'),
    sendonly: count('channel_sendonly_connections'),
    recvonly: count('channel_recvonly_connections'),
  };
}
