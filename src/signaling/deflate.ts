import type { Observable } from 'rxjs';
import type { Platform } from '../platform/platform.ts';
import { throughStream } from './compression-stream.ts';

/**
 * A message as one zlib stream. Cold: deflates for each subscriber, emits once, completes; synchronous where the platform's stream is.
 * A platform without `CompressionStream`, and a stream that fails, is a `CodecError`. Unsubscribing cancels.
 *
 * @source RFC 1950; Compression Streams
 */
export function deflate(bytes: Uint8Array, platform: Pick<Platform, 'CompressionStream'>): Observable<Uint8Array> {
  return throughStream(bytes, {
    stream: platform.CompressionStream,
    name: 'CompressionStream',
    sliceBytes: bytes.byteLength,
    limitBytes: Infinity,
  });
}
