import { describe, expect, test } from 'vitest';
import { dcepMessage, decodeMessage, encodeMessage, payload, serializeOpen } from '../../../src/rtc/channels/dcep.ts';
import type { RtcDataChannelOptions } from '../../../src/rtc/data-channel.ts';

// RFC 8832 has no test vectors: section 5.1, written out. Type, channel type, priority, reliability parameter, lengths, label, protocol.
describe('DATA_CHANNEL_OPEN', () => {
  test.each<[string, RtcDataChannelOptions, string]>([
    ['reliable', {}, '03 00 0000 00000000 0001 0000 61'],
    ['reliable, unordered', { ordered: false }, '03 80 0000 00000000 0001 0000 61'],
    ['with retransmissions', { ordered: true, maxRetransmits: 5 }, '03 01 0000 00000005 0001 0000 61'],
    ['without any, unordered', { ordered: false, maxRetransmits: 0 }, '03 81 0000 00000000 0001 0000 61'],
    ['timed', { maxPacketLifeTime: 65_535 }, '03 02 0000 0000ffff 0001 0000 61'],
    ['timed, unordered', { ordered: false, maxPacketLifeTime: 1 }, '03 82 0000 00000001 0001 0000 61'],
    ['with a protocol', { protocol: 'bc' }, '03 00 0000 00000000 0001 0002 61 6263'],
  ])('of a channel that is %s', (_, options, hex) => {
    expect(serializeOpen('a', options).toString('hex')).toBe(hex.replace(/ /g, ''));
  });

  test('counts bytes, not characters', () => {
    expect(serializeOpen('ä', { protocol: '日' }).toString('hex')).toBe('0300000000000000' + '00020003' + 'c3a4' + 'e697a5');
  });
});

test('the numbers are those of RFC 8832 section 8.2 and RFC 8831 section 8', () => {
  expect(dcepMessage).toEqual({ acknowledge: 2, open: 3 });
  expect(payload).toEqual({ dcep: 50, string: 51, binary: 53, emptyString: 56, emptyBinary: 57 });
});

describe('messages', () => {
  test.each<[string | Uint8Array, number, string]>([
    ['ä', 51, 'c3a4'],
    [new Uint8Array([1, 2]), 53, '0102'],
    ['', 56, '00'],
    [new Uint8Array(0), 57, '00'],
  ])('%o', (message, protocolId, hex) => {
    const encoded = encodeMessage(message);
    expect([encoded.protocolId, encoded.data.toString('hex')]).toEqual([protocolId, hex]);
    expect(decodeMessage(protocolId, encoded.data)).toEqual(message);
  });

  test('under other identifiers are none', () => {
    expect([50, 52, 54, 0].map((protocolId) => decodeMessage(protocolId, Buffer.from('x')))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('are copied: the caller may use its array again', () => {
    const array = new Uint8Array([1]);
    const { data } = encodeMessage(array);
    array[0] = 2;
    expect(data[0]).toBe(1);
  });
});
