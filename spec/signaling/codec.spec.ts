import { deflateSync, inflateSync } from 'node:zlib';
import { test as propertyTest, fc } from '@fast-check/vitest';
import { firstValueFrom, Subscription } from 'rxjs';
import { afterEach, describe, expect, test } from 'vitest';
import { CodecError, type CodecProblem } from '../../src/signaling/codec-error.ts';
import { deflate } from '../../src/signaling/deflate.ts';
import { inflate } from '../../src/signaling/inflate.ts';

const platform = { CompressionStream, DecompressionStream } as never;
const roomy = 64 * 1024 * 1024;

const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown): void => void unhandled.push(reason);
process.on('unhandledRejection', onUnhandled);
afterEach(async () => {
  // A rejection that nobody listened to is reported when the microtasks of this turn are through.
  await new Promise((resolve) => setImmediate(resolve));
  expect(unhandled).toEqual([]);
});

async function problemOf(bytes: Uint8Array, limitBytes = roomy, on = platform): Promise<CodecProblem | 'none'> {
  try {
    await firstValueFrom(inflate(bytes, on, limitBytes));
    return 'none';
  } catch (error) {
    if (error instanceof CodecError) return error.code;
    throw error;
  }
}

describe('with the streams of the platform', () => {
  propertyTest.prop([fc.uint8Array({ maxLength: 100_000 })], { numRuns: 50 })('what was deflated inflates to itself', async (bytes) => {
    const deflated = await firstValueFrom(deflate(bytes, platform));
    expect(new Uint8Array(inflateSync(deflated))).toEqual(bytes);
    expect(await firstValueFrom(inflate(deflated, platform, bytes.byteLength))).toEqual(bytes);
  });

  propertyTest.prop([fc.uint8Array({ maxLength: 100_000 }), fc.integer({ min: 0, max: 9 })], { numRuns: 50 })(
    'any level of zlib inflates',
    async (bytes, level) => {
      expect(await firstValueFrom(inflate(deflateSync(bytes, { level }), platform, roomy))).toEqual(bytes);
    },
  );

  test('a large message of many slices and chunks', async () => {
    const bytes = new Uint8Array(1_000_000).map((_, index) => (index * index) % 251);
    const deflated = deflateSync(bytes, { level: 0 });
    expect(Buffer.from(await firstValueFrom(inflate(deflated, platform, roomy))).equals(bytes)).toBe(true);
  });

  test('one byte more than the limit is too large, the limit itself is not', async () => {
    const deflated = deflateSync(new Uint8Array(100_000));
    expect(await problemOf(deflated, 100_000)).toBe('none');
    expect(await problemOf(deflated, 99_999)).toBe('too-large');
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
    expect(await problemOf(bomb, 256 * 1024, { DecompressionStream: Counting } as never)).toBe('too-large');
    expect(made).toBeLessThan(16 * 1024 * 1024);
  });

  const whole = deflateSync('{"type":"close","code":1000,"reason":"bye"}');
  test.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['no zlib', new TextEncoder().encode('{"type":"close"}')],
    ['cut off', whole.subarray(0, -5)],
    ['wrong checksum', whole.map((byte, index) => (index === whole.byteLength - 1 ? byte ^ 1 : byte))],
    ['something behind the end', new Uint8Array([...whole, 1, 2, 3])],
  ])('%s is a bad stream', async (_, bytes) => {
    expect(await problemOf(bytes)).toBe('bad-stream');
  });

  test('unsubscribing cancels and nothing comes any more', async () => {
    const heard: unknown[] = [];
    const subscription = inflate(deflateSync(new Uint8Array(10_000_000)), platform, roomy).subscribe((value) => heard.push(value));
    subscription.unsubscribe();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(heard).toEqual([]);
  });
});

test('a platform without the streams says which one is missing', async () => {
  await expect(firstValueFrom(inflate(new Uint8Array(), {}, roomy))).rejects.toMatchObject({
    name: 'CodecError',
    code: 'unsupported',
    message: 'this platform has no DecompressionStream',
  });
  await expect(firstValueFrom(deflate(new Uint8Array(), {}))).rejects.toMatchObject({
    name: 'CodecError',
    code: 'unsupported',
    message: 'this platform has no CompressionStream',
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
  const run = (DecompressionStream: unknown, limitBytes = 100): unknown[] => {
    const heard: unknown[] = [];
    const subscription = inflate(new Uint8Array(3), { DecompressionStream } as never, limitBytes).subscribe({
      next: (value) => heard.push(value),
      error: (error: unknown) => heard.push((error as CodecError).code),
      complete: () => heard.push('complete'),
    });
    expect(subscription).toBeInstanceOf(Subscription);
    return heard;
  };
  afterEach(() => void cancelled.splice(0));

  test('the result is there when subscribe returns', () => {
    expect(run(streamOf([new Uint8Array([1, 2])]))).toEqual([new Uint8Array([1, 2]), 'complete']);
    expect(cancelled).toEqual([]);
  });

  test('a single chunk is handed on as it is, without a copy', () => {
    const chunk = new Uint8Array([1, 2]);
    expect(run(streamOf([chunk]))[0]).toBe(chunk);
  });

  test('the error says what went wrong, and keeps what the platform said', () => {
    const errorOf = (DecompressionStream: unknown, limitBytes: number): unknown => {
      let told: unknown;
      inflate(new Uint8Array(3), { DecompressionStream } as never, limitBytes).subscribe({ error: (error: unknown) => (told = error) });
      return told;
    };
    expect(errorOf(streamOf([new Uint8Array(60)]), 59)).toMatchObject({ code: 'too-large', message: 'inflates to more than 59 bytes' });
    const cause = new TypeError('bad');
    expect(errorOf(streamOf([], cause), 59)).toMatchObject({ code: 'bad-stream', message: 'DecompressionStream failed', cause });
  });

  test('chunks of any binary kind are joined', () => {
    const chunks = [new Uint8Array([1]), new Uint8Array([2, 3]).buffer, new DataView(new Uint8Array([4]).buffer), 'x'];
    expect(run(streamOf(chunks))).toEqual([new Uint8Array([1, 2, 3, 4, 120]), 'complete']);
  });

  test('many chunks in one go', () => {
    const chunks = Array.from({ length: 500 }, () => new Uint8Array(1));
    expect(run(streamOf(chunks), 500)).toEqual([new Uint8Array(500), 'complete']);
  });

  test('too much is an error at once and cancels', () => {
    expect(run(streamOf([new Uint8Array(60), new Uint8Array(60)]))).toEqual(['too-large']);
    expect(cancelled).toEqual(['cancelled']);
  });

  test('a failing stream and a throwing constructor are bad streams', () => {
    expect(run(streamOf([], new TypeError('bad')))).toEqual(['bad-stream']);
    const throwing = function (): never {
      throw new TypeError('no such format');
    };
    expect(run(throwing)).toEqual(['bad-stream']);
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
    inflate(new Uint8Array(20_000), { DecompressionStream: Recording }, 100).subscribe();
    expect(written).toEqual([8192, 8192, 3616]);
  });
});
