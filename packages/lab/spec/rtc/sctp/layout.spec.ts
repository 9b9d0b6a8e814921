import { describe, expect, test } from 'vitest';
import { parseDataChunk, serializeDataChunk } from '../../../src/rtc/sctp/data-chunk.ts';
import { createCookieJar, parseInit, serializeInit } from '../../../src/rtc/sctp/init.ts';
import { chunkType, padded, parsePacket, serializeChunk, serializePacket } from '../../../src/rtc/sctp/packet.ts';
import { parseParameters, serializeParameter } from '../../../src/rtc/sctp/parameters.ts';
import { tsnAfter, tsnDistance, tsnPlus } from '../../../src/rtc/sctp/serial.ts';

// RFC 9260, 3758 and 6525 have no test vectors: these are their structures, written out.

const bytes = (hex: string): Buffer => Buffer.from(hex.replace(/ /g, ''), 'hex');
const hex = (data: Buffer | undefined): string | undefined => data?.toString('hex');

describe('a packet (RFC 9260 section 3)', () => {
  const cookieAck = bytes('0b 00 0004');

  test('has both ports, the tag, and a checksum with its low byte first', () => {
    const packet = serializePacket(5000, 0x01020304, [cookieAck]);
    expect(hex(packet.subarray(0, 8))).toBe('1388138801020304');
    expect(hex(packet.subarray(12))).toBe('0b000004');
    // crc32c(13881388 01020304 00000000 0b000004), computed with another implementation.
    expect(hex(packet.subarray(8, 12))).toBe('ee5a51a5');
    expect(parsePacket(packet)).toEqual({ tag: 0x01020304, chunks: [{ type: 11, flags: 0, value: Buffer.alloc(0) }] });
  });

  test('chunks are padded to four bytes, which do not count', () => {
    expect([0, 1, 3, 4, 5].map(padded)).toEqual([0, 4, 4, 4, 8]);
    expect(hex(serializeChunk({ type: 130, flags: 3, value: bytes('aabbccddee') }))).toBe('82030009aabbccddee000000');
    const packet = serializePacket(5000, 1, [serializeChunk({ type: 4, flags: 0, value: bytes('aa') }), cookieAck]);
    expect(parsePacket(packet)?.chunks).toEqual([
      { type: 4, flags: 0, value: bytes('aa') },
      { type: 11, flags: 0, value: Buffer.alloc(0) },
    ]);
  });

  test('the padding of the last chunk may be missing, and bytes that are no chunk are left over', () => {
    expect(parsePacket(serializePacket(5000, 1, [bytes('04 00 0005 aa')]))?.chunks).toHaveLength(1);
    expect(parsePacket(serializePacket(5000, 1, [cookieAck, bytes('0b0000')]))?.chunks).toHaveLength(1);
    expect(parsePacket(serializePacket(5000, 1, []))?.chunks).toEqual([]);
  });

  test.each([
    ['a chunk that is shorter than its own header', '0b 00 0003'],
    ['a chunk beyond the end', '0b 00 0005'],
    ['a second chunk beyond the end', '0b 00 0004 0b 00 0010 00000000'],
  ])('with %s is refused', (_, chunks) => {
    expect(parsePacket(serializePacket(5000, 1, [bytes(chunks)]))).toBeUndefined();
  });

  test('that is shorter than a header, or has a wrong checksum, is refused', () => {
    const packet = serializePacket(5000, 1, []);
    expect(parsePacket(packet)).toBeDefined();
    expect(parsePacket(packet.subarray(0, 11))).toBeUndefined();
    packet.writeUInt8(packet.readUInt8(0) ^ 1, 0);
    expect(parsePacket(packet)).toBeUndefined();
  });

  test('numbers of chunks are those of the RFCs', () => {
    expect(chunkType).toEqual({
      data: 0,
      init: 1,
      initAck: 2,
      sack: 3,
      heartbeat: 4,
      heartbeatAck: 5,
      abort: 6,
      shutdown: 7,
      shutdownAck: 8,
      error: 9,
      cookieEcho: 10,
      cookieAck: 11,
      shutdownComplete: 14,
      reConfig: 130,
      forwardTsn: 192,
    });
  });
});

test('a DATA chunk (RFC 9260 section 3.3.1)', () => {
  const chunk = { flags: 3, tsn: 0x01020304, streamId: 0x0506, streamSequence: 0x0708, protocolId: 0x090a0b0c, data: bytes('aabb') };
  expect(hex(serializeDataChunk(chunk))).toBe('00030012' + '01020304' + '05060708' + '090a0b0c' + 'aabb0000');
  expect(parseDataChunk(3, bytes('01020304 0506 0708 090a0b0c aabb'))).toEqual(chunk);
  expect(() => parseDataChunk(3, bytes('01020304 0506 0708 090a0b'))).toThrow(RangeError);
});

describe('parameters (RFC 9260 section 3.2.1)', () => {
  test('are padded, the padding not counted', () => {
    expect(hex(serializeParameter({ type: 0x8008, value: bytes('c082') }))).toBe('80080006c0820000');
    expect(parseParameters(bytes('80080006c0820000 c0000004'))).toEqual([
      { type: 0x8008, value: bytes('c082') },
      { type: 0xc000, value: Buffer.alloc(0) },
    ]);
    expect(parseParameters(bytes('c0000004 80080006c082'))).toHaveLength(2);
    expect(parseParameters(bytes('c0000004 c00000'))).toHaveLength(1);
  });

  test.each(['c0000003', 'c0000005', 'c0000004 c0000008 aabb'])('%s is cut off', (value) => {
    expect(() => parseParameters(bytes(value))).toThrow('parameter is cut off');
  });
});

describe('INIT and INIT ACK (RFC 9260 sections 3.3.2 and 3.3.3)', () => {
  const identity = { tag: 0x01020304, windowBytes: 0x05060708, initialTsn: 0x090a0b0c, partialReliability: true };
  const fixed = '01020304 05060708 ffff ffff 090a0b0c';
  const extensions = 'c0000004 80080006 c0820000';

  test('offer FORWARD TSN and RE-CONFIG, and with a cookie answer', () => {
    expect(hex(serializeInit(identity))).toBe(hex(bytes(fixed + extensions)));
    expect(hex(serializeInit(identity, bytes('aabbcc')))).toBe(hex(bytes(`${fixed} 00070007 aabbcc00 ${extensions}`)));
  });

  test.each([
    ['both parameters', extensions, true],
    ['FORWARD TSN supported alone', 'c0000004', true],
    ['FORWARD TSN among the supported extensions', '80080005 c0000000', true],
    ['other extensions', '80080005 82000000', false],
    ['its number in another parameter', '80000005 c0000000', false],
    ['nothing', '', false],
  ])('with %s', (_, parameters, partialReliability) => {
    expect(parseInit(bytes(fixed + parameters))).toEqual({ identity: { ...identity, partialReliability }, cookie: undefined });
  });

  test('the cookie is read; a chunk that is cut off is refused', () => {
    expect(hex(parseInit(bytes(`${fixed} 00070007 aabbcc00`)).cookie)).toBe('aabbcc');
    expect(() => parseInit(bytes(fixed).subarray(0, 15))).toThrow(RangeError);
  });

  test('a cookie gives back what it was made of, to the jar that baked it, unchanged', () => {
    for (const partialReliability of [true, false]) {
      const jar = createCookieJar();
      const cookie = jar.bake({ ...identity, partialReliability });
      expect(jar.open(cookie)).toEqual({ ...identity, partialReliability });
      expect(createCookieJar().open(cookie)).toBeUndefined();
      expect(jar.open(cookie.subarray(1))).toBeUndefined();
      expect(jar.open(Buffer.alloc(0))).toBeUndefined();
      for (let at = 0; at < cookie.length; at++) {
        const changed = Buffer.from(cookie);
        changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
        expect(jar.open(changed), `byte ${at}`).toBeUndefined();
      }
    }
  });
});

describe('serial numbers (RFC 1982)', () => {
  test.each([
    [1, 0, true, 1],
    [0, 0, false, 0],
    [0, 1, false, -1],
    [0, 0xffffffff, true, 1],
    [0xffffffff, 0, false, -1],
    [0x7fffffff, 0, true, 0x7fffffff],
    [0x80000001, 0, false, -0x7fffffff],
  ])('%i against %i', (a, b, after, distance) => {
    expect([tsnAfter(a, b), tsnDistance(a, b)]).toEqual([after, distance]);
  });

  test('wrap in both directions', () => {
    expect([tsnPlus(0xffffffff, 1), tsnPlus(0, -1), tsnPlus(5, 3)]).toEqual([0, 0xffffffff, 8]);
  });
});
