import { type Observable, defer, fromEvent, merge, of, switchMap } from 'rxjs';
import { type MediaPlatform, mediaDevicesWith } from './media-platform.ts';

/**
 * An event of our own on the browser's MediaDevices. An open device makes labels and ids readable, but where the permission is only for now,
 * as in Firefox, the browser fires neither `devicechange` nor a change of the permission.
 */
const CAPTURE_EVENT = 'rx-sora-capture';

/** Lets every list of this page know that a device was opened. */
export function announceCapture(mediaDevices: EventTarget): void {
  mediaDevices.dispatchEvent(new Event(CAPTURE_EVENT));
}

/**
 * The devices, now and whenever the list may have changed. Cold; does not complete.
 *
 * @source W3C Media Capture and Streams, enumerateDevices(), devicechange
 */
export function deviceList(platform: MediaPlatform): Observable<readonly MediaDeviceInfo[]> {
  return defer(() => {
    const mediaDevices = mediaDevicesWith('enumerateDevices', platform);
    // Listeners first, so that no change between reading and listening is lost. A newer reading replaces one that is under way.
    return merge(fromEvent(mediaDevices, 'devicechange'), fromEvent(mediaDevices, CAPTURE_EVENT), of(null)).pipe(
      switchMap(() => mediaDevices.enumerateDevices()),
    );
  });
}
