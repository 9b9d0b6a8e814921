import type { Observable } from 'rxjs';
import type { Platform } from '../platform/platform.ts';
import { throughStream } from './compression-stream.ts';

/** Deflate makes at most 1032 bytes of one: a slice can give 8 MiB before its size is seen. */
const sliceBytes = 8 * 1024;

/**
 * What a zlib stream holds. Cold: inflates for each subscriber, emits once, completes; synchronous where the platform's stream is.
 * A platform without `DecompressionStream`, a stream that is broken or cut off, and one that gives more than `limitBytes` is a `CodecError`.
 * Unsubscribing cancels.
 *
 * @param limitBytes the largest result
 * @source RFC 1950; Compression Streams
 */
export function inflate(bytes: Uint8Array, platform: Pick<Platform, 'DecompressionStream'>, limitBytes: number): Observable<Uint8Array> {
  return throughStream(bytes, { stream: platform.DecompressionStream, name: 'DecompressionStream', sliceBytes, limitBytes });
}
