import type { NotifyMember, NotifyMessage } from '../wire/notify.ts';

/** What is known about one connection: its messages, later members over earlier ones. */
export type ConnectionFacts = NotifyMember & Readonly<Record<string, unknown>>;

/** The connections in the channel, in the order of their arrival. */
export interface Connections {
  /** The id of the own connection; null before the server has reported it. */
  readonly selfId: string | null;
  readonly members: ReadonlyMap<string, ConnectionFacts>;
  /** The last message that counted the connections. */
  readonly counted: ConnectionFacts | null;
}

/**
 * What `notify` said that still holds: about each connection in the channel, its place in the spotlight, the layer that is received from it, and the
 * network. It lets `roster()` and its like answer late subscribers, at a cost per message that does not depend on how many there were.
 */
export interface Presence {
  take(message: NotifyMessage): void;
  connections(): Connections;
  /** The latest messages about spotlight, layers and network, in the order of their arrival. */
  others(): readonly NotifyMessage[];
}

export function createPresence(): Presence {
  const members = new Map<string, ConnectionFacts>();
  const others = new Map<string, NotifyMessage>();
  let selfId: string | null = null;
  let counted: ConnectionFacts | null = null;

  function takeConnection(message: ConnectionFacts & NotifyMessage): void {
    const id = idOf(message);
    const present = presentIn(message);
    if (message.channel_connections !== undefined) counted = message;
    if (id === null) return;
    if (message.event_type === 'connection.destroyed') {
      members.delete(id);
      others.delete(`spotlight ${id}`);
      others.delete(`simulcast ${id}`);
      return;
    }
    if (present !== undefined) {
      // Only the own message names who was there before, and with it a session begins.
      members.clear();
      others.clear();
      selfId = id;
      for (const member of present) {
        const memberId = idOf(member);
        if (memberId !== null) members.set(memberId, member);
      }
    }
    members.set(id, { ...members.get(id), ...message });
  }

  return {
    take(message) {
      const facts = message as ConnectionFacts & NotifyMessage;
      const [about, what] = message.event_type.split('.');
      if (about === 'connection') takeConnection(facts);
      else if (about === 'network') others.set('network', message);
      else if (about === 'simulcast') others.set(`simulcast ${String(facts['sender_connection_id'])}`, message);
      else if (about === 'spotlight') {
        // An old server numbers the places instead of reporting who comes and goes. Whoever came last stands last.
        const name = `spotlight ${String(facts['spotlight_id'] ?? idOf(facts))}`;
        others.delete(name);
        if (what !== 'unfocused') others.set(name, message);
      }
    },
    connections: () => ({ selfId, members, counted }),
    others: () => [...others.values()],
  };
}

/** Where the server hides the connection id, the client id has to do. */
export const idOf = (facts: NotifyMember): string | null => facts.connection_id ?? facts.client_id ?? null;

/** The connections that were in the channel before, empty if none; undefined in messages about others. */
export function presentIn(facts: object): readonly ConnectionFacts[] | undefined {
  const { data, metadata_list: list } = facts as Readonly<Record<string, readonly ConnectionFacts[] | undefined>>;
  return data ?? list;
}
