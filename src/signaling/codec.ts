import {
  type Observable,
  catchError,
  defer,
  finalize,
  ignoreElements,
  map,
  merge,
  reduce,
  repeat,
  takeLast,
  takeWhile,
  tap,
  throwError,
} from 'rxjs';
import { call } from '../platform/call.ts';
import type { CompressionStreamLike, Platform } from '../platform/platform.ts';
import { release } from '../platform/release.ts';
import { receivedData, utf8Bytes } from '../transports/bytes.ts';
import { longestMessage } from '../wire/parse-json.ts';

/** A message that cannot be compressed or decompressed. */
export class CodecError extends Error {
  override readonly name: string = 'CodecError';
}

/**
 * A message as one zlib stream. Cold; emits once, completes; synchronous where the platform's stream is. Errors with a {@link CodecError}.
 *
 * @source RFC 1950; Compression Streams
 */
export function deflate(bytes: Uint8Array, { CompressionStream }: Pick<Platform, 'CompressionStream'>): Observable<Uint8Array> {
  return throughStream(bytes, CompressionStream, 'CompressionStream', bytes.byteLength);
}

/**
 * The content of a zlib stream. Cold; emits once, completes; synchronous where the platform's stream is. A platform without
 * `DecompressionStream`, a stream that is broken or cut off, and one that inflates to more than 16 MiB are a {@link CodecError}.
 *
 * @source RFC 1950; Compression Streams
 */
export function inflate(bytes: Uint8Array, { DecompressionStream }: Pick<Platform, 'DecompressionStream'>): Observable<Uint8Array> {
  return throughStream(bytes, DecompressionStream, 'DecompressionStream', INFLATED_SLICE_BYTES);
}

/** Deflate expands a byte to at most 1032, so a slice gives at most 8 MiB before its size is seen: this bounds a decompression bomb. */
const INFLATED_SLICE_BYTES = 8 * 1024;

interface ReadResult {
  readonly done?: boolean;
  readonly value?: unknown;
}

/** Driven by writer and reader, which is several times faster than the way through Blob and Response. Unsubscribing cancels the stream. */
function throughStream(
  bytes: Uint8Array,
  Stream: (new (format: never) => CompressionStreamLike) | undefined,
  name: string,
  sliceBytes: number,
): Observable<Uint8Array> {
  return defer(() => {
    if (Stream === undefined) throw new CodecError(`this runtime has no ${name}`);
    const { readable, writable } = new Stream('deflate' as never); // the Web's name for zlib
    const writer = writable.getWriter();
    const reader = readable.getReader();
    // Written without waiting: the stream's backpressure takes one slice at a time. Each promise is handled, so that none is reported as unhandled.
    const slices = Array.from({ length: Math.ceil(bytes.byteLength / sliceBytes) }, (_, index) =>
      bytes.subarray(index * sliceBytes, (index + 1) * sliceBytes),
    );
    const written$ = merge(
      ...slices.map((slice) => call(() => writer.write(slice as never))),
      call(() => writer.close()),
    ).pipe(ignoreElements());
    const output$ = call<ReadResult>(() => reader.read()).pipe(
      repeat(),
      takeWhile(({ done }) => done !== true),
      map(({ value }) => bytesOf(value)),
      reduce(append, { chunks: [] as Uint8Array[], byteLength: 0 }),
      map(joined),
    );
    let isDone = false;
    // Both ends have to finish: a stream with something behind its end is broken as a whole.
    return merge(written$, output$).pipe(
      takeLast(1),
      tap(() => (isDone = true)),
      finalize(() => {
        if (!isDone) release(() => reader.cancel?.());
      }),
    );
  }).pipe(
    catchError((error: unknown) =>
      throwError(() => (error instanceof CodecError ? error : new CodecError(`${name} failed`, { cause: error }))),
    ),
  );
}

interface Output {
  readonly chunks: Uint8Array[];
  byteLength: number;
}

function append(output: Output, chunk: Uint8Array): Output {
  output.byteLength += chunk.byteLength;
  if (output.byteLength > longestMessage) throw new CodecError(`inflates to more than ${longestMessage} bytes`);
  output.chunks.push(chunk);
  return output;
}

function bytesOf(chunk: unknown): Uint8Array {
  const data = receivedData(chunk);
  if (data instanceof Uint8Array) return data;
  return utf8Bytes(typeof data === 'string' ? data : '');
}

function joined({ chunks, byteLength }: Output): Uint8Array {
  if (chunks.length === 1) return chunks[0] as Uint8Array;
  const bytes = new Uint8Array(byteLength);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

/**
 * A short message as one stored block, made without the platform's codec and in this very call: the last message of a session must wait for nothing
 * (Q26).
 *
 * @source RFC 1950 2.2; RFC 1951 3.2.4
 */
export function storedZlib(content: Uint8Array): Uint8Array<ArrayBuffer> {
  const { length } = content;
  let a = 1;
  let b = 0;
  for (const byte of content) {
    a = (a + byte) % 65_521;
    b = (b + a) % 65_521;
  }
  const [low, high] = [length & 0xff, length >> 8];
  return new Uint8Array([0x78, 0x01, 1, low, high, low ^ 0xff, high ^ 0xff, ...content, b >> 8, b & 0xff, a >> 8, a & 0xff]);
}
