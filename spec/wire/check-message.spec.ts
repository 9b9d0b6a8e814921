import { test as propertyTest, fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { isWellFormed, type ParsedMessage, parseMessage } from '../../src/wire/check-message.ts';
import type { OfferMessage } from '../../src/wire/messages.ts';
import type { NotifyMessage } from '../../src/wire/notify.ts';

const offer = { type: 'offer', sdp: 'v=0\r\n', connection_id: 'ABS2CSD61H1D528RBPAGXT416R' };

/** A message that is acted on: read, then checked. */
function checkMessage(data: string | Uint8Array): ParsedMessage {
  const parsed = parseMessage(data);
  return parsed.kind === 'invalid' || isWellFormed(parsed.message) ? parsed : { kind: 'invalid', what: 'schema' };
}

const checked = (message: unknown): ParsedMessage => checkMessage(JSON.stringify(message));

describe('messages of the protocol', () => {
  test.each<[string, object]>([
    [
      'offer',
      {
        ...offer,
        version: '2025.2.0',
        channel_id: 'lab-room-7',
        session_id: '4J51X4JEHX0AXBGTJJ9A6C2Z30',
        client_id: 'desk-left',
        bundle_id: 'ABS2CSD61H1D528RBPAGXT416R',
        metadata: { plan: 'lab' },
        config: {
          iceServers: [{ urls: ['turn:192.0.2.10:3478?transport=udp'], username: 'u', credential: 'c' }, { urls: 'stun:192.0.2.10:3478' }],
          iceTransportPolicy: 'relay',
        },
        simulcast: true,
        simulcast_multicodec: false,
        spotlight: false,
        encodings: [
          {
            rid: 'r0',
            active: true,
            maxBitrate: 150_000,
            minBitrate: 1,
            maxFramerate: 30,
            scaleResolutionDownBy: 4,
            scaleResolutionDownTo: { maxWidth: 320, maxHeight: 180 },
            scalabilityMode: 'L1T1',
            adaptivePtime: false,
            codec: { mimeType: 'video/VP9', clockRate: 90_000 },
          },
        ],
        mid: { audio: 'audio_k3', video: 'video_k3' },
        audio: true,
        audio_codec_type: 'OPUS',
        audio_bit_rate: 64,
        video: true,
        video_codec_type: 'VP9',
        video_bit_rate: 1500,
        data_channel_signaling: true,
        ignore_disconnect_websocket: false,
        data_channels: [
          { label: 'signaling', direction: 'sendrecv', compress: true },
          { label: '#chat', direction: 'sendrecv', compress: true, header: [{ type: 'sender_connection_id', length: 26 }] },
        ],
        rpc_methods: ['2025.2.0/RequestSimulcastRid'],
      },
    ],
    ['re-offer', { type: 're-offer', sdp: 'v=0' }],
    ['update', { type: 'update', sdp: 'v=0' }],
    ['redirect', { type: 'redirect', location: 'wss://node2.lab.example/signaling' }],
    ['switched', { type: 'switched', ignore_disconnect_websocket: true }],
    ['ping', { type: 'ping', stats: true }],
    ['ping without stats', { type: 'ping' }],
    ['push', { type: 'push', data: { kind: 'banner' } }],
    ['req-stats', { type: 'req-stats' }],
    ['close', { type: 'close', code: 4490, reason: 'LIFETIME-EXPIRED' }],
    [
      'connection.created',
      {
        type: 'notify',
        event_type: 'connection.created',
        timestamp: '2025-12-10T01:02:03.456789Z',
        role: 'sendrecv',
        session_id: 'S',
        client_id: 'desk-left',
        bundle_id: 'B',
        connection_id: 'C',
        audio: true,
        video: true,
        authn_metadata: { nick: 'left' },
        authz_metadata: null,
        metadata: 7,
        data: [{ client_id: 'desk-right', bundle_id: 'B', connection_id: 'D', authn_metadata: {}, metadata: null }],
        minutes: 0,
        channel_connections: 2,
        channel_sendrecv_connections: 2,
        channel_sendonly_connections: 0,
        channel_recvonly_connections: 0,
        turn_transport_type: 'udp',
      },
    ],
    ['connection.updated', { type: 'notify', event_type: 'connection.updated', role: 'recvonly', minutes: 1 }],
    ['connection.destroyed', { type: 'notify', event_type: 'connection.destroyed', connection_id: 'C' }],
    [
      'simulcast.switched',
      {
        type: 'notify',
        event_type: 'simulcast.switched',
        sender_connection_id: null,
        priority: 'lower',
        trigger: 'receiver',
        rpc_rids: ['r0', 'r1', 'r2'],
        auto_rids: [],
        request_rid: 'none',
        current_rid: 'r0',
        previous_rid: 'r2',
      },
    ],
    [
      'spotlight.focused',
      { type: 'notify', event_type: 'spotlight.focused', client_id: null, connection_id: 'C', audio: true, fixed: true },
    ],
    ['spotlight.unfocused', { type: 'notify', event_type: 'spotlight.unfocused', connection_id: 'C', video: false }],
    ['spotlight.changed', { type: 'notify', event_type: 'spotlight.changed', connection_id: null, spotlight_id: 'x' }],
    ['network.status', { type: 'notify', event_type: 'network.status', unstable_level: 3 }],
  ])('%s passes as it is', (_, message) => {
    const text = JSON.stringify(message);
    expect(checkMessage(text)).toEqual({ kind: 'message', message });
    expect(checkMessage(new TextEncoder().encode(text))).toEqual(checkMessage(text));
  });
});

describe('what cannot be read', () => {
  test.each<[string, string | Uint8Array, string]>([
    ['text that is not JSON', '{', 'parse'],
    ['an empty text', '', 'parse'],
    ['bytes that are not UTF-8', new Uint8Array([0x7b, 0xff]), 'parse'],
    ['brackets that are never closed', '['.repeat(1000), 'parse'],
    ['null', 'null', 'schema'],
    ['an array', '[]', 'schema'],
    ['a JSON string', '"offer"', 'schema'],
    ['an object without a type', '{}', 'schema'],
    ['a type that is not a string', '{"type":7}', 'schema'],
  ])('%s', (_, data, what) => {
    expect(checkMessage(data)).toEqual({ kind: 'invalid', what });
  });
});

describe('every word of the documents is taken', () => {
  const event = (eventType: string, members: object): object => ({ type: 'notify', event_type: eventType, ...members });

  test.each<object>([
    ...['all', 'relay'].map((iceTransportPolicy) => ({ ...offer, config: { iceTransportPolicy } })),
    ...['sendrecv', 'sendonly', 'recvonly'].map((direction) => ({ ...offer, data_channels: [{ label: '#a', direction }] })),
    ...['sendrecv', 'sendonly', 'recvonly'].map((role) => event('connection.created', { role })),
    ...['udp', 'tcp'].map((transport) => event('connection.updated', { turn_transport_type: transport })),
    ...['higher', 'lower'].map((priority) => event('simulcast.switched', { priority })),
    ...['sender', 'receiver'].map((trigger) => event('simulcast.switched', { trigger })),
    ...['none', 'r0', 'r1', 'r2'].map((rid) => event('simulcast.switched', { request_rid: rid, current_rid: rid, previous_rid: rid })),
    ...[0, 1, 2, 3].map((level) => event('network.status', { unstable_level: level })),
  ])('%j', (message) => {
    expect(checked(message)).toEqual({ kind: 'message', message });
  });
});

describe('members that the SDK acts on', () => {
  test.each<[string, object]>([
    ['sdp that is missing', { ...offer, sdp: undefined }],
    ['sdp that is null', { ...offer, sdp: null }],
    ['connection_id', { ...offer, connection_id: 7 }],
    ['client_id', { ...offer, client_id: 7 }],
    ['bundle_id', { ...offer, bundle_id: {} }],
    ['session_id', { ...offer, session_id: false }],
    ['channel_id', { ...offer, channel_id: [] }],
    ['config', { ...offer, config: [] }],
    ['simulcast', { ...offer, simulcast: 'true' }],
    ['spotlight', { ...offer, spotlight: 1 }],
    ['encodings', { ...offer, encodings: {} }],
    ['an item of encodings', { ...offer, encodings: [null] }],
    ['rid', { ...offer, encodings: [{ rid: 0 }] }],
    ['active', { ...offer, encodings: [{ rid: 'r0' }, { active: 'no' }] }],
    ['mid', { ...offer, mid: 'video' }],
    ['mid of video', { ...offer, mid: { video: 1 } }],
    ['data_channel_signaling', { ...offer, data_channel_signaling: 1 }],
    ['ignore_disconnect_websocket', { ...offer, ignore_disconnect_websocket: 'no' }],
    ['data_channels', { ...offer, data_channels: {} }],
    ['label that is missing', { ...offer, data_channels: [{ label: 'a' }, {}] }],
    ['direction', { ...offer, data_channels: [{ label: 'a', direction: 1 }] }],
    ['compress', { ...offer, data_channels: [{ label: 'a', compress: 'no' }] }],
    ['header', { ...offer, data_channels: [{ label: 'a', header: {} }] }],
    ['type of a header', { ...offer, data_channels: [{ label: 'a', header: [{}] }] }],
    ['rpc_methods', { ...offer, rpc_methods: 'all' }],
    ['sdp of a re-offer', { type: 're-offer' }],
    ['sdp of an update', { type: 'update', sdp: 1 }],
    ['location of a redirect', { type: 'redirect' }],
    ['flag of switched', { type: 'switched', ignore_disconnect_websocket: 'true' }],
    ['event_type of notify', { type: 'notify' }],
  ])('%s of a wrong type spoils the message (T25)', (_, message) => {
    expect(checked(message)).toEqual({ kind: 'invalid', what: 'schema' });
  });

  test('null counts as absent where a member is optional', () => {
    const message = { ...offer, mid: null, encodings: null, data_channels: null, config: null, rpc_methods: null };
    expect(checked(message)).toEqual({ kind: 'message', message });
    expect(checked({ type: 'switched', ignore_disconnect_websocket: null }).kind).toBe('message');
  });
});

describe('every other member', () => {
  test.each<[string, object]>([
    ['an unknown one', { ...offer, deflateraw: true, data_channels: [{ label: 'a', ordered: true }] }],
    ['one of a wrong type', { ...offer, version: 7, audio: 'yes', encodings: [{ rid: 'r0', maxBitrate: 'much' }] }],
    ['the code of a close, whatever it is (Q77)', { type: 'close', code: '1000', reason: 7 }],
    ['the data of a push', { type: 'push', data: 'text' }],
    ['the flag of a ping', { type: 'ping', stats: 'yes' }],
    ['a member of notify', { type: 'notify', event_type: 'network.status', unstable_level: 4 }],
  ])('%s is passed on as the server sent it', (_, message) => {
    expect(checked(message)).toEqual({ kind: 'message', message });
  });
});

test.each(['constructor', 'toString', '__proto__', 'connect', 'e2ee', ''])(
  'a message of the unknown type %j is read like any other (Q29)',
  (type) => {
    expect(parseMessage(JSON.stringify({ type, extra: 1 }))).toEqual({ kind: 'message', message: { type, extra: 1 } });
  },
);

describe('notify', () => {
  test('an unknown event is passed on whole', () => {
    const message = { type: 'notify', event_type: 'recording.started', recording_id: 'R', constructor: 1 };
    expect(checked(message)).toEqual({ kind: 'message', message });
    expect(checked({ type: 'notify', event_type: 'constructor' }).kind).toBe('message');
  });

  test('the type narrows by event type', () => {
    const members = (message: NotifyMessage): unknown => {
      switch (message.event_type) {
        case 'connection.created':
          return message.data?.length;
        case 'network.status':
          return message.unstable_level;
        default:
          return 'spotlight_id' in message ? message.spotlight_id : message.timestamp;
      }
    };
    expect(members({ type: 'notify', event_type: 'network.status', unstable_level: 2 })).toBe(2);
  });
});

describe('properties', () => {
  const types = ['offer', 're-offer', 'update', 'redirect', 'switched', 'ping', 'push', 'notify', 'req-stats', 'close'];

  propertyTest.prop([
    fc.oneof(fc.json(), fc.string(), fc.uint8Array()),
    fc.dictionary(fc.string(), fc.jsonValue()),
    fc.constantFrom(...types),
  ])('nothing makes it throw', (data, members, type) => {
    checkMessage(data);
    checked({ ...members, type });
  });

  propertyTest.prop([
    fc.dictionary(fc.constantFrom('sdp', 'mid', 'config', 'encodings', 'data_channels', 'metadata', 'version', 'x'), fc.jsonValue()),
  ])('an offer that is accepted has members of the right types, and is equal to what was sent', (members) => {
    const sent = JSON.parse(JSON.stringify({ ...offer, ...members })) as object;
    const result = checked(sent);
    if (result.kind !== 'message') return;
    const message = result.message as OfferMessage;
    expect(typeof message.sdp).toBe('string');
    expect(message.mid ?? {}).toBeTypeOf('object');
    expect(Array.isArray(message.encodings ?? [])).toBe(true);
    expect(message).toEqual(sent);
  });
});
