import { deflateSync, inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { storeZlib, unstoreZlib } from '../../src/testing/stored-zlib.ts';

describe('the fake compression', () => {
  test.each([0, 1, 65_535, 65_536, 200_000])('makes a stream of %i bytes that any inflater reads', (length) => {
    const content = Uint8Array.from({ length }, (_, index) => index % 251);
    const stream = storeZlib(content);
    expect(new Uint8Array(inflateSync(stream))).toEqual(content);
    expect(unstoreZlib(stream)).toEqual(content);
  });

  test('reads a stream that another one stored', () => {
    expect(unstoreZlib(new Uint8Array(deflateSync('stored', { level: 0 })))).toEqual(new TextEncoder().encode('stored'));
  });

  test.each([
    ['really compressed', new Uint8Array(deflateSync('x'.repeat(100)))],
    ['cut off', storeZlib(new Uint8Array([1, 2, 3])).slice(0, -5)],
    ['with something behind its end', new Uint8Array([...storeZlib(new Uint8Array([1])), 0])],
    ['with a wrong sum', storeZlib(new Uint8Array([1])).map((byte, index) => (index === 7 ? 2 : byte))],
    ['empty', new Uint8Array(0)],
    ['no zlib at all', new TextEncoder().encode('{"type":"close"}')],
  ])('refuses a stream that is %s', (_, stream) => {
    expect(() => unstoreZlib(stream)).toThrow(TypeError);
  });
});
