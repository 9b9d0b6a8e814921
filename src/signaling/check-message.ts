import { isJsonObject, type JsonObject } from './json.ts';
import { notify } from './notify-shapes.ts';
import { readJson } from './read-json.ts';
import {
  Drift,
  Misfit,
  anyObject,
  anything,
  boolean,
  defaulted,
  either,
  filled,
  list,
  number,
  object,
  required,
  string,
  told,
  used,
  word,
} from './shape.ts';
import type { Read } from './shape.ts';
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
import { directions } from './words.ts';

/** What a received text turned out to be. */
export type CheckedMessage =
  | {
      readonly kind: 'message';
      /** What the type says is there and of that type; members that it does not name are kept. */
      readonly message: ReceivedMessage;
      /** The message as it came. */
      readonly raw: JsonObject;
      /** Where it differs from the documents without harm, such as `offer.colour: unknown member`. Names, never values. */
      readonly drift: readonly string[];
    }
  | { readonly kind: 'unknown-type'; readonly type: string; readonly message: UnknownMessage }
  | { readonly kind: 'invalid'; readonly what: 'parse' | 'schema'; readonly detail: string };

const longestReason = 1024;

type MessageType = ReceivedMessage['type'];

type IceServer = NonNullable<OfferConfiguration['iceServers']>[number];

const iceServer = object<IceServer>({
  urls: required(either(string, list(string))),
  username: told(string),
  credential: told(string),
});

const encoding = object<OfferEncoding>({
  rid: used(string),
  active: used(boolean),
  maxBitrate: told(number),
  minBitrate: told(number),
  maxFramerate: told(number),
  scaleResolutionDownBy: told(number),
  scaleResolutionDownTo: told(
    object<NonNullable<OfferEncoding['scaleResolutionDownTo']>>({ maxWidth: told(number), maxHeight: told(number) }),
  ),
  scalabilityMode: told(string),
  adaptivePtime: told(boolean),
  codec: told(anyObject),
});

const byteCount: Read<number> = (value, at) =>
  Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : new Misfit(at, 'number of bytes expected');

const dataChannel = object<OfferDataChannel>({
  label: required(string),
  direction: told(word(...directions)),
  compress: used(boolean),
  header: told(list(object<OfferHeaderField>({ type: required(string), length: told(byteCount) }))),
});

const offer = object<OfferMessage>({
  type: required(word('offer')),
  sdp: required(string),
  connection_id: required(string),
  client_id: told(string),
  bundle_id: told(string),
  session_id: told(string),
  channel_id: told(string),
  version: told(string),
  metadata: told(anything),
  config: used(
    object<OfferConfiguration>({
      iceServers: used(list(iceServer)),
      iceTransportPolicy: used(word('all', 'relay')),
    }),
  ),
  simulcast: used(boolean),
  simulcast_multicodec: told(boolean),
  spotlight: told(boolean),
  encodings: used(list(encoding)),
  mid: used(object<NonNullable<OfferMessage['mid']>>({ audio: used(string), video: used(string) })),
  audio: told(boolean),
  audio_codec_type: told(string),
  audio_bit_rate: told(number),
  video: told(boolean),
  video_codec_type: told(string),
  video_bit_rate: told(number),
  data_channel_signaling: used(boolean),
  ignore_disconnect_websocket: used(boolean),
  data_channels: used(list(dataChannel)),
  rpc_methods: told(list(string)),
});

/** Q77: what carries no number has no code, and nothing about it is malformed. */
const closeCode: Read<number | null> = number;

const closeReason: Read<string> = (value, at) =>
  typeof value === 'string' ? value.slice(0, longestReason) : new Misfit(at, 'string expected');

const shapes: { readonly [Type in MessageType]: Read<Extract<ReceivedMessage, { type: Type }>> } = {
  offer,
  're-offer': object<ReOfferMessage>({ type: required(word('re-offer')), sdp: required(string) }),
  update: object<UpdateMessage>({ type: required(word('update')), sdp: required(string) }),
  redirect: object<RedirectMessage>({ type: required(word('redirect')), location: required(string) }),
  switched: object<SwitchedMessage>({
    type: required(word('switched')),
    ignore_disconnect_websocket: defaulted(boolean, false),
  }),
  ping: object<PingMessage>({ type: required(word('ping')), stats: told(boolean) }),
  push: object<PushMessage>({ type: required(word('push')), data: filled(anyObject, {}) }),
  notify,
  'req-stats': object<ReqStatsMessage>({ type: required(word('req-stats')) }),
  close: object<CloseMessage>({
    type: required(word('close')),
    code: filled(closeCode, null),
    reason: filled(closeReason, ''),
  }),
};

const isKnown = (type: string): type is MessageType => Object.hasOwn(shapes, type);

/**
 * Checks a message of the server: JSON text, its bytes, or the value that was parsed from it.
 *
 * Only members that the SDK acts on can spoil a message (T25, Q65). Others of an unexpected type are left out and noted as drift, unknown
 * members are kept and noted, and an unknown type is handed on whole (Q29). Never throws.
 */
export function checkMessage(value: unknown): CheckedMessage {
  const read = readJson(value);
  if (!read.ok) return { kind: 'invalid', what: 'parse', detail: read.detail };
  const raw = read.value;
  if (!isJsonObject(raw)) return { kind: 'invalid', what: 'schema', detail: 'message: object expected' };
  const { type } = raw;
  if (typeof type !== 'string') return { kind: 'invalid', what: 'schema', detail: 'message.type: string expected' };
  if (!isKnown(type)) return { kind: 'unknown-type', type, message: raw as UnknownMessage };
  const drift = new Drift();
  const message: ReceivedMessage | Misfit = shapes[type](raw, type, drift);
  if (message instanceof Misfit) return { kind: 'invalid', what: 'schema', detail: message.detail };
  return { kind: 'message', message, raw, drift: drift.notes };
}
