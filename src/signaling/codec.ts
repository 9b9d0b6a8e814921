import type { CompressionStreamLike, Platform } from '../platform/platform.ts';
import { release } from '../platform/release.ts';
import { settle } from '../platform/settle.ts';
import { receivedData, utf8Bytes } from '../transports/bytes.ts';
import { longestMessage } from '../wire/parse-json.ts';

/** A message that cannot be compressed or decompressed. */
export class CodecError extends Error {
  override readonly name: string = 'CodecError';
}

/** Called once, with the bytes or with the error; in the call itself where the platform's stream is synchronous. */
interface Heard {
  readonly next: (bytes: Uint8Array) => void;
  readonly fail: (error: CodecError) => void;
}

/** Cancels the stream: nothing comes any more. */
type Cancel = () => void;

/**
 * A message as one zlib stream.
 *
 * @source RFC 1950; Compression Streams
 */
export const deflate = (bytes: Uint8Array, { CompressionStream }: Pick<Platform, 'CompressionStream'>, heard: Heard): Cancel =>
  throughStream(bytes, CompressionStream, 'CompressionStream', bytes.byteLength, heard);

/**
 * The content of a zlib stream. A platform without `DecompressionStream`, a stream that is broken or cut off, and one that inflates to more than 16 MiB
 * are a {@link CodecError}.
 *
 * @source RFC 1950; Compression Streams
 */
export const inflate = (bytes: Uint8Array, { DecompressionStream }: Pick<Platform, 'DecompressionStream'>, heard: Heard): Cancel =>
  throughStream(bytes, DecompressionStream, 'DecompressionStream', INFLATED_SLICE_BYTES, heard);

/** Deflate expands a byte to at most 1032, so a slice gives at most 8 MiB before its size is seen: this bounds a decompression bomb. */
const INFLATED_SLICE_BYTES = 8 * 1024;

interface ReadResult {
  readonly done?: boolean;
  readonly value?: unknown;
}

/** Driven by writer and reader, which is several times faster than the way through Blob and Response. */
function throughStream(
  bytes: Uint8Array,
  Stream: (new (format: never) => CompressionStreamLike) | undefined,
  name: string,
  sliceBytes: number,
  { next, fail }: Heard,
): Cancel {
  const chunks: Uint8Array[] = [];
  let byteLength = 0;
  let reader: ReturnType<CompressionStreamLike['readable']['getReader']> | undefined;
  let isOver = false;
  let isReading = false;
  let isDue = false;
  /** Both ends have to finish: a stream with something behind its end is broken as a whole. */
  let openEnds = 2;

  function finish(): void {
    openEnds -= 1;
    if (openEnds > 0 || isOver) return;
    isOver = true;
    next(joined(chunks, byteLength));
  }

  function cancel(): void {
    if (isOver) return;
    isOver = true;
    release(() => reader?.cancel?.());
  }

  function failed(cause: unknown): void {
    if (isOver) return;
    cancel();
    fail(cause instanceof CodecError ? cause : new CodecError(`${name} failed`, { cause }));
  }

  /** Whether that was the end. */
  function take({ done, value }: ReadResult): boolean {
    if (done === true) return true;
    const chunk = bytesOf(value);
    byteLength += chunk.byteLength;
    if (byteLength > longestMessage) throw new CodecError(`inflates to more than ${longestMessage} bytes`);
    chunks.push(chunk);
    return false;
  }

  /** A loop where the platform answers in the call: a large message has thousands of chunks, too many for the stack. */
  function read(): void {
    isDue = true;
    if (isReading) return;
    isReading = true;
    while (isDue && !isOver) {
      isDue = false;
      settle(() => reader?.read(), taken, failed);
    }
    isReading = false;
  }

  function taken(result: ReadResult): void {
    settle(
      () => take(result),
      (isEnd) => (isEnd ? finish() : read()),
      failed,
    );
  }

  try {
    if (Stream === undefined) throw new CodecError(`this runtime has no ${name}`);
    const { readable, writable } = new Stream('deflate' as never); // the Web's name for zlib
    const writer = writable.getWriter();
    reader = readable.getReader();
    // Written without waiting: the stream's backpressure takes one slice at a time. Each promise is handled, so that none is reported as unhandled.
    for (let start = 0; start < bytes.byteLength; start += sliceBytes) {
      settle(() => writer.write(bytes.subarray(start, start + sliceBytes) as never), ignore, failed);
    }
    settle(() => writer.close(), finish, failed);
    read();
  } catch (error) {
    failed(error);
  }
  return cancel;
}

const ignore = (): void => undefined;

function bytesOf(chunk: unknown): Uint8Array {
  const data = receivedData(chunk);
  if (data instanceof Uint8Array) return data;
  return utf8Bytes(typeof data === 'string' ? data : '');
}

function joined(chunks: readonly Uint8Array[], byteLength: number): Uint8Array {
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
