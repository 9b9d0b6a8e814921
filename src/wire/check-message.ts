import { utf8Text } from '../transports/bytes.ts';
import { type JsonObject, type JsonValue, isJsonObject } from './json.ts';
import type {
  CloseMessage,
  OfferConfiguration,
  OfferDataChannel,
  OfferEncoding,
  OfferHeaderField,
  OfferMessage,
  PingMessage,
  PushMessage,
  ReceivedMessage,
  RedirectMessage,
  ReOfferMessage,
  ReqStatsMessage,
  SwitchedMessage,
  UnknownMessage,
  UpdateMessage,
} from './messages.ts';
import type { NotifyEvents, NotifyMember } from './notify.ts';
import { parseJson } from './parse-json.ts';

/** A received text after its check. */
export type CheckedMessage =
  | {
      readonly kind: 'message';
      /** Has the members that its type promises, with their types; other members are kept. */
      readonly message: ReceivedMessage;
      /** How it differs from the protocol without harm, such as `offer.colour: unknown member`. Names, never values. */
      readonly drift: readonly string[];
    }
  | { readonly kind: 'unknown'; readonly message: UnknownMessage }
  | { readonly kind: 'invalid'; readonly what: 'parse' | 'schema' };

/**
 * How a member is checked. `!`: the message means nothing without it. `+`: the SDK acts on it, so a wrong type spoils the message. `?`: it is
 * only passed on, and dropped with a note if its type is wrong.
 */
type Need = '!' | '+' | '?';
/** String, string or null, number, boolean, object, list of strings, anything. */
type Type = 's' | '0' | 'n' | 'b' | 'o' | 'l' | '*';
type Member = `${Need}${Type}` | readonly [Need, RegExp | Shape | readonly [Shape]];
interface Shape {
  readonly [member: string]: Member;
}
/** Names every member of a message, so that a new one cannot be forgotten. */
type ShapeOf<Message> = { readonly [Name in keyof Message]-?: Member };

const iceServer: ShapeOf<NonNullable<OfferConfiguration['iceServers']>[number]> = { urls: '!*', username: '?s', credential: '?s' };

const encoding: ShapeOf<OfferEncoding> = {
  rid: '+s',
  active: '+b',
  maxBitrate: '?n',
  minBitrate: '?n',
  maxFramerate: '?n',
  scaleResolutionDownBy: '?n',
  scaleResolutionDownTo: ['?', { maxWidth: '?n', maxHeight: '?n' }],
  scalabilityMode: '?s',
  adaptivePtime: '?b',
  codec: '?o',
};

const header: ShapeOf<OfferHeaderField> = { type: '!s', length: '?n' };

const dataChannel: ShapeOf<OfferDataChannel> = {
  label: '!s',
  direction: ['?', /^(sendrecv|sendonly|recvonly)$/],
  compress: '+b',
  header: ['?', [header]],
};

const offer: ShapeOf<OfferMessage> = {
  type: '!s',
  sdp: '!s',
  connection_id: '!s',
  client_id: '?s',
  bundle_id: '?s',
  session_id: '?s',
  channel_id: '?s',
  version: '?s',
  metadata: '?*',
  config: ['+', { iceServers: ['+', [iceServer]], iceTransportPolicy: ['+', /^(all|relay)$/] } satisfies ShapeOf<OfferConfiguration>],
  simulcast: '+b',
  simulcast_multicodec: '?b',
  spotlight: '?b',
  encodings: ['+', [encoding]],
  mid: ['+', { audio: '+s', video: '+s' }],
  audio: '?b',
  audio_codec_type: '?s',
  audio_bit_rate: '?n',
  video: '?b',
  video_codec_type: '?s',
  video_bit_rate: '?n',
  data_channel_signaling: '+b',
  ignore_disconnect_websocket: '+b',
  data_channels: ['+', [dataChannel]],
  rpc_methods: '?l',
};

const reOffer: ShapeOf<ReOfferMessage | UpdateMessage> = { type: '!s', sdp: '!s' };

const identity = { client_id: '?0', bundle_id: '?s', connection_id: '?0' } as const;
const metadata = { authn_metadata: '?*', authz_metadata: '?*', metadata: '?*' } as const;
const members: Member = ['?', [{ ...identity, ...metadata } satisfies ShapeOf<NotifyMember>]];
const rid = /^(none|r[0-2])$/;

/** The members of all events of `notify` together: their names do not collide, and only `event_type` has to be there. */
const notify: { readonly [Name in NotifyMemberName]-?: Member } = {
  type: '!s',
  event_type: '!s',
  timestamp: '?s',
  ...identity,
  ...metadata,
  role: ['?', /^(sendrecv|sendonly|recvonly)$/],
  session_id: '?s',
  audio: '?b',
  video: '?b',
  minutes: '?n',
  channel_connections: '?n',
  channel_sendrecv_connections: '?n',
  channel_sendonly_connections: '?n',
  channel_recvonly_connections: '?n',
  turn_transport_type: ['?', /^(udp|tcp)$/],
  data: members,
  metadata_list: members,
  sender_connection_id: '?0',
  priority: ['?', /^(higher|lower)$/],
  trigger: ['?', /^(sender|receiver)$/],
  rpc_rids: '?l',
  auto_rids: '?l',
  request_rid: ['?', rid],
  current_rid: ['?', rid],
  previous_rid: ['?', rid],
  fixed: '?b',
  spotlight_id: '?s',
  unstable_level: ['?', /^[0-3]$/],
};
type NotifyMemberName = { [Event in keyof NotifyEvents]: keyof NotifyEvents[Event] }[keyof NotifyEvents];

const shapes: { readonly [Type in ReceivedMessage['type']]: Shape } = {
  offer,
  're-offer': reOffer,
  update: reOffer,
  redirect: { type: '!s', location: '!s' } satisfies ShapeOf<RedirectMessage>,
  switched: { type: '!s', ignore_disconnect_websocket: '+b' } satisfies ShapeOf<SwitchedMessage>,
  ping: { type: '!s', stats: '?b' } satisfies ShapeOf<PingMessage>,
  push: { type: '!s', data: '?o' } satisfies ShapeOf<PushMessage>,
  notify,
  'req-stats': { type: '!s' } satisfies ShapeOf<ReqStatsMessage>,
  close: { type: '!s', code: '?*', reason: '?*' } satisfies ShapeOf<CloseMessage>,
};

/** Members that are always there afterwards. */
const defaults: Readonly<Record<string, object>> = { switched: { ignore_disconnect_websocket: false }, push: { data: {} } };

/**
 * Checks a message of the server, JSON as text or as bytes. Never throws.
 *
 * Only members that the SDK acts on can spoil a message (T25, Q65). Others of an unexpected type are dropped and noted as drift, unknown members
 * are kept and noted, and a message of an unknown type is passed on as it is (Q29).
 */
export function checkMessage(data: string | Uint8Array): CheckedMessage {
  const text = typeof data === 'string' ? data : utf8Text(data);
  const { value, problem } = text === null ? { value: null, problem: '' } : parseJson(text);
  if (problem !== null) return { kind: 'invalid', what: 'parse' };
  if (!isJsonObject(value) || typeof value['type'] !== 'string') return { kind: 'invalid', what: 'schema' };
  const { type } = value;
  if (!Object.hasOwn(shapes, type)) return { kind: 'unknown', message: value as UnknownMessage };
  const drift: string[] = [];
  const message = objectOf(value, shapes[type as ReceivedMessage['type']], type, drift);
  if (message === null) return { kind: 'invalid', what: 'schema' };
  const complete = type in defaults ? { ...defaults[type], ...message } : message;
  return { kind: 'message', message: complete as unknown as ReceivedMessage, drift };
}

/** The object with the members that passed, itself where all did; null where it is spoiled. */
function objectOf(value: unknown, shape: Shape, at: string, drift: string[]): JsonObject | null {
  if (!isJsonObject(value)) return null;
  let object: JsonObject = value;
  for (const name in shape) {
    const given = value[name];
    const { 0: need, 1: type } = shape[name] as { readonly 0: Need; readonly 1: Type | Exclude<Member, string>[1] };
    if (given === undefined) {
      if (need === '!') return null;
      continue;
    }
    const member = memberOf(given, type, `${at}.${name}`, drift);
    if (member === given) continue;
    const { [name]: _, ...others } = object;
    if (member !== null) object = { ...others, [name]: member as JsonValue };
    else if (need === '!' || (need === '+' && given !== null)) return null; // encoders without a word for absence write null
    else {
      note(drift, `${at}.${name}`, 'unexpected type');
      object = others;
    }
  }
  for (const name in value) if (!Object.hasOwn(shape, name)) note(drift, `${at}.${name}`, 'unknown member');
  return object;
}

/** The member as it is, a copy without what did not pass, or null where it has the wrong type. */
function memberOf(value: unknown, type: Type | RegExp | Shape | readonly [Shape], at: string, drift: string[]): unknown {
  if (typeof type === 'string') return hasType(value, type) ? value : null;
  if (type instanceof RegExp) return typeof value !== 'object' && type.test(String(value)) ? value : null;
  if (!isList(type)) return objectOf(value, type, at, drift);
  if (!Array.isArray(value)) return null;
  const items = value.map((item, index) => objectOf(item, type[0], `${at}[${index}]`, drift));
  if (items.includes(null)) return null;
  return items.every((item, index) => item === value[index]) ? value : items;
}

const isList = (type: Shape | readonly [Shape]): type is readonly [Shape] => Array.isArray(type);

function hasType(value: unknown, type: Type): boolean {
  switch (type) {
    case 's':
      return typeof value === 'string';
    case '0':
      return value === null || typeof value === 'string';
    case 'n':
      return typeof value === 'number';
    case 'b':
      return typeof value === 'boolean';
    case 'o':
      return isJsonObject(value);
    case 'l':
      return Array.isArray(value) && value.every((item) => typeof item === 'string');
    case '*':
      return true;
  }
}

/** Bounded, as a hostile message may have any number of members of any length. */
function note(drift: string[], at: string, what: string): void {
  if (drift.length < 32) drift.push(`${at.slice(0, 128)}: ${what}`);
}
