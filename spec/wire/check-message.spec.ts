import { test as propertyTest, fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { checkMessage, type CheckedMessage } from '../../src/wire/check-message.ts';
import { notify } from '../../src/signaling/notify-shapes.ts';
import { Drift } from '../../src/signaling/shape.ts';
import type { NotifyMessage, OfferMessage, ReceivedMessage } from '../../src/wire/messages.ts';

const offer = { type: 'offer', sdp: 'v=0\r\n', connection_id: 'ABS2CSD61H1D528RBPAGXT416R' };

function accepted(value: unknown): Extract<CheckedMessage, { kind: 'message' }> {
  const checked = checkMessage(value);
  if (checked.kind !== 'message') throw new Error(JSON.stringify(checked));
  return checked;
}

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
  ])('%s passes as it is and without drift', (_, message) => {
    const text = JSON.stringify(message);
    expect(checkMessage(text)).toEqual({ kind: 'message', message, raw: message, drift: [] });
    expect(checkMessage(new TextEncoder().encode(text))).toEqual(checkMessage(text));
    expect(accepted(message).message).toBe(message);
  });
});

describe('what cannot be read', () => {
  test.each<[string, unknown, string]>([
    ['no JSON', '{', 'parse'],
    ['nothing', '', 'parse'],
    ['no UTF-8', new Uint8Array([0x7b, 0xff]), 'parse'],
    ['too deep', '['.repeat(1000), 'parse'],
    ['null', 'null', 'schema'],
    ['an array', '[]', 'schema'],
    ['a text', '"offer"', 'schema'],
    ['no type', '{}', 'schema'],
    ['a type that is no text', '{"type":7}', 'schema'],
    ['undefined', undefined, 'schema'],
    ['a parsed null', null, 'schema'],
  ])('%s', (_, value, what) => {
    expect(checkMessage(value)).toMatchObject({ kind: 'invalid', what });
  });
});

test('bytes that are no UTF-8 are told as that', () => {
  expect(checkMessage(new Uint8Array([0x7b, 0xff]))).toEqual({ kind: 'invalid', what: 'parse', detail: 'not UTF-8' });
});

test.each<[unknown, string]>([
  ['[]', 'message: object expected'],
  ['{"type":7}', 'message.type: string expected'],
])('%s is told by what is missing', (value, detail) => {
  expect(checkMessage(value)).toEqual({ kind: 'invalid', what: 'schema', detail });
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
    expect(accepted(message)).toEqual({ kind: 'message', message, raw: message, drift: [] });
  });
});

describe('members that the SDK acts on', () => {
  test.each<[string, object, string]>([
    ['an offer without sdp', { ...offer, sdp: undefined }, 'offer.sdp: missing'],
    ['an sdp that is null', { ...offer, sdp: null }, 'offer.sdp: string expected'],
    ['an offer without connection_id', { ...offer, connection_id: 7 }, 'offer.connection_id: string expected'],
    ['config', { ...offer, config: [] }, 'offer.config: object expected'],
    ['iceServers', { ...offer, config: { iceServers: [{}] } }, 'offer.config.iceServers[0].urls: missing'],
    [
      'iceTransportPolicy',
      { ...offer, config: { iceTransportPolicy: 'none' } },
      'offer.config.iceTransportPolicy: one of all, relay expected',
    ],
    ['simulcast', { ...offer, simulcast: 'true' }, 'offer.simulcast: boolean expected'],
    ['encodings', { ...offer, encodings: {} }, 'offer.encodings: array expected'],
    ['rid', { ...offer, encodings: [{ rid: 0 }] }, 'offer.encodings[0].rid: string expected'],
    ['mid', { ...offer, mid: { video: 1 } }, 'offer.mid.video: string expected'],
    ['data_channel_signaling', { ...offer, data_channel_signaling: 1 }, 'offer.data_channel_signaling: boolean expected'],
    ['label', { ...offer, data_channels: [{ label: 'a' }, {}] }, 'offer.data_channels[1].label: missing'],
    ['compress', { ...offer, data_channels: [{ label: 'a', compress: 'no' }] }, 'offer.data_channels[0].compress: boolean expected'],
    ['re-offer', { type: 're-offer' }, 're-offer.sdp: missing'],
    ['update', { type: 'update', sdp: 1 }, 'update.sdp: string expected'],
    ['redirect', { type: 'redirect' }, 'redirect.location: missing'],
    ['switched', { type: 'switched', ignore_disconnect_websocket: 'true' }, 'switched.ignore_disconnect_websocket: boolean expected'],
    ['notify', { type: 'notify' }, 'notify.event_type: string expected'],
  ])('%s of a wrong shape spoils the message', (_, message, detail) => {
    expect(checkMessage(JSON.stringify(message))).toEqual({ kind: 'invalid', what: 'schema', detail });
  });
});

const lengthNote = 'offer.data_channels[0].header[0].length: number of bytes expected';

describe('drift', () => {
  test('unknown members are kept and named', () => {
    const { message, drift } = accepted({ ...offer, deflateraw: true, data_channels: [{ label: 'a', ordered: true }] });
    expect(message).toMatchObject({ deflateraw: true, data_channels: [{ label: 'a', ordered: true }] });
    expect(drift).toEqual(['offer.data_channels[0].ordered: unknown member', 'offer.deflateraw: unknown member']);
  });

  test('a member of a wrong type that is only handed on is left out, and stays in raw', () => {
    const given = { ...offer, version: 7, client_id: 'desk', rpc_methods: ['a', 1], encodings: [{ rid: 'r0', maxBitrate: 'much' }] };
    const { message, raw, drift } = accepted(given);
    expect(message).toStrictEqual({ ...offer, client_id: 'desk', encodings: [{ rid: 'r0' }] });
    expect(raw).toBe(given);
    expect(drift).toEqual([
      'offer.version: string expected',
      'offer.encodings[0].maxBitrate: number expected',
      'offer.rpc_methods[1]: string expected',
    ]);
  });

  test('null where a member is optional counts as absent', () => {
    const { message, drift } = accepted({ ...offer, mid: null, encodings: null, data_channels: null });
    expect(message).toEqual(offer);
    expect(drift).toHaveLength(3);
  });

  test('a header of a wrong shape takes nothing else with it', () => {
    const header = [{ type: 'sender_connection_id', length: -1 }];
    expect(accepted({ ...offer, data_channels: [{ label: '#a', header }] }).message).toEqual({
      ...offer,
      data_channels: [{ label: '#a', header: [{ type: 'sender_connection_id' }] }],
    });
  });

  test.each<[string, object, string]>([
    ['a member that is no object', { encodings: [{ codec: 7 }] }, 'offer.encodings[0].codec: object expected'],
    ['a list that is none', { rpc_methods: 'all' }, 'offer.rpc_methods: array expected'],
    ['a flag that is none', { spotlight: 1 }, 'offer.spotlight: boolean expected'],
    ['a number of bytes that is zero', { data_channels: [{ label: 'a', header: [{ type: 't', length: 0 }] }] }, lengthNote],
    ['a number of bytes that is broken', { data_channels: [{ label: 'a', header: [{ type: 't', length: 1.5 }] }] }, lengthNote],
    ['a number of bytes that is a text', { data_channels: [{ label: 'a', header: [{ type: 't', length: '1' }] }] }, lengthNote],
  ])('%s is named by what was expected', (_, members, note) => {
    expect(accepted({ ...offer, ...members }).drift).toEqual([note]);
  });

  test('one byte is a length', () => {
    const message = { ...offer, data_channels: [{ label: 'a', header: [{ type: 't', length: 1 }] }] };
    expect(accepted(message)).toMatchObject({ message, drift: [] });
  });

  test('the path of a note is cut, what was expected is not', () => {
    const name = 'x'.repeat(1000);
    expect(accepted({ ...offer, [name]: 0 }).drift).toEqual([`${`offer.${name}`.slice(0, 128)}: unknown member`]);
  });

  test('a hostile message names a few members and no more', () => {
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`${index}${'x'.repeat(1000)}`, 0]));
    const { drift } = accepted({ ...offer, ...many });
    expect(drift).toHaveLength(32);
    for (const note of drift) expect(note.length).toBeLessThan(200);
  });
});

describe('Q77: close', () => {
  test.each<[object, object]>([
    [{ type: 'close' }, { code: null, reason: '' }],
    [
      { type: 'close', code: '1000', reason: 7 },
      { code: null, reason: '' },
    ],
    [
      { type: 'close', code: null, reason: 'bye' },
      { code: null, reason: 'bye' },
    ],
    [
      { type: 'close', code: 1000, reason: 'x'.repeat(2000) },
      { code: 1000, reason: 'x'.repeat(1024) },
    ],
  ])('%j', (close, expected) => {
    expect(accepted(close).message).toEqual({ type: 'close', ...expected });
  });
});

test('what a close has of a wrong type is noted, and what it lacks is not', () => {
  expect(accepted({ type: 'close', code: '1000', reason: 7 }).drift).toEqual([
    'close.code: number expected',
    'close.reason: string expected',
  ]);
  expect(accepted({ type: 'close' }).drift).toEqual([]);
});

test('switched without its flag means false', () => {
  expect(accepted({ type: 'switched' }).message).toEqual({ type: 'switched', ignore_disconnect_websocket: false });
  expect(accepted({ type: 'switched', ignore_disconnect_websocket: null }).message).toMatchObject({ ignore_disconnect_websocket: false });
});

test('a push whose data is no object has none', () => {
  expect(accepted({ type: 'push', data: 'text' })).toMatchObject({ message: { type: 'push', data: {} }, raw: { data: 'text' } });
});

test.each(['constructor', 'toString', '__proto__', 'connect', 'e2ee', ''])('Q29: the type %j is unknown and handed on', (type) => {
  expect(checkMessage(JSON.stringify({ type, extra: 1 }))).toEqual({ kind: 'unknown-type', type, message: { type, extra: 1 } });
});

describe('notify', () => {
  test('an unknown event is handed on whole', () => {
    const event = { type: 'notify', event_type: 'recording.started', recording_id: 'R', constructor: 1 };
    expect(accepted(event)).toEqual({ kind: 'message', message: event, raw: event, drift: ['notify.event_type: unknown event'] });
    expect(accepted({ type: 'notify', event_type: 'constructor' }).drift).toEqual(['notify.event_type: unknown event']);
  });

  test('what is no object, or has no event type, is none', () => {
    expect(notify([], 'notify', new Drift())).toMatchObject({ detail: 'notify: object expected' });
    expect(notify({}, 'notify', new Drift())).toMatchObject({ detail: 'notify.event_type: string expected' });
  });

  test('a known one without its members is still told', () => {
    expect(accepted({ type: 'notify', event_type: 'network.status', unstable_level: 4 }).message).toEqual({
      type: 'notify',
      event_type: 'network.status',
    });
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

  propertyTest.prop([fc.anything(), fc.constantFrom(...types)])('nothing makes it throw', (anything, type) => {
    checkMessage(anything);
    checkMessage(typeof anything === 'object' && anything !== null ? { ...anything, type } : { type, sdp: anything });
  });

  propertyTest.prop([
    fc.dictionary(fc.constantFrom('sdp', 'mid', 'config', 'encodings', 'data_channels', 'metadata', 'version', 'x'), fc.jsonValue()),
  ])('what is accepted keeps its promise, and what is told is JSON as it came', (members) => {
    const checked = checkMessage(JSON.stringify({ ...offer, ...members }));
    if (checked.kind !== 'message') return;
    const message = checked.message as OfferMessage;
    expect(typeof message.sdp).toBe('string');
    expect(message.mid ?? {}).toBeTypeOf('object');
    expect(message.version ?? '').toBeTypeOf('string');
    expect(Array.isArray(message.encodings ?? [])).toBe(true);
    expect(message.metadata).toEqual(checked.raw['metadata']);
    expect(checkMessage(message)).toMatchObject({ kind: 'message', message });
  });

  test('every type has a shape', () => {
    const seen: Record<ReceivedMessage['type'], true> = Object.fromEntries(types.map((type) => [type, true])) as never;
    for (const type of Object.keys(seen)) expect(checkMessage({ type }).kind).not.toBe('unknown-type');
  });
});
