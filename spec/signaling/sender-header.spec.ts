import { test as propertyTest, fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { headerBytes, splitSenderHeader } from '../../src/signaling/sender-header.ts';

const sender = '14B6YTRH7N3RVB0FTE81ZWHSM4';
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const header = [{ type: 'sender_connection_id' }];

describe('splitSenderHeader', () => {
  propertyTest.prop([fc.uint8Array()])('takes 26 bytes off where no length is said', (payload) => {
    const message = new Uint8Array([...bytes(sender), ...payload]);
    expect(splitSenderHeader(message, header)).toEqual({ senderConnectionId: sender, data: payload });
  });

  test('takes the length that the offer says', () => {
    expect(splitSenderHeader(bytes('ABCDpayload'), [{ type: 'sender_connection_id', length: 4 }])).toEqual({
      senderConnectionId: 'ABCD',
      data: bytes('payload'),
    });
  });

  propertyTest.prop([fc.uint8Array()])('leaves a message without a header as it is', (payload) => {
    expect(splitSenderHeader(payload)).toEqual({ data: payload });
    expect(splitSenderHeader(payload, [])).toEqual({ data: payload });
  });

  test('a message that is shorter than its header is none', () => {
    expect(splitSenderHeader(bytes(sender.slice(1)), header)).toBeNull();
    expect(splitSenderHeader(bytes(sender), header)).toEqual({ senderConnectionId: sender, data: new Uint8Array() });
  });

  test('a field that is not known is skipped by its length', () => {
    expect(splitSenderHeader(bytes(`1234${sender}x`), [{ type: 'clock', length: 4 }, ...header])).toEqual({
      senderConnectionId: sender,
      data: bytes('x'),
    });
    expect(splitSenderHeader(bytes(`${sender}12x`), [...header, { type: 'clock' }])).toEqual({
      senderConnectionId: sender,
      data: bytes('12x'),
    });
  });

  test('a part of a larger buffer', () => {
    const large = bytes(`....${sender}x`);
    expect(splitSenderHeader(large.subarray(4), header)).toEqual({ senderConnectionId: sender, data: bytes('x') });
  });

  test('behind a field of unknown length nothing is known any more', () => {
    expect(splitSenderHeader(bytes(`12${sender}x`), [{ type: 'clock' }, ...header])).toEqual({ data: bytes(`12${sender}x`) });
  });

  test('where no sender is told there is no member for it', () => {
    expect(splitSenderHeader(bytes('1234x'), [{ type: 'clock', length: 4 }])).toStrictEqual({ data: bytes('x') });
  });
});

describe('headerBytes', () => {
  test('is nothing without a header', () => {
    expect(headerBytes()).toBe(0);
    expect(headerBytes([])).toBe(0);
  });

  test('is the sum of all fields: as long as they say, 26 for a connection id that does not say it, nothing for what is unknown', () => {
    expect(headerBytes(header)).toBe(26);
    expect(headerBytes([{ type: 'clock', length: 4 }, { type: 'sender_connection_id', length: 10 }, ...header, { type: 'clock' }])).toBe(
      40,
    );
  });
});
