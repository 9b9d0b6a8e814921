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
import { call } from '../operators/call.ts';
import type { CompressionStreamLike } from '../platform/platform.ts';
import { messageData } from '../transports/bytes.ts';
import { CodecError } from './codec-error.ts';

/** How one message is driven through a stream of the platform. */
export interface CompressionPass {
  /** Called with the Web's name of the zlib format; undefined where the platform has none. */
  readonly stream: (new (format: never) => CompressionStreamLike) | undefined;
  /** Name of the constructor, for the error. */
  readonly name: string;
  /**
   * The input goes in by slices of this size. What a slice gives is made in one go, before anybody can look at its size, so a small slice is
   * what bounds a decompression bomb.
   */
  readonly sliceBytes: number;
  /** The output may not grow beyond this. */
  readonly limitBytes: number;
}

interface ReadResult {
  readonly done?: boolean;
  readonly value?: unknown;
}

interface Output {
  readonly chunks: Uint8Array[];
  byteLength: number;
}

/**
 * All of a message through one stream, as one value; cold. Driven by writer and reader, which is several times faster than by way of Blob and
 * Response and lets a platform answer synchronously. Unsubscribing early cancels the stream.
 *
 * @source Compression Streams; WHATWG Streams
 */
export function throughStream(bytes: Uint8Array, pass: CompressionPass): Observable<Uint8Array> {
  const { stream: Stream, name, sliceBytes, limitBytes } = pass;
  return defer(() => {
    if (Stream === undefined) return throwError(() => new CodecError('unsupported', `this platform has no ${name}`));
    // The Web calls the zlib format (RFC 1950) "deflate".
    const { readable, writable } = new Stream('deflate' as never);
    const writer = writable.getWriter();
    const reader = readable.getReader();
    // Written without waiting in between: the stream's own backpressure takes one slice at a time. Each promise is listened to, so that
    // none of them is reported as unhandled when the stream fails.
    const written$ = merge(
      ...slices(bytes, sliceBytes).map((slice) => call(() => writer.write(slice as never))),
      call(() => writer.close()),
    ).pipe(ignoreElements());
    const output$ = call<ReadResult>(() => reader.read()).pipe(
      repeat(),
      takeWhile(({ done }) => done !== true),
      reduce((output, { value }) => append(output, bytesOf(value), limitBytes), emptyOutput()),
      map(joined),
    );
    let isDone = false;
    // The value is given when both ends are through: a stream with something behind its end is broken as a whole.
    return merge(written$, output$).pipe(
      takeLast(1),
      tap(() => (isDone = true)),
      finalize(() => {
        if (!isDone) release(() => reader.cancel?.());
      }),
    );
  }).pipe(catchError((error: unknown) => throwError(() => codecError(error, name))));
}

function slices(bytes: Uint8Array, sliceBytes: number): readonly Uint8Array[] {
  const count = Math.ceil(bytes.byteLength / sliceBytes);
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * sliceBytes, (index + 1) * sliceBytes));
}

const emptyOutput = (): Output => ({ chunks: [], byteLength: 0 });

function append(output: Output, chunk: Uint8Array, limitBytes: number): Output {
  output.byteLength += chunk.byteLength;
  if (output.byteLength > limitBytes) throw new CodecError('too-large', `inflates to more than ${limitBytes} bytes`);
  output.chunks.push(chunk);
  return output;
}

function bytesOf(chunk: unknown): Uint8Array {
  const data = messageData(chunk);
  return typeof data === 'string' ? new TextEncoder().encode(data) : data;
}

function joined({ chunks, byteLength }: Output): Uint8Array {
  const [only] = chunks;
  if (only !== undefined && chunks.length === 1) return only;
  const bytes = new Uint8Array(byteLength);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

function codecError(error: unknown, name: string): CodecError {
  return error instanceof CodecError ? error : new CodecError('bad-stream', `${name} failed`, { cause: error });
}

/** Lets go of a stream that is not needed any more. What comes of it interests nobody, but a rejection must have been listened to. */
function release(cancel: () => unknown): void {
  // eslint-disable-next-line rxjs-x/no-ignored-subscription -- the stream that owned it has ended
  call(cancel).subscribe({ error: () => undefined });
}
