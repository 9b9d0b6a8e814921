import { deflateSync, inflateSync } from 'node:zlib';
import { test as propertyTest, fc } from '@fast-check/vitest';
import { afterEach, describe, expect, test } from 'vitest';
import { CodecError, deflate, inflate, storedZlib } from '../../src/signaling/codec.ts';
import { longestMessage } from '../../src/wire/parse-json.ts';

const platform = { CompressionStream, DecompressionStream } as never;

const deflated = (bytes: Uint8Array, on = platform): Promise<Uint8Array> =>
  new Promise((resolve, reject) => void deflate(bytes, on, { next: resolve, fail: reject }));
const inflated = (bytes: Uint8Array, on = platform): Promise<Uint8Array> =>
  new Promise((resolve, reject) => void inflate(bytes, on, { next: resolve, fail: reject }));

const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown): void => void unhandled.push(reason);
process.on('unhandledRejection', onUnhandled);
afterEach(async () => {
  // A rejection that nobody listened to is reported when the microtasks of this turn are through.
  await new Promise((resolve) => setImmediate(resolve));
  expect(unhandled).toEqual([]);
});

async function problemOf(bytes: Uint8Array, on = platform): Promise<string> {
  try {
    await inflated(bytes, on);
    return 'none';
  } catch (error) {
    if (error instanceof CodecError) return error.message;
    throw error;
  }
}
const tooLarge = `inflates to more than ${longestMessage} bytes`;

describe('with the streams of the platform', () => {
  propertyTest.prop([fc.uint8Array({ maxLength: 100_000 })], { numRuns: 50 })('what was deflated inflates to itself', async (bytes) => {
    const made = await deflated(bytes);
    expect(new Uint8Array(inflateSync(made))).toEqual(bytes);
    expect(await inflated(made)).toEqual(bytes);
  });

  propertyTest.prop([fc.uint8Array({ maxLength: 100_000 }), fc.integer({ min: 0, max: 9 })], { numRuns: 50 })(
    'any level of zlib inflates',
    async (bytes, level) => {
      expect(await inflated(deflateSync(bytes, { level }))).toEqual(bytes);
    },
  );

  test('a large message of many slices and chunks', async () => {
    const bytes = new Uint8Array(1_000_000).map((_, index) => (index * index) % 251);
    expect(Buffer.from(await inflated(deflateSync(bytes, { level: 0 }))).equals(bytes)).toBe(true);
  });

  test('16 MiB inflate, one byte more is too large', async () => {
    expect(longestMessage).toBe(16 * 1024 * 1024);
    expect(await problemOf(deflateSync(new Uint8Array(longestMessage)))).toBe('none');
    expect(await problemOf(deflateSync(new Uint8Array(longestMessage + 1)))).toBe(tooLarge);
  });

  test('a bomb is given up long before it is whole', async () => {
    const bomb = deflateSync(new Uint8Array(64 * 1024 * 1024));
    let made = 0;
    class Counting extends DecompressionStream {
      override readonly readable: DecompressionStream['readable'];
      constructor(format: CompressionFormat) {
        super(format);
        this.readable = super.readable.pipeThrough(
          new TransformStream<Uint8Array, Uint8Array>({
            transform: (chunk, controller) => {
              made += chunk.byteLength;
              controller.enqueue(chunk);
            },
          }),
        ) as DecompressionStream['readable'];
      }
    }
    expect(await problemOf(bomb, { DecompressionStream: Counting } as never)).toBe(tooLarge);
    expect(made).toBeLessThan(32 * 1024 * 1024);
  });

  const whole = deflateSync('{"type":"close","code":1000,"reason":"bye"}');
  test.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['bytes that are not zlib', new TextEncoder().encode('{"type":"close"}')],
    ['cut off', whole.subarray(0, -5)],
    ['wrong checksum', whole.map((byte, index) => (index === whole.byteLength - 1 ? byte ^ 1 : byte))],
    ['something behind the end', new Uint8Array([...whole, 1, 2, 3])],
  ])('%s cannot be inflated', async (_, bytes) => {
    expect(await problemOf(bytes)).toBe('DecompressionStream failed');
  });

  test('one that is cancelled says nothing any more', async () => {
    const heard: unknown[] = [];
    const hear = (value: unknown): void => void heard.push(value);
    inflate(deflateSync(new Uint8Array(10_000_000)), platform, { next: hear, fail: hear })();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(heard).toEqual([]);
  });
});

test('a runtime without the streams names the one that is missing', async () => {
  await expect(inflated(new Uint8Array(), {} as never)).rejects.toMatchObject({
    name: 'CodecError',
    message: 'this runtime has no DecompressionStream',
  });
  await expect(deflated(new Uint8Array(), {} as never)).rejects.toMatchObject({
    name: 'CodecError',
    message: 'this runtime has no CompressionStream',
  });
});

/** A thenable that settles while `then` runs. */
const settled = (value: unknown): object => ({
  then(resolve: (value: unknown) => void) {
    resolve(value);
    return settled(undefined);
  },
});
const failed = (error: unknown): object => ({
  then(_: unknown, reject: (error: unknown) => void) {
    reject(error);
    return settled(undefined);
  },
});

describe('with a platform that answers synchronously', () => {
  const cancelled: string[] = [];
  const streamOf = (chunks: readonly unknown[], failure?: Error) =>
    class {
      readonly #chunks = [...chunks];
      readonly writable = { getWriter: () => ({ write: () => settled(undefined), close: () => settled(undefined) }) };
      readonly readable = {
        getReader: () => ({
          read: () => {
            if (this.#chunks.length > 0) return settled({ done: false, value: this.#chunks.shift() });
            return failure === undefined ? settled({ done: true }) : failed(failure);
          },
          cancel: () => {
            cancelled.push('cancelled');
            return failed(new Error('a rejection that nobody needs'));
          },
        }),
      };
    };
  const run = (DecompressionStream: unknown): unknown[] => {
    const heard: unknown[] = [];
    inflate(new Uint8Array(3), { DecompressionStream } as never, {
      next: (bytes) => heard.push(bytes),
      fail: ({ message }) => heard.push(message),
    });
    return heard;
  };
  afterEach(() => void cancelled.splice(0));

  test('the result is there when the call returns', () => {
    expect(run(streamOf([new Uint8Array([1, 2])]))).toEqual([new Uint8Array([1, 2])]);
    expect(cancelled).toEqual([]);
  });

  test('a single chunk is handed on as it is, without a copy', () => {
    const chunk = new Uint8Array([1, 2]);
    expect(run(streamOf([chunk]))[0]).toBe(chunk);
  });

  test('an error of the platform is kept as the cause', () => {
    let failure: unknown;
    const cause = new TypeError('bad');
    inflate(new Uint8Array(3), { DecompressionStream: streamOf([], cause) }, { next: () => undefined, fail: (error) => (failure = error) });
    expect(failure).toMatchObject({ message: 'DecompressionStream failed', cause });
  });

  test('chunks of any binary kind are joined', () => {
    const chunks = [new Uint8Array([1]), new Uint8Array([2, 3]).buffer, new DataView(new Uint8Array([4]).buffer), 'x'];
    expect(run(streamOf(chunks))).toEqual([new Uint8Array([1, 2, 3, 4, 120])]);
  });

  test('a chunk that is neither bytes nor text is nothing', () => {
    expect(run(streamOf([new Uint8Array([1]), 5, null]))).toEqual([new Uint8Array([1])]);
  });

  test('more chunks in one go than the stack has room for', () => {
    const chunks = Array.from({ length: 50_000 }, () => new Uint8Array(1));
    expect(run(streamOf(chunks))).toEqual([new Uint8Array(50_000)]);
  });

  test('too much is an error at once and cancels', () => {
    expect(run(streamOf([new Uint8Array(longestMessage), new Uint8Array(1)]))).toEqual([tooLarge]);
    expect(cancelled).toEqual(['cancelled']);
  });

  test('a stream that fails and a constructor that throws are errors of the codec', () => {
    expect(run(streamOf([], new TypeError('bad')))).toEqual(['DecompressionStream failed']);
    const throwing = function (): never {
      throw new TypeError('no such format');
    };
    expect(run(throwing)).toEqual(['DecompressionStream failed']);
  });

  test('a chunk that cannot be read, and a result that is none, are errors of the codec', () => {
    const unreadable = {
      get arrayBuffer(): never {
        throw new TypeError('unreadable');
      },
    };
    expect(run(streamOf([unreadable]))).toEqual(['DecompressionStream failed']);
    const without = class {
      readonly writable = new (streamOf([]))().writable;
      readonly readable = { getReader: () => ({ read: () => settled(undefined) }) };
    };
    expect(run(without)).toEqual(['DecompressionStream failed']);
  });

  test('cancelling twice, and after the end, cancels the stream once at most', () => {
    const Endless = class extends streamOf([]) {
      override readonly writable = {
        getWriter: () => ({ write: () => settled(undefined), close: () => ({ then: () => settled(undefined) }) }),
      };
    };
    const heard = { next: () => undefined, fail: () => undefined };
    const cancel = inflate(new Uint8Array(3), { DecompressionStream: Endless }, heard);
    cancel();
    cancel();
    expect(cancelled).toEqual(['cancelled']);
    inflate(new Uint8Array(3), { DecompressionStream: streamOf([]) }, heard)();
    expect(cancelled).toEqual(['cancelled']);
  });

  test('the input goes in by slices, so that a bomb cannot go off in one', () => {
    const written: number[] = [];
    const { readable } = new (streamOf([]))();
    class Recording {
      readonly readable = readable;
      readonly writable = {
        getWriter: () => ({ write: (slice: Uint8Array) => settled(written.push(slice.byteLength)), close: () => settled(undefined) }),
      };
    }
    inflate(new Uint8Array(20_000), { DecompressionStream: Recording }, { next: () => undefined, fail: () => undefined });
    expect(written).toEqual([8192, 8192, 3616]);
  });
});

describe('storedZlib', () => {
  propertyTest.prop([fc.uint8Array({ maxLength: 60_000 })], { numRuns: 50 })('real zlib inflates it to what went in', (bytes) => {
    expect(new Uint8Array(inflateSync(storedZlib(bytes)))).toEqual(bytes);
  });

  test('the last message of a session is 52 bytes and is inflated by the streams of the platform', async () => {
    const text = '{"type":"disconnect","reason":"NO-ERROR"}';
    const stored = storedZlib(new TextEncoder().encode(text));
    expect(stored).toHaveLength(text.length + 11);
    expect(new TextDecoder().decode(await inflated(stored))).toBe(text);
  });
});
