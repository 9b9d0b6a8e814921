import type { Observable } from 'rxjs';
import { capture } from './capture.ts';
import { announceCapture } from './device-list.ts';
import { SoraMediaError } from './media-error.ts';
import { type MediaPlatform, mediaDevicesWith } from './media-platform.ts';

/**
 * A camera, a microphone, or both, for as long as somebody subscribes.
 *
 * Cold and shared: the first subscriber opens the devices, each later one gets the same MediaStream at once, and when the last one
 * unsubscribes the tracks stop, also where the browser answers only after that. The next subscriber opens them anew. Keep the returned
 * Observable to share a device; two calls open it twice.
 *
 * Emits one MediaStream and does not complete. Errors with a `SoraMediaError`: `refused`, `missing`, `busy`, `overconstrained`, `invalid`,
 * `unsupported`, and `ended` when one of the devices is unplugged or its permission withdrawn; all tracks are stopped by then. Devices that
 * are to live independently of each other are two calls.
 *
 * @example
 * ```ts
 * const camera$ = userMedia({ audio: true, video: true });
 * camera$.pipe(switchMap((camera) => playback(preview, camera))).subscribe();
 * ```
 * @source W3C Media Capture and Streams, getUserMedia()
 */
export function userMedia(constraints: MediaStreamConstraints, platform: MediaPlatform = {}): Observable<MediaStream> {
  return capture({
    obtain: () => {
      const mediaDevices = mediaDevicesWith('getUserMedia', platform);
      return mediaDevices.getUserMedia(constraints).then((stream) => {
        announceCapture(mediaDevices);
        return stream;
      });
    },
    essential: (stream) => stream.getTracks(),
    onEnded: ({ kind, label }) => new SoraMediaError('ended', `${kind} ${label}`),
  });
}
