import { test as propertyTest, fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { redact, redactText, redactUrl } from '../../src/signaling/redact.ts';

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

describe('texts', () => {
  test.each<[string, string]>([
    ['plain words', 'plain words'],
    ['wss://user:pass@sora.example/signaling?token=hidden#part', 'wss://sora.example/signaling'],
    ['could not open wss://u@sora.example/s?x=hidden, tried once', 'could not open wss://sora.example/s tried once'],
    ['turn:192.0.2.10:3478?transport=tcp', 'turn:192.0.2.10:3478?transport=tcp'],
    ['turns:hidden@turn.example:443?transport=tcp&x=hidden', 'turns:turn.example:443'],
    ['token eyJhbGciOi.eyJzdWIi.c2lnbmF0dXJl end', 'token [redacted] end'],
    ['Invalid line a=ice-pwd:hidden\nnext', 'Invalid line a=ice-pwd:[redacted]\nnext'],
    ['bad candidate:1 1 udp 1 198.51.100.7 5 typ host generation 0', 'bad candidate typ host'],
  ])('%s', (text, expected) => {
    expect(redactText(text)).toBe(expected);
    expect(redactText(redactText(text))).toBe(expected);
  });

  test('a URL', () => {
    expect(redactUrl('wss://sora.example/signaling?access=hidden')).toBe('wss://sora.example/signaling');
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
