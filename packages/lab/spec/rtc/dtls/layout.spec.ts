import { describe, expect, test } from 'vitest';
import { parseClientHello, srtpProfiles, supportedGroups } from '../../../src/rtc/dtls/client-hello.ts';
import { firstCertificate } from '../../../src/rtc/dtls/client-signature.ts';
import { bitString, explicit, integer, objectIdentifier, sequence, set, utcTime, utf8String } from '../../../src/rtc/dtls/der.ts';
import { fragmentHandshake, parseFragments, serializeHandshake } from '../../../src/rtc/dtls/handshake-message.ts';
import { parseRecords, serializeRecord } from '../../../src/rtc/dtls/record.ts';

// RFC 5246 and RFC 6347 have no test vectors of messages: these are their structures, written out.

const bytes = (hex: string): Buffer => Buffer.from(hex.replace(/ /g, ''), 'hex');

describe('a record (RFC 6347 section 4.1)', () => {
  const record = { type: 22, epoch: 0x0102, sequence: 0x0304_0506_0708, fragment: bytes('aabbcc') };
  const wire = '16 fefd 0102 030405060708 0003 aabbcc';

  test('is written and read', () => {
    expect(serializeRecord(record).toString('hex')).toBe(bytes(wire).toString('hex'));
    expect(parseRecords(bytes(wire))).toEqual([record]);
  });

  test('others may follow; what is cut off or of another protocol ends the list', () => {
    expect(parseRecords(bytes(wire + wire))).toEqual([record, record]);
    expect(parseRecords(Buffer.concat([bytes(wire), bytes(wire).subarray(0, 15)]))).toEqual([record]);
    expect(parseRecords(Buffer.concat([bytes(wire), bytes(wire).subarray(0, 12)]))).toEqual([record]);
    expect(parseRecords(bytes(`16 0303 0102 030405060708 0003 aabbcc ${wire}`))).toEqual([]);
    // The version of a ClientHello may be that of DTLS 1.0.
    expect(parseRecords(bytes('16 feff 0102 030405060708 0000'))).toHaveLength(1);
    expect(parseRecords(Buffer.alloc(0))).toEqual([]);
  });
});

describe('a handshake message (RFC 6347 section 4.2.2)', () => {
  const message = { type: 11, sequence: 0x0203, body: bytes('000102030405060708') };

  test('is written whole', () => {
    expect(serializeHandshake(message).toString('hex')).toBe('0b00000902030000000000090001020304' + '05060708');
  });

  test('is written in pieces and read again', () => {
    const pieces = fragmentHandshake(message, 4).map((piece) => piece.toString('hex'));
    expect(pieces).toEqual(['0b000009020300000000000400010203', '0b000009020300000400000404050607', '0b000009020300000800000108']);
    expect(parseFragments(bytes(pieces.join('')))).toEqual([
      { type: 11, sequence: 0x0203, length: 9, offset: 0, body: bytes('00010203') },
      { type: 11, sequence: 0x0203, length: 9, offset: 4, body: bytes('04050607') },
      { type: 11, sequence: 0x0203, length: 9, offset: 8, body: bytes('08') },
    ]);
    expect(fragmentHandshake(message, 9)).toHaveLength(1);
    expect(fragmentHandshake({ ...message, body: Buffer.alloc(0) }, 9)).toHaveLength(1);
  });

  test('a piece that is cut off ends the list', () => {
    const piece = bytes('0b000009020300000800000108');
    expect(parseFragments(Buffer.concat([piece, piece.subarray(0, 12)]))).toHaveLength(1);
    expect(parseFragments(Buffer.concat([piece, piece.subarray(0, 11)]))).toHaveLength(1);
    expect(parseFragments(piece.subarray(0, 11))).toEqual([]);
  });
});

describe('a ClientHello (RFC 5246 section 7.4.1.2)', () => {
  const start = `fefd ${'07'.repeat(32)}`;
  const groups = '000a 0008 0006 001d 0017 0018';
  const profiles = '000e 0007 0004 0007 0001 00';
  const extended = '0017 0000';
  const whole = bytes(`${start} 02 aaaa 03 bbbbbb 0004 c02b 1301 01 00 001b ${groups} ${profiles} ${extended}`);

  test('is read past session id, cookie and compression methods', () => {
    const hello = parseClientHello(whole);
    expect(hello.random).toEqual(Buffer.alloc(32, 7));
    expect(hello.cipherSuites).toEqual([0xc02b, 0x1301]);
    expect([...hello.extensions.keys()]).toEqual([10, 14, 23]);
    expect(supportedGroups(hello)).toEqual([29, 23, 24]);
    expect(srtpProfiles(hello)).toEqual([7, 1]);
  });

  test('may have no extensions', () => {
    const hello = parseClientHello(bytes(`${start} 00 00 0002 c02b 01 00`));
    expect([hello.extensions.size, supportedGroups(hello), srtpProfiles(hello)]).toEqual([0, [], []]);
  });

  test('is refused where it is cut off, wherever that is', () => {
    const bare = bytes(`${start} 02 aaaa 03 bbbbbb 0004 c02b 1301 01 00`).length;
    for (let length = 0; length < whole.length; length++) {
      if (length !== bare) expect(() => parseClientHello(whole.subarray(0, length)), `${length} bytes`).toThrow('ClientHello is cut off');
    }
  });

  test('lists with half a number in them lose it', () => {
    const hello = parseClientHello(bytes(`${start} 00 00 0003 c02b 13 01 00 0012 000a 0005 0003 001d 00 000e 0005 0003 0007 00`));
    expect(hello.cipherSuites).toEqual([0xc02b]);
    expect(supportedGroups(hello)).toEqual([29]);
    expect(srtpProfiles(hello)).toEqual([7]);
    expect(srtpProfiles(parseClientHello(bytes(`${start} 00 00 0002 c02b 01 00 0005 000e 0001 00`)))).toEqual([]);
  });
});

describe('a Certificate message (RFC 5246 section 7.4.2)', () => {
  test.each([
    ['two certificates', '000009 000002 aabb 000001 cc', 'aabb'],
    ['one', '000005 000002 aabb', 'aabb'],
    ['none', '000000', undefined],
    ['an empty one', '000003 000000', undefined],
    ['one that is cut off', '000005 000003 aabb', undefined],
  ])('with %s', (_, hex, expected) => {
    expect(firstCertificate(bytes(hex))?.toString('hex')).toBe(expected);
  });
});

describe('DER (X.690)', () => {
  test('lengths of one, two and three bytes', () => {
    const head = (length: number): string => utf8String('x'.repeat(length)).subarray(0, 4).toString('hex');
    expect([0, 127, 128, 255, 256, 65_535].map(head)).toEqual(['0c00', '0c7f7878', '0c818078', '0c81ff78', '0c820100', '0c82ffff']);
  });

  test.each([
    ['1.2.840.10045.4.3.2', '06082a8648ce3d040302'],
    ['1.2.840.113549.1.1.11', '06092a864886f70d01010b'],
    ['2.5.4.3', '0603550403'],
    ['1.2.127.128', '06042a7f8100'],
    ['1.2.16383.16384', '06062aff7f818000'],
  ])('object identifier %s', (dotted, hex) => {
    expect(objectIdentifier(dotted).toString('hex')).toBe(hex);
  });

  test('integers are unsigned', () => {
    expect([bytes('7f'), bytes('80'), bytes('00'), Buffer.alloc(0)].map((value) => integer(value).toString('hex'))).toEqual([
      '02017f',
      '02020080',
      '020100',
      '0200',
    ]);
  });

  test('sequences, sets, tags, bit strings and times', () => {
    expect(sequence(bytes('01'), bytes('02')).toString('hex')).toBe('30020102');
    expect(set(bytes('01')).toString('hex')).toBe('310101');
    expect(explicit(3, bytes('01')).toString('hex')).toBe('a30101');
    expect(bitString(bytes('0102')).toString('hex')).toBe('0303000102');
    expect(utcTime(new Date('2026-01-02T03:04:05.678Z')).toString('latin1')).toBe('\x17\x0d260102030405Z');
  });
});
