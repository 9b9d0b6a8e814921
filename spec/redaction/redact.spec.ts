import { test as propertyTest, fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { redact, redactText, redactUrl } from '../../src/redaction/redact.ts';

const sdp = [
  'v=0',
  'o=- 4611 2 IN IP4 203.0.113.9',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'c=IN IP4 203.0.113.9',
  'a=candidate:1 1 udp 41885439 198.51.100.7 50002 typ relay raddr 0.0.0.0 rport 0',
  'a=ice-ufrag:uFrAg',
  'a=ice-pwd:iCePwD',
  'a=fingerprint:sha-256 AA:BB',
  'a=setup:active',
  'a=mid:0',
  'a=recvonly',
  'a=rtpmap:111 opus/48000/2',
  '',
].join('\r\n');

describe('by name', () => {
  test.each([
    'metadata',
    'signaling_notify_metadata',
    'signalingNotifyMetadata',
    'authn_metadata',
    'authz_metadata',
    'authMetadata',
    'metadata_list',
    'access_token',
    'accessToken',
    'secret',
    'credential',
    'username',
    'usernameFragment',
    'password',
    'ice-pwd',
    'iceUfrag',
    'CREDENTIAL',
    '__Access-Token__',
    'access_to\u212Aen', // the Kelvin sign is a capital k
  ])('%s is masked at any depth', (name) => {
    expect(redact({ a: [{ [name]: { deep: 'hidden' }, other: 1 }] })).toEqual({ a: [{ [name]: '[redacted]', other: 1 }] });
  });

  test('null is no secret', () => {
    expect(redact({ metadata: null })).toEqual({ metadata: null });
  });
});

describe('messages', () => {
  test('an offer keeps what it decides', () => {
    const offer = {
      type: 'offer',
      sdp,
      connection_id: 'C',
      metadata: { plan: 'lab' },
      config: {
        iceServers: [{ urls: ['turn:192.0.2.10:3478?transport=udp'], username: 'user-81', credential: 'credential-81' }],
        iceTransportPolicy: 'relay',
      },
      data_channels: [{ label: 'signaling', compress: true }],
    };
    expect(redact(offer)).toEqual({
      type: 'offer',
      sdp: [
        'v=0',
        'a=group:BUNDLE 0',
        'm=audio 9 UDP/TLS/RTP/SAVPF 111',
        'a=setup:active',
        'a=mid:0',
        'a=recvonly',
        'a=rtpmap:111 opus/48000/2',
        '',
      ].join('\r\n'),
      connection_id: 'C',
      metadata: '[redacted]',
      config: {
        iceServers: [{ urls: ['turn:192.0.2.10:3478?transport=udp'], username: '[redacted]', credential: '[redacted]' }],
        iceTransportPolicy: 'relay',
      },
      data_channels: [{ label: 'signaling', compress: true }],
    });
  });

  test('as text they are redacted the same way', () => {
    expect(redact('{"type":"connect","metadata":{"access_token":"hidden"},"role":"sendonly"}')).toBe(
      '{"type":"connect","metadata":"[redacted]","role":"sendonly"}',
    );
    expect(redact({ data: '[{"secret":"hidden"}]' })).toEqual({ data: '[{"secret":"[redacted]"}]' });
  });

  test('a text that only begins like one is counted', () => {
    const cut = '{"type":"connect","metadata":{"access_token":"hid';
    expect(redact(cut)).toBe(`[text of ${cut.length} characters]`);
  });

  test('a candidate keeps its type', () => {
    const candidate = 'candidate:1 1 udp 41885439 198.51.100.7 50002 typ relay raddr 0.0.0.0 rport 0 ufrag uFrAg';
    expect(redact({ type: 'candidate', candidate, sdpMid: '0', usernameFragment: 'uFrAg' })).toEqual({
      type: 'candidate',
      candidate: 'candidate typ relay',
      sdpMid: '0',
      usernameFragment: '[redacted]',
    });
    expect(redact({ candidate: '' })).toEqual({ candidate: '' });
    expect(redact({ candidate: 'host 192.0.2.1' })).toEqual({ candidate: '[redacted]' });
  });

  test('an RPC keeps names of connections and layers, and nothing that may be metadata', () => {
    expect(
      redact({
        jsonrpc: '2.0',
        id: 1,
        method: '2025.2.0/PutSignalingNotifyMetadataItem',
        params: { key: 'hand', value: 'hidden', push: true },
      }),
    ).toEqual({
      jsonrpc: '2.0',
      id: 1,
      method: '2025.2.0/PutSignalingNotifyMetadataItem',
      params: { key: 'hand', value: '[redacted]', push: true },
    });
    expect(redact({ jsonrpc: '2.0', id: 1, result: { nick: 'hidden', rid: 'r0', channel_id: 'room' } })).toEqual({
      jsonrpc: '2.0',
      id: 1,
      result: { nick: '[redacted]', rid: 'r0', channel_id: 'room' },
    });
    expect(redact({ jsonrpc: '2.0', id: 1, result: 'hidden' })).toEqual({ jsonrpc: '2.0', id: 1, result: '[redacted]' });
    expect(redact({ jsonrpc: '2.0', id: 1, result: null })).toEqual({ jsonrpc: '2.0', id: 1, result: null });
    expect(redact({ jsonrpc: '2.0', id: 1, error: { code: -32_601, message: 'Method not found', data: 'hidden' } })).toEqual({
      jsonrpc: '2.0',
      id: 1,
      error: { code: -32_601, message: 'Method not found', data: '[redacted]' },
    });
  });
});

describe('what may be told of an RPC', () => {
  const plain = {
    channel_id: 'room',
    receiver_connection_id: 'R',
    sender_connection_id: 'S',
    recv_connection_id: 'R',
    send_connection_id: 'S',
    rid: 'r0',
    spotlight_focus_rid: 'r2',
    spotlight_unfocus_rid: 'none',
  };

  test('names of connections and layers, in parameters and in results', () => {
    const call = { jsonrpc: '2.0', id: 1, method: 'm', params: plain };
    expect(redact(call)).toEqual(call);
    const answer = { jsonrpc: '2.0', id: 1, result: plain };
    expect(redact(answer)).toEqual(answer);
  });

  test('a call is known by method and params too, and by neither of them alone', () => {
    const hidden = { nick: 'hidden' };
    expect(redact({ method: 'm', params: hidden })).toEqual({ method: 'm', params: { nick: '[redacted]' } });
    expect(redact({ method: 'm', result: hidden })).toEqual({ method: 'm', result: hidden });
    expect(redact({ params: hidden })).toEqual({ params: hidden });
    expect(redact({ jsonrpc: '2.0', result: hidden })).toEqual({ jsonrpc: '2.0', result: { nick: '[redacted]' } });
  });

  test.each<[string, unknown, unknown]>([
    ['params', ['hidden'], '[redacted]'],
    ['params', null, null],
    ['params', { code: 1, message: 'hidden' }, { code: '[redacted]', message: '[redacted]' }],
    ['result', { key: 'hidden', push: 'hidden' }, { key: '[redacted]', push: '[redacted]' }],
    ['error', { code: 1, rid: 'hidden', key: 'hidden' }, { code: 1, rid: '[redacted]', key: '[redacted]' }],
    ['error', 'hidden', '[redacted]'],
    ['other', { nick: 'told' }, { nick: 'told' }],
  ])('what is plain in one place is not in another: %s %j', (name, member, expected) => {
    expect(redact({ jsonrpc: '2.0', [name]: member })).toEqual({ jsonrpc: '2.0', [name]: expected });
  });

  test('a prototype in disguise, a cycle and too many members do no harm', () => {
    const disguised = redact(JSON.parse('{"jsonrpc":"2.0","params":{"__proto__":{"hidden":1},"rid":"r0"}}')) as { params: object };
    expect(Object.keys(disguised.params)).toEqual(['rid']);
    const params: Record<string, unknown> = {};
    params['rid'] = params;
    expect(redact({ jsonrpc: '2.0', params })).toEqual({ jsonrpc: '2.0', params: { rid: '[circular]' } });
    const many = Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`m${index}`, 1]));
    expect(Object.keys((redact({ jsonrpc: '2.0', params: many }) as { params: object }).params)).toHaveLength(1000);
  });
});

describe('which texts are taken for JSON', () => {
  test.each<[string, string]>([
    ['{"secret":"hidden"}', '{"secret":"[redacted]"}'],
    [' \n{\t"secret":"hidden"}', '{"secret":"[redacted]"}'],
    ['{}', '{}'],
    ['{ }', '{}'],
    ['[{"secret":"hidden"}]', '[{"secret":"[redacted]"}]'],
    ['[ {"secret":"hidden"} ]', '[{"secret":"[redacted]"}]'],
    [' [[{"secret":"hidden"}]]', '[[{"secret":"[redacted]"}]]'],
    ['[ "wss://u:p@h/" ]', '["wss://h/"]'],
    ['[ ]', '[]'],
  ])('%s is', (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  test.each(['see {"a":1}', 'see ["a"]', '{x}', '{1}', '[x]', '[1 ]', '[redacted]'])('%s is not', (text) => {
    expect(redact(text)).toBe(text);
  });

  test('up to a length: a longer one is counted', () => {
    const text = JSON.stringify(['x'.repeat(262_144 - 4)]);
    expect(redact(text)).toBe('["…"]');
    expect(redact(`${text} `)).toBe('[text of 262145 characters]');
  });

  test('JSON within a text counts as a level', () => {
    const nested = (depth: number): unknown => (depth === 0 ? '["x"]' : [nested(depth - 1)]);
    expect(JSON.stringify(redact(nested(15)))).toContain('[deep]');
    expect(JSON.stringify(redact(nested(14)))).not.toContain('[deep]');
  });
});

describe('texts', () => {
  test.each<[string, string]>([
    ['plain words', 'plain words'],
    ['wss://user:pass@sora.example/signaling?token=hidden#part', 'wss://sora.example/signaling'],
    ['could not open wss://u@sora.example/s?x=hidden, tried once', 'could not open wss://sora.example/s tried once'],
    ['turn:192.0.2.10:3478?transport=tcp', 'turn:192.0.2.10:3478?transport=tcp'],
    ['turns:hidden@turn.example:443?transport=tcp&x=hidden', 'turns:turn.example:443'],
    ['token eyJhbGciOi.eyJzdWIi.c2lnbmF0dXJl end', 'token [redacted] end'],
    ['Invalid line a=ice-pwd:hidden\nnext', 'Invalid line a=ice-pwd:[redacted]\nnext'],
    ['Invalid line a=ice-pwd hidden', 'Invalid line a=ice-pwd:[redacted]'],
    ['ws://u:p@sora.example/signaling?x=hidden', 'ws://sora.example/signaling'],
    ['turn:turn.example:3478?x=hidden?transport=udp', 'turn:turn.example:3478'],
    ['http://u:p@web.example:8080/a?x=hidden', 'http://web.example:8080/a'],
    ['https://web.example/room:a@b', 'https://web.example/room:a@b'],
    ['turn:hidden@turn.example:3478?x=hidden', 'turn:turn.example:3478'],
    ['stun:hidden@stun.example?x=hidden', 'stun:stun.example'],
    ['stuns:stun.example?transport=udp', 'stuns:stun.example?transport=udp'],
    ['bad candidate:12 10 tcp 21 198.51.100.7 50000 typ srflx raddr 10.0.0.1', 'bad candidate typ srflx'],
    ['bad candidate:1 1 udp 1 198.51.100.7 5 typ host generation 0', 'bad candidate typ host'],
  ])('%s', (text, expected) => {
    expect(redactText(text)).toBe(expected);
    expect(redactText(redactText(text))).toBe(expected);
  });

  test('a URL', () => {
    expect(redactUrl('wss://sora.example/signaling?access=hidden')).toBe('wss://sora.example/signaling');
  });

  test('of a whole description the lines that say what is negotiated, whatever ends them', () => {
    expect(redactText('v=0\na=mid:0\na=ice-pwd:hidden\na=tool:hidden m=audio\na=rid:r0 send\n')).toBe(
      'v=0\r\na=mid:0\r\na=rid:r0 send\r\n',
    );
  });

  test('a text that quotes the beginning of a description is none', () => {
    expect(redactText('expected v=0\r\nin line 1')).toBe('expected v=0\r\nin line 1');
  });

  test('what is just short enough is not cut', () => {
    expect(redactText('x'.repeat(4096))).toBe('x'.repeat(4096));
    expect(redactText('x'.repeat(65_536))).toBe(`${'x'.repeat(4096)}…`);
    expect(redactText('x'.repeat(65_537))).toBe('…');
  });

  test('lines of a description that are not looked at are not shown', () => {
    expect(redactText(`v=0\r\n${'a=x\r\n'.repeat(20_000)}a=mid:0\r\n`)).toBe('v=0\r\n…');
  });

  test('long ones are cut, and what is not looked at is not shown', () => {
    expect(redactText('x'.repeat(5000))).toBe(`${'x'.repeat(4096)}…`);
    const tokens = `${'eyJhaGVhZGVy.eyJwYXlsb2Fk '.repeat(2621)}eyJjdXRoZXJl.eyJjdXRoZXJl`;
    expect(redactText(tokens)).not.toContain('eyJ');
    expect(redactText(`wss://${'u'.repeat(70_000)}:hidden@host`)).toBe('…');
  });
});

describe('values that are no JSON', () => {
  class Track {
    readonly label = 'hidden camera';
  }
  const circular: Record<string, unknown> = { name: 'a' };
  circular['self'] = circular;
  const throwing = Object.defineProperty({}, 'x', {
    enumerable: true,
    get: () => {
      throw new Error('no');
    },
  });

  test.each<[string, unknown, unknown]>([
    ['bytes', new Uint8Array(3), '[3 bytes]'],
    ['a buffer', new ArrayBuffer(4), '[4 bytes]'],
    ['a live object', new Track(), '[Track]'],
    ['a map', new Map([['secret', 'hidden']]), '[Map]'],
    ['an error', new TypeError('at wss://u:p@h/?t=hidden'), { name: 'TypeError', message: 'at wss://h/' }],
    ['a date', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['no date', new Date(NaN), null],
    ['a bigint', 7n, '7'],
    ['a function', () => 'hidden', '[function]'],
    ['a symbol', Symbol('hidden'), '[symbol]'],
    ['undefined', undefined, undefined],
    ['a member that is undefined', { a: undefined, b: 1 }, { b: 1 }],
    ['a cycle', circular, { name: 'a', self: '[circular]' }],
    ['a getter that throws', [throwing, 1], ['[unreadable]', 1]],
    ['a prototype in disguise', JSON.parse('{"__proto__":{"hidden":1},"a":1}'), { a: 1 }],
  ])('%s', (_, value, expected) => {
    expect(redact(value)).toEqual(expected);
  });

  test.each<[string, unknown, unknown]>([
    ['without a prototype', Object.assign(Object.create(null) as object, { a: 1 }), { a: 1 }],
    ['of a constructor without a name', Object.create({ constructor: { name: '' } }), '[object]'],
    ['of a constructor whose name is no text', Object.create({ constructor: { name: 7 } }), '[object]'],
    ['without a constructor', Object.create({ constructor: undefined }), '[object]'],
  ])('an object %s', (_, value, expected) => {
    expect(redact(value)).toEqual(expected);
  });

  test('a member that is undefined is left out, and a prototype in disguise becomes none', () => {
    expect(Object.keys(redact({ a: undefined, b: 1 }) as object)).toEqual(['b']);
    const copy = redact(JSON.parse('{"__proto__":{"hidden":1},"a":1}'));
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
    expect(copy).not.toHaveProperty('hidden');
  });

  test('a candidate that is no line is copied', () => {
    expect(redact({ candidate: { type: 'host' } })).toEqual({ candidate: { type: 'host' } });
    expect(redact({ candidate: 'xtyp host' })).toEqual({ candidate: '[redacted]' });
  });

  test('the name of an error may hold a secret too', () => {
    const error = Object.assign(new Error('x'), { name: 'at wss://u:p@h/' });
    expect(redact(error)).toEqual({ name: 'at wss://h/', message: 'x' });
  });

  test('one object used twice is no cycle', () => {
    const once = { a: 1 };
    expect(redact([once, once])).toEqual([once, once]);
  });

  test('depth, width and size are bounded', () => {
    let deep: unknown = 'bottom';
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    expect(JSON.stringify(redact(deep))).toBe(`${'['.repeat(16)}"[deep]"${']'.repeat(16)}`);
    expect(redact(Array.from({ length: 2000 }, () => 1))).toHaveLength(1001);
    expect(JSON.stringify(redact(Array.from({ length: 1000 }, () => Array.from({ length: 1000 }, () => 1)))).length).toBeLessThan(100_000);
    const list = (length: number): unknown[] => Array.from({ length }, () => 1);
    expect(redact(list(1000))).toEqual(list(1000));
    expect(redact(list(1001))).toEqual([...list(1000), '[cut]']);
    const members = Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`m${index}`, 1]));
    expect(Object.keys(redact(members) as object)).toHaveLength(1000);
    // 10,000 values: the outer list, nine inner ones with a thousand each, and the beginning of the tenth.
    const values = (redact(Array.from({ length: 11 }, () => list(1000))) as unknown[]).flat();
    expect(values.filter((each) => each === 1)).toHaveLength(10_000 - 1 - 10);
    expect(values.at(-1)).toBe('[cut]');
    expect(redact(`["${'x'.repeat(300_000)}"]`)).toBe('[text of 300004 characters]');
  });
});

describe('properties', () => {
  const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withTypedArray: true });

  propertyTest.prop([anything])('never throws, and the result survives JSON', (value) => {
    const result = redact(value);
    if (result !== undefined) expect(() => JSON.stringify(result)).not.toThrow();
  });

  propertyTest.prop([fc.jsonValue()])('redacting twice is redacting once', (value) => {
    expect(redact(redact(value))).toEqual(redact(value));
  });

  const secret = 'S3CR3T-needle';
  const holder = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      fc
        .constantFrom('metadata', 'access_token', 'credential', 'authz_metadata', 'usernameFragment')
        .map((name) => ({ [name]: { x: secret } })),
      fc.constant(`v=0\r\na=ice-pwd:${secret}\r\nc=IN IP4 ${secret}\r\n`),
      fc.constant(`wss://${secret}@host/?${secret}`),
      fc.constant(JSON.stringify({ metadata: secret })),
      fc.constant({ candidate: `candidate:1 1 udp 1 ${secret} 1 typ host` }),
      fc.constant({ jsonrpc: '2.0', id: 1, result: { anything: secret } }),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(fc.string(), tie('tree'), { maxKeys: 3 }),
      tie('tree').map((tree) => JSON.stringify([tree])),
    ),
  })).tree;

  propertyTest.prop([holder], { numRuns: 500 })('a marked secret never comes out, wherever it stood', (value) => {
    expect(JSON.stringify(redact(value))).not.toContain(secret);
  });

  propertyTest.prop([fc.jsonValue()])('the value itself is not changed', (value) => {
    const before = structuredClone(value);
    redact(value);
    expect(value).toEqual(before);
  });
});
