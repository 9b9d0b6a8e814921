import { isJsonObject, parseJson, parseJsonObject, type JsonObject } from '../wire/json.ts';
import type { Frame } from '../wire/payload-codec.ts';
import type { Transport } from '../wire/words.ts';
import type { ChannelMessage } from './data-channels.ts';

/** A message of a client, classified. Plain data. */
export type Inbound =
  | { readonly kind: 'answer'; readonly message: JsonObject }
  | { readonly kind: 're-answer'; readonly message: JsonObject; readonly via: Transport }
  | { readonly kind: 'pong'; readonly message: JsonObject }
  | { readonly kind: 'disconnect'; readonly message: JsonObject; readonly via: Transport }
  | { readonly kind: 'stats'; readonly message: JsonObject }
  | { readonly kind: 'rpc'; readonly request: unknown }
  | { readonly kind: 'user-message'; readonly label: string; readonly payload: Uint8Array }
  /** Requires no action. */
  | { readonly kind: 'ignored'; readonly note: string; readonly message?: JsonObject }
  /** Breaks the protocol: the connection ends with 4490. */
  | { readonly kind: 'anomaly'; readonly detail: string; readonly via: Transport };

export const ignored = (note: string, message?: JsonObject): Inbound => ({
  kind: 'ignored',
  note,
  ...(message === undefined ? {} : { message }),
});
export const anomaly = (detail: string, via: Transport): Inbound => ({ kind: 'anomaly', detail, via });

/** A WebSocket frame as JSON, or why it is not JSON. */
export function readFrame(frame: Frame): JsonObject | string {
  if (typeof frame !== 'string') return 'LAB-BINARY-MESSAGE';
  return parseJsonObject(frame) ?? 'INVALID-JSON';
}

/** Classifies a message of the WebSocket after `connect`. A second `connect` ends the connection (O29). */
export function fromWebSocket(message: JsonObject): Inbound {
  switch (message['type']) {
    case 'connect':
      return anomaly('LAB-SECOND-CONNECT', 'websocket');
    case 'answer':
      return { kind: 'answer', message };
    case 're-answer':
    case 'update':
      return { kind: 're-answer', message, via: 'websocket' };
    case 'pong':
      return { kind: 'pong', message };
    case 'disconnect':
      return { kind: 'disconnect', message, via: 'websocket' };
    case 'candidate':
      return ignored('candidate', message);
    default:
      return typeof message['type'] === 'string' ? ignored('unknown-type', message) : anomaly('MISSING-TYPE', 'websocket');
  }
}

/** Classifies a message of DataChannel `signaling`. Candidates are ignored (O8). */
function fromSignalingChannel(message: JsonObject | undefined): Inbound {
  if (message === undefined) return anomaly('INVALID-JSON', 'datachannel');
  switch (message['type']) {
    case 're-answer':
      return { kind: 're-answer', message, via: 'datachannel' };
    case 'disconnect':
      return { kind: 'disconnect', message, via: 'datachannel' };
    case 'candidate':
      return ignored('candidate', message);
    default:
      return ignored('unknown-type', message);
  }
}

/** Classifies a DataChannel message by its label. One that cannot be read ends the connection on `signaling` and is dropped elsewhere. */
export function fromDataChannel(message: ChannelMessage): Inbound {
  const { channel, payload, fault } = message;
  if (payload === undefined) {
    return channel.label === 'signaling' && fault !== 'too-large'
      ? anomaly(`LAB-${(fault ?? 'unreadable').toUpperCase()}`, 'datachannel')
      : ignored(fault ?? 'unreadable');
  }
  if (!channel.builtIn) return { kind: 'user-message', label: channel.label, payload };
  if (channel.direction === 'recvonly') return ignored('against-direction');
  const text = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('utf8');
  if (channel.label === 'rpc') return { kind: 'rpc', request: parseJson(text) };
  const parsed = parseJson(text);
  const json = isJsonObject(parsed) ? parsed : undefined;
  if (channel.label === 'signaling') return fromSignalingChannel(json);
  return json?.['type'] === 'stats' ? { kind: 'stats', message: json } : ignored('unknown-type', json);
}
