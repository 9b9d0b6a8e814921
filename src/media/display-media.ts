import type { Observable } from 'rxjs';
import { capture } from './capture.ts';
import { type MediaPlatform, mediaDevicesWith } from './media-platform.ts';

/**
 * A screen, window or tab that the user picks, for as long as somebody subscribes. Subscribe from a click: browsers refuse otherwise.
 *
 * Cold and shared like `userMedia()`: the first subscriber opens the picker, later ones get the same MediaStream, and the sharing stops with
 * the last one.
 *
 * Emits one MediaStream and completes when the user stops sharing or what is shared is closed; the tracks are stopped by then. Sound that
 * ends alone ends nothing. Errors with a `SoraMediaError`: `refused` also where the user closes the picker, `missing` where there is nothing
 * to share, `failed` where it was not a click, and `busy`, `overconstrained`, `invalid`, `unsupported`.
 *
 * @example
 * ```ts
 * const screen$ = click$.pipe(exhaustMap(() => displayMedia({ video: true })));
 * screen$.subscribe((screen) => (preview.srcObject = screen));
 * ```
 * @source W3C Screen Capture, getDisplayMedia()
 */
export function displayMedia(constraints: DisplayMediaStreamOptions = {}, platform: MediaPlatform = {}): Observable<MediaStream> {
  return capture({
    obtain: () => mediaDevicesWith('getDisplayMedia', platform).getDisplayMedia(constraints),
    essential: (stream) => stream.getVideoTracks(),
    onEnded: () => null,
  });
}
