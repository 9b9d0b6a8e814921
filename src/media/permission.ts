import { type Observable, catchError, defer, distinctUntilChanged, fromEvent, map, merge, of, switchMap } from 'rxjs';
import { deviceList } from './device-list.ts';
import { withMediaErrors } from './media-error.ts';
import type { MediaPlatform } from './media-platform.ts';

const DEVICE_KINDS = { camera: 'videoinput', microphone: 'audioinput' } as const;

/**
 * Whether the page may use a camera or microphone: `granted`, `denied`, or `prompt` where the browser will ask. Now, and every change.
 *
 * Cold; does not complete. Where the Permissions API is missing or does not know the name, readable labels of devices count as `granted` and
 * anything else as `prompt`. A permission that was given for one use only may stay `prompt`, as in Firefox. Errors with a `SoraMediaError`
 * `unsupported` where the page can have no devices at all.
 *
 * @example
 * ```ts
 * permission('camera').subscribe((state) => show(state === 'denied' ? 'Allow the camera in the address bar' : ''));
 * ```
 * @source W3C Permissions, query(); W3C Media Capture and Streams, Permissions Integration
 */
export function permission(name: 'camera' | 'microphone', platform: MediaPlatform = {}): Observable<PermissionState> {
  return defer(() => (platform.permissions ?? globalThis.navigator.permissions).query({ name })).pipe(
    catchError(() => of(null)),
    switchMap((status) =>
      status === null ? permissionByLabels(name, platform) : merge(fromEvent(status, 'change'), of(null)).pipe(map(() => status.state)),
    ),
    distinctUntilChanged(),
    withMediaErrors(),
  );
}

function permissionByLabels(name: keyof typeof DEVICE_KINDS, platform: MediaPlatform): Observable<PermissionState> {
  return deviceList(platform).pipe(
    map((list) => (list.some(({ kind, label }) => kind === DEVICE_KINDS[name] && label !== '') ? 'granted' : 'prompt')),
  );
}
