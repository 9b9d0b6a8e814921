import type { JsonValue } from './json.ts';
import type { RequestRid, Role } from './words.ts';

/** Metadata of a connection: what it sent itself, what the server's webhook returned, and what counts. Any JSON. */
export interface NotifyMetadata {
  readonly authn_metadata?: JsonValue;
  readonly authz_metadata?: JsonValue;
  readonly metadata?: JsonValue;
}

/** Who a connection is; the server's settings say which of the members it tells. */
export interface NotifyIdentity {
  readonly client_id?: string;
  readonly bundle_id?: string;
  readonly connection_id?: string;
}

/** A connection that was already in the channel. */
export interface NotifyMember extends NotifyIdentity, NotifyMetadata {}

interface Notify<EventType extends string> {
  readonly type: 'notify';
  readonly event_type: EventType;
  /** RFC 3339 in UTC with microseconds. */
  readonly timestamp?: string;
}

interface NotifyConnection<EventType extends string> extends Notify<EventType>, NotifyIdentity, NotifyMetadata {
  readonly role?: Role;
  readonly session_id?: string;
  /** Whether the connection uses audio, and video. */
  readonly audio?: boolean;
  readonly video?: boolean;
  /** Minutes connected. */
  readonly minutes?: number;
  /** Connections in the channel now, and how many of each role. */
  readonly channel_connections?: number;
  readonly channel_sendrecv_connections?: number;
  readonly channel_sendonly_connections?: number;
  readonly channel_recvonly_connections?: number;
  readonly turn_transport_type?: 'udp' | 'tcp';
}

/** Somebody joined; the own message carries who was there already. */
export interface NotifyConnectionCreated extends NotifyConnection<'connection.created'> {
  /** Only in the message about the own connection; empty if alone. */
  readonly data?: readonly NotifyMember[];
  /** The name of `data` before Sora 2022.1.0. */
  readonly metadata_list?: readonly NotifyMember[];
}

/** What is told about a connection at intervals, and when it changed. */
export type NotifyConnectionUpdated = NotifyConnection<'connection.updated'>;

/** Somebody left. */
export type NotifyConnectionDestroyed = NotifyConnection<'connection.destroyed'>;

/** Another simulcast layer of a sender is received from now on. */
export interface NotifySimulcastSwitched extends Notify<'simulcast.switched'> {
  readonly sender_connection_id?: string | null;
  readonly priority?: 'higher' | 'lower';
  /** Whether a layer of the sender came or went, or this client asked or lacked bandwidth. */
  readonly trigger?: 'sender' | 'receiver';
  /** Layers that an RPC may ask for. */
  readonly rpc_rids?: readonly RequestRid[];
  /** Layers that the server may choose by itself. */
  readonly auto_rids?: readonly RequestRid[];
  readonly request_rid?: RequestRid;
  readonly current_rid?: RequestRid;
  readonly previous_rid?: RequestRid;
}

interface NotifySpotlight<EventType extends string> extends Notify<EventType> {
  readonly client_id?: string | null;
  readonly connection_id?: string | null;
  readonly audio?: boolean;
  readonly video?: boolean;
  /** Whether the server's API and not voice put the sender there. */
  readonly fixed?: boolean;
}

/** A sender came into focus. */
export type NotifySpotlightFocused = NotifySpotlight<'spotlight.focused'>;

/** A sender went out of focus. */
export type NotifySpotlightUnfocused = NotifySpotlight<'spotlight.unfocused'>;

/** The old form of focused and unfocused. */
export interface NotifySpotlightChanged extends NotifySpotlight<'spotlight.changed'> {
  readonly spotlight_id?: string;
}

/** How stable the server finds this client's network: 0 is stable, 3 is worst. */
export interface NotifyNetworkStatus extends Notify<'network.status'> {
  readonly unstable_level?: 0 | 1 | 2 | 3;
}

/** The events whose members are known, by event type. */
export interface NotifyEvents {
  'connection.created': NotifyConnectionCreated;
  'connection.updated': NotifyConnectionUpdated;
  'connection.destroyed': NotifyConnectionDestroyed;
  'simulcast.switched': NotifySimulcastSwitched;
  'spotlight.focused': NotifySpotlightFocused;
  'spotlight.unfocused': NotifySpotlightUnfocused;
  'spotlight.changed': NotifySpotlightChanged;
  'network.status': NotifyNetworkStatus;
}

/**
 * Any event type that {@link NotifyEvents} does not name, as the server wrote it. The pattern exists for the compiler alone: it keeps
 * `event_type === 'connection.created'` narrowing the union. To compare it with another text, take it as a string first.
 */
export type OtherEventType = `${string} (other)`;

/** An event that this version does not know, with all its members. */
export interface NotifyOther extends Notify<OtherEventType> {
  readonly [member: string]: unknown;
}

/**
 * What the server tells about the channel, discriminated by `event_type`. Every member beside it may be missing: servers leave some out by
 * setting, and one of an unexpected type is left out by the check.
 *
 * @source Sora signaling notify
 */
export type NotifyMessage = NotifyEvents[keyof NotifyEvents] | NotifyOther;

/** The messages of one event type: of a known one its own type, of any other {@link NotifyOther}. */
export type NotifyOf<EventType extends string> = EventType extends keyof NotifyEvents ? NotifyEvents[EventType] : NotifyOther;
