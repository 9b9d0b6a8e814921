import { type Observable, defer, filter, finalize, ignoreElements, interval, map, merge, takeWhile, tap } from 'rxjs';
import { gestures } from './gestures.ts';
import { SoraMediaError, withMediaErrors } from './media-error.ts';
import type { MediaPlatform } from './media-platform.ts';

/** How `audioLevel()` measures. */
export interface AudioLevelOptions extends MediaPlatform {
  /** From one value to the next, in milliseconds. */
  readonly periodMs?: number | undefined;
}

/** At 48 kHz the last 85 ms: nearly all of a period of 100 ms. */
const SAMPLES = 4096;

/**
 * How loud a stream is: the root mean square of its latest samples, 0 for silence, 1 for full scale, every `periodMs` (100). Speech is
 * mostly between 0.01 and 0.3; for a bar on screen take the square root.
 *
 * Cold: each subscriber has an AudioContext of its own, closed when it leaves. Completes at the first measurement after all audio tracks of the
 * stream have ended. While the browser holds the AudioContext back until the user does something, there are no values; the next click or key
 * starts them. Web Audio takes one audio track, the first; in Chromium a remote stream is silent here unless an element plays it.
 *
 * Errors with a `SoraMediaError`: `missing` without an audio track, `unsupported` without Web Audio, `failed` otherwise.
 *
 * @example
 * ```ts
 * audioLevel(stream, { periodMs: 50 }).subscribe((level) => (bar.value = Math.sqrt(level)));
 * ```
 * @source W3C Web Audio, AnalyserNode
 */
export function audioLevel(stream: MediaStream, options: AudioLevelOptions = {}): Observable<number> {
  return defer(() => {
    const globals: Partial<typeof globalThis> = globalThis;
    const { AudioContext = globals.AudioContext, document = globals.document, periodMs = 100 } = options;
    if (!AudioContext) throw new SoraMediaError('unsupported', 'AudioContext is missing');
    if (!(periodMs >= 1 && periodMs < 2 ** 31)) throw new SoraMediaError('failed', 'periodMs must be a number from 1 to 2147483647');
    const tracks = stream.getAudioTracks();
    if (tracks.length === 0) throw new SoraMediaError('missing', 'the stream has no audio track');

    const context = new AudioContext();
    const resumed$ = gestures(document).pipe(
      // Rejected where the context is closed before the browser lets it run.
      tap(() => void context.resume().catch(ignore)),
      ignoreElements(),
    );
    // Deferred, so that a stream that Web Audio refuses closes the context too.
    return defer(() => {
      const measure = meter(context, stream);
      return merge(interval(periodMs), resumed$).pipe(
        takeWhile(() => tracks.some(({ readyState }) => readyState === 'live')),
        filter(() => context.state === 'running'),
        map(measure),
      );
    }).pipe(finalize(() => void context.close().catch(ignore)));
  }).pipe(withMediaErrors());
}

/** Measures the latest samples, whenever it is called. */
function meter(context: AudioContext, stream: MediaStream): () => number {
  const analyser = context.createAnalyser();
  analyser.fftSize = SAMPLES;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(SAMPLES);
  return () => {
    analyser.getFloatTimeDomainData(samples);
    return Math.min(1, Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / SAMPLES));
  };
}

const ignore = (): void => undefined;
