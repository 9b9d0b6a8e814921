import { deflateSync } from 'node:zlib';
import type { Random } from './random.ts';

type Json = Record<string, unknown>;

/** A real answer of werift, shortened: what mutations start from. */
const SDP = [
  'v=0',
  'o=- 1 1 IN IP4 0.0.0.0',
  's=-',
  't=0 0',
  'a=group:BUNDLE data',
  'a=msid-semantic:WMS *',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'c=IN IP4 0.0.0.0',
  'a=ice-ufrag:abcd',
  'a=ice-pwd:abcdefghijklmnopqrstuvwx',
  'a=ice-options:trickle',
  `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`,
  'a=setup:active',
  'a=mid:data',
  'a=sctp-port:5000',
  'a=max-message-size:262144',
  'a=candidate:1 1 udp 2130706431 127.0.0.1 9 typ host',
];

const connect: Json = {
  type: 'connect',
  role: 'sendrecv',
  channel_id: 'fuzz',
  client_id: 'fuzz',
  metadata: { access_token: 't' },
  signaling_notify_metadata: { nick: 'f' },
  sdp: 'v=0',
  audio: { codec_type: 'OPUS', bit_rate: 64, opus_params: { usedtx: true } },
  video: { codec_type: 'VP8', bit_rate: 500, vp9_params: { profile_id: 0 } },
  simulcast: true,
  simulcast_request_rid: 'r1',
  spotlight: false,
  data_channel_signaling: true,
  ignore_disconnect_websocket: false,
  data_channels: [{ label: '#fuzz', direction: 'sendrecv', compress: true, header: [{ type: 'sender_connection_id' }] }],
  forwarding_filters: [{ action: 'block', rules: [[{ field: 'kind', operator: 'is_in', values: ['video'] }]] }],
};

const others: readonly Json[] = [
  { type: 'answer', sdp: SDP.join('\r\n') },
  { type: 're-answer', sdp: SDP.join('\r\n') },
  { type: 'update', sdp: SDP.join('\r\n') },
  { type: 'candidate', candidate: 'candidate:1 1 udp 1 198.51.100.7 5 typ relay', sdpMid: '0', sdpMLineIndex: 0 },
  { type: 'pong', stats: [{ id: 'T', type: 'transport' }] },
  { type: 'disconnect', reason: 'NO-ERROR' },
  { type: 'stats', reports: [{ id: 'P' }] },
  { type: 'offer', sdp: SDP.join('\r\n') },
  { type: 'unheard-of' },
];

const calls: readonly Json[] = [
  { jsonrpc: '2.0', id: 1, method: '2025.2.0/RequestSimulcastRid', params: { rid: 'r0', sender_connection_id: 'A' } },
  { jsonrpc: '2.0', id: 2, method: '2025.2.0/RequestSpotlightRid', params: { spotlight_focus_rid: 'r0', spotlight_unfocus_rid: 'none' } },
  { jsonrpc: '2.0', id: 'x', method: '2025.2.0/ResetSpotlightRid', params: {} },
  { jsonrpc: '2.0', method: '2025.2.0/PutSignalingNotifyMetadata', params: { metadata: { a: 1 }, push: true } },
  { jsonrpc: '2.0', id: 3, method: '2025.2.0/PutSignalingNotifyMetadataItem', params: { key: '__proto__', value: { a: 1 }, push: false } },
];

const oddities = (random: Random): unknown =>
  random.pick<() => unknown>([
    () => null,
    () => true,
    () => -1,
    () => 1e308,
    () => Number.MAX_SAFE_INTEGER,
    () => '',
    () => 'x'.repeat(random.below(3000)),
    () => '\ud800',
    () => 'あ\u0000\u202e',
    () => [],
    () => [[[[]]]],
    () => ({}),
    () => ({ type: 'connect' }),
    () => JSON.parse(`{"__proto__":{"polluted":true},"constructor":{"prototype":{}}}`) as unknown,
    () => Array.from({ length: random.below(60) }, (_, index) => index),
    () => '#'.repeat(random.below(40)),
    () => 'r9',
  ])();

/** Changes one member somewhere in the value. */
function mutate(value: unknown, random: Random): unknown {
  if (typeof value === 'string' && value.startsWith('v=0') && random.chance(0.8)) return mutateSdp(random);
  if (typeof value !== 'object' || value === null || random.chance(0.25)) return oddities(random);
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Json;
  const names = Object.keys(copy);
  if (names.length === 0) return oddities(random);
  const name = random.pick(names);
  if (random.chance(0.15)) Reflect.deleteProperty(copy, name);
  else if (random.chance(0.1)) copy[random.pick(['type', 'channel_id', 'sdp', 'role', 'toString', 'reason'])] = oddities(random);
  else copy[name] = mutate(copy[name], random);
  return copy;
}

function mutateSdp(random: Random): string {
  const lines = [...SDP];
  for (let count = 1 + random.below(4); count > 0; count -= 1) {
    const index = random.below(lines.length);
    const line = lines[index] ?? '';
    const action = random.below(5);
    if (action === 0) lines.splice(index, 1);
    else if (action === 1) lines.splice(index, 0, line);
    else if (action === 2) lines[index] = line.slice(0, random.below(line.length + 1));
    else if (action === 3) lines[index] = line.replace(/\d+/, String(random.below(1e9)));
    else lines[index] = random.bytes(random.below(80)).toString('latin1');
  }
  return lines.join(random.pick(['\r\n', '\n', '\r']));
}

/** Damages a text: cut, bytes changed, put in or doubled. */
function damage(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  switch (random.below(5)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + random.bytes(1 + random.below(8)).toString('latin1') + text.slice(at + 1);
    case 2:
      return text.slice(0, at) + random.pick(['{', '}', '"', '[', ']', '\\', ',', '\u0000']) + text.slice(at);
    case 3:
      return text + text;
    default:
      return '['.repeat(random.below(5000));
  }
}

function message(base: Json, random: Random): string {
  let value: unknown = base;
  for (let count = random.below(4); count > 0; count -= 1) value = mutate(value, random);
  const text = JSON.stringify(value);
  return random.chance(0.25) ? damage(text, random) : text;
}

export type Frame = string | Buffer;

const asBinary = (text: string, random: Random): Frame => (random.chance(0.05) ? Buffer.from(text) : text);

/** Something to send first on a WebSocket. */
export const firstFrame = (random: Random): Frame =>
  random.chance(0.1)
    ? random.bytes(random.below(300))
    : asBinary(message(random.chance(0.7) ? connect : random.pick(others), random), random);

/** A `connect` that a lab accepts. */
export const goodConnect = (random: Random): string =>
  JSON.stringify({ ...connect, channel_id: `fuzz-${random.below(5)}`, data_channel_signaling: random.chance(0.5), spotlight: false });

/** Something to send after a good connect. */
export const laterFrame = (random: Random): Frame =>
  random.chance(0.05)
    ? random.bytes(random.below(300))
    : asBinary(message(random.chance(0.05) ? connect : random.pick(others), random), random);

/** Something to send on a DataChannel; most of it is compressed as it should be, so that it gets further than the first check. */
export function channelFrame(label: string, random: Random): Frame {
  if (random.chance(0.15)) return random.bytes(1 + random.below(400));
  if (label.startsWith('#')) return deflateSync(random.bytes(random.below(2000)));
  const text = message(random.pick(label === 'rpc' ? calls : others), random);
  if (random.chance(0.1)) return text === '' ? 'x' : text;
  const packed = deflateSync(Buffer.from(text));
  if (random.chance(0.1)) packed[random.below(packed.byteLength)] = random.below(256);
  if (random.chance(0.02)) return deflateSync(Buffer.alloc(8 * 1024 * 1024));
  return packed;
}

/** Bytes of a broken WebSocket frame: reserved opcodes and bits, unmasked, wrong lengths, bad UTF-8. */
export function brokenWebSocketBytes(random: Random): Buffer {
  switch (random.below(6)) {
    case 0:
      return random.bytes(1 + random.below(60));
    case 1:
      return Buffer.from([0x80 | random.below(16), random.below(256), ...random.bytes(random.below(30))]);
    case 2:
      return Buffer.from([0x81, 0x02, 0x7b, 0x7d]);
    case 3:
      return Buffer.from([0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4]);
    case 4:
      return Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28]);
    default:
      return Buffer.from([0x88, 0x82, 0, 0, 0, 0, random.below(256), random.below(256)]);
  }
}
