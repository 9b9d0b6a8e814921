import { withoutUndefined, type JsonObject } from './json.ts';
import type { Role } from './words.ts';

/** The connections in a channel by role, now. */
export interface ChannelCounts {
  readonly connections: number;
  readonly sendrecv: number;
  readonly sendonly: number;
  readonly recvonly: number;
}

/** A metadata value that RPC changes, separate from those of the client and of authentication. */
export interface MetadataExtension {
  /** Undefined until there is one. */
  readonly value: unknown;
}

/** Metadata of a connection as others see it. `undefined` members are left out. */
export interface NotifyMetadata {
  readonly authn: unknown;
  readonly authz: unknown;
  /** Absent where the extension is off. */
  readonly extension?: MetadataExtension | undefined;
}

/** The connection that a notify is about. */
export interface NotifySubject {
  readonly role: Role;
  readonly sessionId: string;
  readonly clientId: string;
  readonly bundleId: string;
  readonly connectionId: string;
  readonly audio: boolean;
  readonly video: boolean;
  readonly metadata: NotifyMetadata;
  readonly minutes: number;
}

/** RFC 3339 in UTC with microseconds, from Unix milliseconds that may have a fraction. */
export function timestampOf(unixMs: number): string {
  const whole = Math.floor(unixMs);
  const microseconds = Math.floor((unixMs - whole) * 1000);
  return new Date(whole).toISOString().replace('Z', `${String(microseconds).padStart(3, '0')}Z`);
}

/** The effective metadata of a connection: the extension's where it is on, else that of authentication, else that of the client. */
export function effectiveMetadata({ authn, authz, extension }: NotifyMetadata): unknown {
  if (extension !== undefined) return extension.value;
  return authz === undefined ? authn : authz;
}

/** The members that carry metadata. */
const metadataMembers = (metadata: NotifyMetadata): JsonObject =>
  withoutUndefined({
    authn_metadata: metadata.authn,
    authz_metadata: metadata.authz,
    metadata: effectiveMetadata(metadata),
  });

/** The members that every notify starts with. */
export const notifyMessage = (eventType: string, members: JsonObject, now: number): JsonObject => ({
  type: 'notify',
  event_type: eventType,
  timestamp: timestampOf(now),
  ...members,
});

const common = (subject: NotifySubject, counts: ChannelCounts): JsonObject => ({
  role: subject.role,
  session_id: subject.sessionId,
  client_id: subject.clientId,
  bundle_id: subject.bundleId,
  connection_id: subject.connectionId,
  audio: subject.audio,
  video: subject.video,
  minutes: subject.minutes,
  channel_connections: counts.connections,
  channel_sendrecv_connections: counts.sendrecv,
  channel_sendonly_connections: counts.sendonly,
  channel_recvonly_connections: counts.recvonly,
  turn_transport_type: 'udp',
});

/** An entry of `data`: a connection that is already in the channel. */
export const presentConnection = (subject: NotifySubject): JsonObject => ({
  client_id: subject.clientId,
  bundle_id: subject.bundleId,
  connection_id: subject.connectionId,
  ...metadataMembers(subject.metadata),
});

export interface NotifyOptions {
  /** Whether metadata and `data` are included. */
  readonly metadata: boolean;
  readonly now: number;
}

/** `connection.created`. `present` is given only for the message to the newcomer itself. */
export function connectionCreated(
  subject: NotifySubject,
  counts: ChannelCounts,
  options: NotifyOptions,
  present?: readonly NotifySubject[],
): JsonObject {
  const metadata = options.metadata ? metadataMembers(subject.metadata) : {};
  const data = options.metadata && present !== undefined ? { data: present.map(presentConnection) } : {};
  return notifyMessage('connection.created', { ...common(subject, counts), ...metadata, ...data }, options.now);
}

export const connectionUpdated = (subject: NotifySubject, counts: ChannelCounts, now: number): JsonObject =>
  notifyMessage('connection.updated', common(subject, counts), now);

export function connectionDestroyed(subject: NotifySubject, counts: ChannelCounts, options: NotifyOptions): JsonObject {
  const metadata = options.metadata ? metadataMembers(subject.metadata) : {};
  return notifyMessage('connection.destroyed', { ...common(subject, counts), ...metadata }, options.now);
}
