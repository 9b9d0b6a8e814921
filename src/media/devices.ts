import { type Observable, combineLatest, distinctUntilChanged, map, scan, switchMap } from 'rxjs';
import { deviceList } from './device-list.ts';
import { withMediaErrors } from './media-error.ts';
import type { MediaPlatform } from './media-platform.ts';
import { permission } from './permission.ts';

/** The devices of a page at one moment. Without permission a browser lists one device per kind, with an empty id and label. */
export interface Devices {
  /** `videoinput` */
  readonly cameras: readonly MediaDeviceInfo[];
  /** `audioinput` */
  readonly microphones: readonly MediaDeviceInfo[];
  /** `audiooutput`: empty where the browser lets the page choose none. Take one with `element.setSinkId(deviceId)`. */
  readonly speakers: readonly MediaDeviceInfo[];
  /** Plugged in since the value before. Devices that merely became readable are not in it. */
  readonly added: readonly MediaDeviceInfo[];
  /** Unplugged since the value before. */
  readonly removed: readonly MediaDeviceInfo[];
  /** As `permission()` has it. */
  readonly permission: Readonly<Record<'camera' | 'microphone', PermissionState>>;
}

/** What the browser said at one moment. */
interface Reading {
  readonly allowed: Devices['permission'];
  readonly list: readonly MediaDeviceInfo[];
}

/** Names for whichever device is the default one, not devices. */
const PSEUDO_DEVICE_ID = /^(default|communications)?$/;

/** Devices of `before` that `now` lacks. Where a browser hides the ids of a kind, nothing is known about that kind. */
function missingFrom(now: readonly MediaDeviceInfo[], before: readonly MediaDeviceInfo[]): readonly MediaDeviceInfo[] {
  return before.filter(
    ({ kind, deviceId }) =>
      !PSEUDO_DEVICE_ID.test(deviceId) &&
      !now.some((other) => other.kind === kind && (other.deviceId === '' || other.deviceId === deviceId)),
  );
}

/**
 * Cameras, microphones and speakers with what the page may use of them. Now, and every change: a device is plugged in or unplugged, a
 * permission changes, `userMedia()` opens a device and so makes labels readable.
 *
 * Cold: every subscriber gets the list of now first, with nothing `added` or `removed`. Does not complete. Errors with a `SoraMediaError`
 * `unsupported` where the page can have no devices, `failed` where the browser refuses the list.
 *
 * @example
 * ```ts
 * devices().subscribe(({ cameras }) => console.log(cameras.map(({ label }) => label)));
 * ```
 * @source W3C Media Capture and Streams, enumerateDevices(), devicechange
 */
export function devices(platform: MediaPlatform = {}): Observable<Devices> {
  return combineLatest({ camera: permission('camera', platform), microphone: permission('microphone', platform) }).pipe(
    switchMap((allowed) => deviceList(platform).pipe(map((list): Reading => ({ allowed, list })))),
    // The browser's objects describe themselves in JSON.
    distinctUntilChanged((one, other) => JSON.stringify(one) === JSON.stringify(other)),
    scan<Reading, Devices, null>((before, { allowed, list }) => {
      const listBefore = before ? [...before.cameras, ...before.microphones, ...before.speakers] : list;
      const ofKind = (wanted: MediaDeviceKind): readonly MediaDeviceInfo[] => list.filter(({ kind }) => kind === wanted);
      return {
        cameras: ofKind('videoinput'),
        microphones: ofKind('audioinput'),
        speakers: ofKind('audiooutput'),
        added: missingFrom(listBefore, list),
        removed: missingFrom(list, listBefore),
        permission: allowed,
      };
    }, null),
    withMediaErrors(),
  );
}
