import { deflateRawSync, deflateSync, inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { decodeFrame, encodeJson, encodeMessage } from '../../src/wire/payload-codec.ts';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

test('JSON is text where it is plain and one zlib stream where it is compressed', () => {
  expect(encodeJson('{"a":1}', false)).toBe('{"a":1}');
  expect(inflateSync(encodeJson('{"a":1}', true) as Uint8Array).toString()).toBe('{"a":1}');
});

test('the sender stands before the payload, inside the compressed stream', () => {
  const sender = 'S'.repeat(26);
  expect(text(encodeMessage(Buffer.from('x'), sender, { compress: false, senderHeader: true }))).toBe(`${sender}x`);
  expect(inflateSync(encodeMessage(Buffer.from('x'), sender, { compress: true, senderHeader: true })).toString()).toBe(`${sender}x`);
  expect(text(encodeMessage(Buffer.from('x'), sender, { compress: false, senderHeader: false }))).toBe('x');
});

test.each([1, 6, 9])('any zlib level is read: %i', (level) => {
  const decoded = decodeFrame(deflateSync(Buffer.from('hello'), { level }), true, 1000);
  expect(decoded.ok && text(decoded.bytes)).toBe('hello');
});

test('text and binary mean the same without compression', () => {
  for (const frame of ['grüße', Buffer.from('grüße')]) {
    const decoded = decodeFrame(frame, false, 1000);
    expect(decoded.ok && text(decoded.bytes)).toBe('grüße');
  }
});

test('what cannot be read says why', () => {
  expect(decodeFrame('text', true, 1000)).toEqual({ ok: false, fault: 'text-on-compressed-channel' });
  expect(decodeFrame(Buffer.from('nonsense'), true, 1000)).toEqual({ ok: false, fault: 'bad-deflate' });
  expect(decodeFrame(deflateRawSync(Buffer.from('raw')), true, 1000)).toEqual({ ok: false, fault: 'bad-deflate' });
  expect(decodeFrame(deflateSync(Buffer.alloc(1001)), true, 1000)).toEqual({ ok: false, fault: 'too-large' });
  expect(decodeFrame('x'.repeat(1001), false, 1000)).toEqual({ ok: false, fault: 'too-large' });
});

test('a limit is reached by exactly as much', () => {
  expect(decodeFrame(deflateSync(Buffer.alloc(1000)), true, 1000)).toMatchObject({ ok: true });
});
