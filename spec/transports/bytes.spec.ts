import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { isPlainMemory, receivedData, utf8Bytes, utf8Text, viewOf } from '../../src/transports/bytes.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('viewOf: bytes are recognised by what they are, not by their realm', () => {
  test.each<[string, unknown, readonly number[]]>([
    ['a Uint8Array', new Uint8Array([1, 2]), [1, 2]],
    ['an empty one', new Uint8Array(0), []],
    ['another view, with its offset', new Uint16Array(new Uint8Array([0, 0, 1, 2, 3, 3]).buffer, 2, 1), [1, 2]],
    ['an ArrayBuffer', new Uint8Array([1, 2]).buffer, [1, 2]],
    ['a SharedArrayBuffer', new SharedArrayBuffer(2), [0, 0]],
    ['a buffer of another realm', runInNewContext('new Uint8Array([1, 2]).buffer'), [1, 2]],
    ['a view of another realm', runInNewContext('new Uint8Array([1, 2])'), [1, 2]],
  ])('%s', (_, data, bytes) => {
    const view = viewOf(data);
    expect(view).toBeInstanceOf(Uint8Array);
    expect([...view!]).toEqual(bytes);
  });

  test('a Uint8Array with content is passed on as it is', () => {
    const bytes = new Uint8Array([1]);
    expect(viewOf(bytes)).toBe(bytes);
  });

  const named = (name: string): object => ({ [Symbol.toStringTag]: name });
  test.each([
    [undefined],
    [null],
    ['text'],
    [5],
    [[1, 2]],
    [{ byteLength: 1 }],
    [named('x [object ArrayBuffer')],
    [named('ArrayBuffer] x')],
  ])('%o is not bytes', (data) => {
    expect(viewOf(data)).toBeNull();
  });

  test('memory that was transferred away throws', () => {
    for (const make of [(buffer: ArrayBuffer) => buffer, (buffer: ArrayBuffer) => new Uint8Array(buffer)]) {
      const buffer = new ArrayBuffer(2);
      const data = make(buffer);
      structuredClone(buffer, { transfer: [buffer] });
      expect(() => viewOf(data)).toThrow(TypeError);
    }
  });
});

describe('receivedData', () => {
  test('text stays text', () => {
    expect(receivedData('')).toBe('');
  });

  test('a Blob is read', async () => {
    await expect(receivedData(new Blob([new Uint8Array([1, 2])]))).resolves.toEqual(new Uint8Array([1, 2]));
  });

  test.each([[undefined], [null], [5], [{}], [{ arrayBuffer: 1 }]])('%o is null', (data) => {
    expect(receivedData(data)).toBeNull();
  });
});

describe('isPlainMemory: what a transport takes as it is', () => {
  test.each<[string, ArrayBufferLike, boolean]>([
    ['an ArrayBuffer', new ArrayBuffer(1), true],
    ['one of another realm', runInNewContext('new ArrayBuffer(1)') as ArrayBuffer, true],
    ['shared memory', new SharedArrayBuffer(1), false],
    ['resizable memory', runInNewContext('new ArrayBuffer(1, { maxByteLength: 2 })') as ArrayBuffer, false],
  ])('%s: %s', (_, buffer, expected) => {
    expect(isPlainMemory(new Uint8Array(buffer))).toBe(expected);
  });
});

const texts = ['', 'text', 'é', '日本語', '😀', 'a%20b', '\u0000\u007f\u0080\u07ff\u0800\uffff'];
for (const [name, without] of [
  ['with TextEncoder and TextDecoder', false],
  ['where the runtime has neither, as jsdom', true],
] as const) {
  describe(`UTF-8 ${name}`, () => {
    const prepare = (): void => {
      if (!without) return;
      vi.stubGlobal('TextEncoder', undefined);
      vi.stubGlobal('TextDecoder', undefined);
    };

    test.each(texts)('%j there and back', (text) => {
      const expected = new Uint8Array(Buffer.from(text, 'utf8'));
      prepare();
      expect(utf8Bytes(text)).toEqual(expected);
      expect(utf8Text(expected)).toBe(text);
    });

    test('a lone surrogate becomes U+FFFD', () => {
      prepare();
      expect([...utf8Bytes('a\ud800b')]).toEqual([0x61, 0xef, 0xbf, 0xbd, 0x62]);
    });

    test.each([[[0xff]], [[0xc3]], [[0xed, 0xa0, 0x80]]])('%o is not UTF-8', (bytes) => {
      prepare();
      expect(utf8Text(new Uint8Array(bytes))).toBeNull();
    });
  });
}
