import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { parseStun, serializeStun, stunAttribute, stunType, xorMappedAddress } from '../../../src/rtc/stun/stun-message.ts';

// RFC 5769 section 2.1, a request of short-term credentials.
const sampleRequest = Buffer.from(
  '000100582112a442b7e7a701bc34d686fa87dfae' +
    '802200105354554e207465737420636c69656e74' +
    '002400046e0001ff' +
    '80290008932ff9b151263b36' +
    '000600096576746a3a68367659202020' +
    '000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2' +
    '80280004e57a3bcf',
  'hex',
);
const samplePassword = 'VOkJxbRl1RmTxUk/WvJxBt';

// RFC 5769 sections 2.2 and 2.3, responses with the same password. Section 2.4 has no FINGERPRINT and uses long-term credentials: ICE does neither.
const sampleResponses = [
  [
    'IPv4',
    '0101003c2112a442b7e7a701bc34d686fa87dfae' +
      '8022000b7465737420766563746f7220' +
      '002000080001a147e112a643' +
      '000800142b91f599fd9e90c38c7489f92af9ba53f06be7d7' +
      '80280004c07d4c96',
    '0001a147e112a643',
  ],
  [
    'IPv6',
    '010100482112a442b7e7a701bc34d686fa87dfae' +
      '8022000b7465737420766563746f7220' +
      '002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9' +
      '00080014a382954e4be67bf11784c97c8292c275bfe3ed41' +
      '80280004c8fb0b4c',
    '0002a1470113a9faa5d3f179bc25f4b5bed2b9d9',
  ],
] as const;

describe('parseStun', () => {
  test('reads the sample request of RFC 5769', () => {
    const message = parseStun(sampleRequest);
    expect(message?.type).toBe(stunType.bindingRequest);
    expect(message?.attributes.get(stunAttribute.username)?.toString()).toBe('evtj:h6vY');
    expect(message?.isAuthentic(samplePassword)).toBe(true);
    expect(message?.isAuthentic('another')).toBe(false);
  });

  test.each(sampleResponses)('reads the sample %s response of RFC 5769', (_, hex, mappedAddress) => {
    const message = parseStun(Buffer.from(hex, 'hex'));
    expect(message?.type).toBe(stunType.bindingSuccess);
    expect(message?.transactionId.toString('hex')).toBe('b7e7a701bc34d686fa87dfae');
    expect(message?.attributes.get(stunAttribute.xorMappedAddress)?.toString('hex')).toBe(mappedAddress);
    expect(message?.isAuthentic(samplePassword)).toBe(true);
  });

  test('takes no message with a changed byte for authentic', () => {
    for (let at = 0; at < sampleRequest.length; at++) {
      const changed = Buffer.from(sampleRequest);
      changed.writeUInt8(changed.readUInt8(at) ^ 0x01, at);
      expect(parseStun(changed)?.isAuthentic(samplePassword) ?? false, `byte ${at}`).toBe(false);
    }
  });

  test('refuses every cut-off message', () => {
    for (let length = 0; length < sampleRequest.length; length++) expect(parseStun(sampleRequest.subarray(0, length))).toBeUndefined();
  });

  test('refuses a message without FINGERPRINT', () => {
    const bare = Buffer.from(sampleRequest.subarray(0, -8));
    bare.writeUInt16BE(bare.length - 20, 2);
    expect(parseStun(bare)).toBeUndefined();
  });
});

describe('serializeStun', () => {
  test('makes what parseStun reads', () => {
    const transactionId = Buffer.from('0102030405060708090a0b0c', 'hex');
    const bytes = serializeStun({
      type: stunType.bindingSuccess,
      transactionId,
      attributes: [[stunAttribute.username, Buffer.from('abcde')]],
      password: 'secret',
    });
    const message = parseStun(bytes);
    expect(message?.type).toBe(stunType.bindingSuccess);
    expect(message?.transactionId.equals(transactionId)).toBe(true);
    expect(message?.attributes.get(stunAttribute.username)?.toString()).toBe('abcde');
    expect(message?.isAuthentic('secret')).toBe(true);
  });
});

describe('xorMappedAddress', () => {
  const transactionId = Buffer.from('b7e7a701bc34d686fa87dfae', 'hex');

  test('is that of RFC 5769 section 2.2 for IPv4', () => {
    expect(xorMappedAddress('192.0.2.1', 32853, transactionId).toString('hex')).toBe('0001a147e112a643');
  });

  test('is that of RFC 5769 section 2.3 for IPv6, also in its shortest form', () => {
    const expected = '0002a1470113a9faa5d3f179bc25f4b5bed2b9d9';
    expect(xorMappedAddress('2001:db8:1234:5678:11:2233:4455:6677', 32853, transactionId).toString('hex')).toBe(expected);
    const loopback = xorMappedAddress('::1', 1, transactionId);
    expect(loopback.readUInt8(19) ^ transactionId.readUInt8(11)).toBe(1);
  });
});

describe('the layout of a message (RFC 8489)', () => {
  const plain = (attributes: string, options: { type?: string; cookie?: string; length?: number } = {}): Buffer => {
    const { type = '0001', cookie = '2112a442', length } = options;
    const body = Buffer.from(attributes, 'hex');
    const message = Buffer.concat([Buffer.from(`${type}0000${cookie}${'07'.repeat(12)}`, 'hex'), body, Buffer.alloc(8)]);
    message.writeUInt16BE(length ?? message.length - 20, 2);
    const at = message.length - 8;
    message.writeUInt32BE(0x80280004, at);
    message.writeUInt32BE((crc32(message.subarray(0, at)) ^ 0x5354554e) >>> 0, at + 4);
    return message;
  };

  test('is written byte by byte: header, padded attributes, MESSAGE-INTEGRITY, FINGERPRINT', () => {
    const bytes = serializeStun({
      type: stunType.bindingRequest,
      transactionId: Buffer.alloc(12, 7),
      attributes: [
        [stunAttribute.username, Buffer.from('abcde')],
        [stunAttribute.useCandidate, Buffer.alloc(0)],
      ],
      password: 'secret',
    }).toString('hex');
    expect(bytes.slice(0, 72)).toBe('000100302112a442' + '07'.repeat(12) + '00060005' + '6162636465000000' + '00250000');
    expect(bytes.slice(72, 80)).toBe('00080014');
    expect(bytes.slice(120, 128)).toBe('80280004');
    expect(bytes).toHaveLength(2 * 68);
  });

  test('the first of two attributes of a type counts, and an empty message is one', () => {
    const message = parseStun(plain('0006000161000000' + '0006000162000000'));
    expect(message?.attributes.get(stunAttribute.username)?.toString()).toBe('a');
    expect(parseStun(plain(''))?.attributes.size).toBe(1);
    expect(parseStun(plain(''))?.isAuthentic('secret')).toBe(false);
  });

  test.each([
    ['one of the two highest bits set', plain('', { type: '4001' })],
    ['the other one set', plain('', { type: '8001' })],
    ['another cookie', plain('', { cookie: '2112a443' })],
    ['a length that is too small', plain('00250000', { length: 8 })],
    ['a length that is too large', plain('00250000', { length: 16 })],
    ['an attribute beyond its end', plain('0006000e61000000')],
    ['a FINGERPRINT of three bytes', Buffer.from('000100082112a442' + '07'.repeat(12) + '8028000300000000', 'hex')],
    ['a FINGERPRINT that is cut off', Buffer.from('000100062112a442' + '07'.repeat(12) + '802800040000', 'hex')],
    ['a FINGERPRINT of five bytes', Buffer.from('0001000c2112a442' + '07'.repeat(12) + '802800050000000000000000', 'hex')],
  ])('a message with %s is refused', (_, message) => {
    expect(parseStun(message)).toBeUndefined();
  });

  test('attributes behind MESSAGE-INTEGRITY, where nothing protects them, are not seen', () => {
    const honest = serializeStun({ type: stunType.bindingRequest, transactionId: Buffer.alloc(12, 7), attributes: [], password: 'secret' });
    const smuggled = parseStun(plain(`${honest.subarray(20, 44).toString('hex')}00250000`));
    expect(smuggled?.isAuthentic('secret')).toBe(true);
    expect(smuggled?.attributes.has(stunAttribute.useCandidate)).toBe(false);
    expect(parseStun(plain('00250000'))?.attributes.has(stunAttribute.useCandidate)).toBe(true);
  });

  test('nothing may follow FINGERPRINT (RFC 8489 section 14.7)', () => {
    const message = Buffer.concat([plain(''), Buffer.from('00250000', 'hex')]);
    message.writeUInt16BE(message.length - 20, 2);
    expect(parseStun(message)).toBeUndefined();
  });

  test('a MESSAGE-INTEGRITY of another length protects nothing', () => {
    expect(parseStun(plain('0008000400000000'))?.isAuthentic('secret')).toBe(false);
  });

  test('the first of two MESSAGE-INTEGRITY counts', () => {
    const honest = serializeStun({ type: stunType.bindingRequest, transactionId: Buffer.alloc(12, 7), attributes: [], password: 'secret' });
    const twice = plain(honest.subarray(20, 44).toString('hex') + `00080014${'00'.repeat(20)}`);
    expect(parseStun(twice)?.isAuthentic('secret')).toBe(true);
  });
});

describe('xorMappedAddress of every form of an IPv6 address', () => {
  const zero = Buffer.alloc(12);
  const bytesOf = (address: string): string => {
    const value = xorMappedAddress(address, 0, zero);
    value.writeUInt32BE((value.readUInt32BE(4) ^ 0x2112a442) >>> 0, 4);
    return value.subarray(4).toString('hex');
  };

  test.each([
    ['::', '0'.repeat(32)],
    ['::1', '0'.repeat(31) + '1'],
    ['fe80::1%eth0', `fe80${'0'.repeat(27)}1`],
    ['2001:db8::', `20010db8${'0'.repeat(24)}`],
    ['2001:db8::1:2', `20010db8${'0'.repeat(16)}00010002`],
    ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
  ])('%s', (address, expected) => {
    expect(bytesOf(address)).toBe(expected);
  });
});
