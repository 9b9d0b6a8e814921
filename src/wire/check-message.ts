import { utf8Text } from '../transports/bytes.ts';
import { type JsonObject, isJsonObject } from './json.ts';
import type { ReceivedMessage, UnknownMessage } from './messages.ts';
import { parseJson } from './parse-json.ts';

/** A received text: a message of some type, or why it is none. */
export type ParsedMessage =
  | { readonly kind: 'message'; readonly message: ReceivedMessage | UnknownMessage }
  | { readonly kind: 'invalid'; readonly what: 'parse' | 'schema' };

/** A test of one member, or the tests of the members of an object, or of the objects in a list. */
type Test = ((value: unknown) => boolean) | Shape | readonly [Shape];
/** By name of a member; a name that ends in `?` may be absent, or null as encoders without a word for absence write it. */
interface Shape {
  readonly [name: string]: Test;
}

const isString = (value: unknown): boolean => typeof value === 'string';
const isBoolean = (value: unknown): boolean => typeof value === 'boolean';
const isList = (value: unknown): boolean => Array.isArray(value);

/**
 * The members that the SDK acts on: only they can spoil a message (T25, Q65). Every other member is passed on as the server sent it, and whoever reads it
 * checks it.
 */
const SHAPES: Readonly<Record<ReceivedMessage['type'], Shape>> = {
  offer: {
    sdp: isString,
    connection_id: isString,
    'client_id?': isString,
    'bundle_id?': isString,
    'session_id?': isString,
    'channel_id?': isString,
    'config?': isJsonObject,
    'simulcast?': isBoolean,
    'spotlight?': isBoolean,
    'encodings?': [{ 'rid?': isString, 'active?': isBoolean }],
    'mid?': { 'audio?': isString, 'video?': isString },
    'data_channel_signaling?': isBoolean,
    'ignore_disconnect_websocket?': isBoolean,
    'data_channels?': [{ label: isString, 'direction?': isString, 'compress?': isBoolean, 'header?': [{ type: isString }] }],
    'rpc_methods?': isList,
  },
  're-offer': { sdp: isString },
  update: { sdp: isString },
  redirect: { location: isString },
  switched: { 'ignore_disconnect_websocket?': isBoolean },
  ping: {},
  push: {},
  notify: { event_type: isString },
  'req-stats': {},
  close: {},
};

/** Reads a message of the server, JSON as text or as bytes. Never throws. Whether it has the shape of its type is another question. */
export function parseMessage(data: string | Uint8Array): ParsedMessage {
  const text = isString(data) ? (data as string) : utf8Text(data as Uint8Array);
  const message = text === null ? undefined : parseJson(text);
  if (message === undefined) return { kind: 'invalid', what: 'parse' };
  if (!isJsonObject(message) || !isString(message['type'])) return { kind: 'invalid', what: 'schema' };
  return { kind: 'message', message: message as unknown as UnknownMessage };
}

/** Whether a message has the members that its type needs. @param message of a type that the SDK acts on */
export const isWellFormed = (message: ReceivedMessage | UnknownMessage): message is ReceivedMessage =>
  fits(message as UnknownMessage, SHAPES[message.type as ReceivedMessage['type']]);

function fits(object: JsonObject, shape: Shape): boolean {
  return Object.entries(shape).every(([name, test]) => {
    const isOptional = name.endsWith('?');
    const value = object[isOptional ? name.slice(0, -1) : name];
    return (isOptional && (value === undefined || value === null)) || passes(value, test);
  });
}

function passes(value: unknown, test: Test): boolean {
  if (typeof test === 'function') return test(value);
  if (!isArrayOfOne(test)) return isJsonObject(value) && fits(value, test);
  return Array.isArray(value) && value.every((item) => isJsonObject(item) && fits(item, test[0]));
}

const isArrayOfOne = (test: Shape | readonly [Shape]): test is readonly [Shape] => Array.isArray(test);
