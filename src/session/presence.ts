import { isJsonObject } from '../wire/json.ts';
import type { NotifyMember, NotifyMessage } from '../wire/notify.ts';

/** A message of `notify` as members by name. */
export type NotifyFacts = NotifyMember & Readonly<Record<string, unknown>>;

/**
 * What `notify` said that still holds: about each connection in the channel, its place in the spotlight, the layer that is received from it, and the
 * network. It lets `roster()` and its like answer late subscribers, at a cost per message that does not depend on how many there were.
 */
export interface Presence {
  readonly take: (message: NotifyMessage) => void;
  /** The id of the own connection; null before the server has reported it. */
  readonly selfId: () => string | null;
  /** Messages about connections, in the order of their arrival: later members over earlier ones. */
  readonly connections: ReadonlyMap<string, NotifyFacts>;
  /** The last message that counted the connections. */
  readonly counted: () => NotifyFacts | null;
  /** The latest messages about spotlight, layers and network, in the order of their arrival. */
  readonly others: ReadonlyMap<string, NotifyMessage>;
}

export function createPresence(): Presence {
  const connections = new Map<string, NotifyFacts>();
  const others = new Map<string, NotifyMessage>();
  let selfId: string | null = null;
  let counted: NotifyFacts | null = null;

  return {
    selfId: () => selfId,
    counted: () => counted,
    connections,
    others,
    take(message) {
      const facts = message as NotifyFacts & NotifyMessage;
      const { event_type: name } = message;
      const about = name.slice(0, name.indexOf('.'));
      const id = idOf(facts);
      const { sender_connection_id: sender, spotlight_id: place } = facts;
      if (about === 'simulcast' || about === 'network') others.set(`${about} ${typeof sender === 'string' ? sender : ''}`, message);
      if (about === 'spotlight') {
        // An old server numbers the places of the spotlight: each has one sender. Whoever came last stands last.
        for (const [key, other] of others) if (place !== undefined && (other as NotifyFacts)['spotlight_id'] === place) others.delete(key);
        others.delete(`spotlight ${id}`);
        if (name !== 'spotlight.unfocused') others.set(`spotlight ${id}`, message);
      }
      if (about !== 'connection') return;
      if (facts['channel_connections'] !== undefined) counted = facts;
      if (name === 'connection.destroyed') {
        connections.delete(id);
        for (const other of ['spotlight', 'simulcast']) others.delete(`${other} ${id}`);
        return;
      }
      const present = presentIn(facts);
      if (present !== undefined) {
        // Only the own message names who was there before, and with it a session begins.
        connections.clear();
        others.clear();
        selfId = id;
        for (const member of present) connections.set(idOf(member), member);
      }
      connections.set(id, merged(connections.get(id), facts));
    },
  };
}

/** Later members over earlier ones: mostly the later message itself, as it has them all. */
function merged(earlier: NotifyFacts | undefined, later: NotifyFacts): NotifyFacts {
  for (const name in earlier) if (later[name] === undefined) return { ...earlier, ...later };
  return later;
}

/** Where the server hides the connection id, the client id has to do. */
export const idOf = ({ connection_id: connectionId, client_id: clientId }: NotifyMember): string =>
  [connectionId, clientId].find((id) => typeof id === 'string') ?? '';

/** The connections that were in the channel before, empty if none; undefined in messages about others. */
export const presentIn = (facts: object): readonly NotifyFacts[] | undefined => {
  const { data, metadata_list: list } = facts as Readonly<Record<string, unknown>>;
  const present = data ?? list;
  return Array.isArray(present) ? present.filter(isJsonObject) : undefined;
};
