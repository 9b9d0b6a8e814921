import { SoraMediaError } from './media-error.ts';

/**
 * Where the browser's objects come from, for tests and for pages with several windows. A member that is left out is read from `globalThis` on
 * subscription, never at import.
 */
export interface MediaPlatform {
  /** Lists and opens devices. By default `navigator.mediaDevices`. @source W3C Media Capture and Streams, MediaDevices */
  readonly mediaDevices?: (EventTarget & Partial<Pick<MediaDevices, 'enumerateDevices' | 'getUserMedia' | 'getDisplayMedia'>>) | undefined;
  /** Knows what the user has allowed. By default `navigator.permissions`. @source W3C Permissions */
  readonly permissions?: Pick<Permissions, 'query'> | undefined;
  /** Measures levels. @source W3C Web Audio, AudioContext */
  readonly AudioContext?: (new () => AudioContext) | undefined;
  /** Receives the user's clicks and keys. By default `document`, for `playback()` the document of its element. */
  readonly document?: EventTarget | undefined;
}

type MediaDevicesMethod = 'enumerateDevices' | 'getUserMedia' | 'getDisplayMedia';

/** The devices of this page, with the one method that the caller needs. Throws `unsupported` where there are none. */
export function mediaDevicesWith<Method extends MediaDevicesMethod>(
  method: Method,
  { mediaDevices = (globalThis.navigator as Partial<Navigator> | undefined)?.mediaDevices }: MediaPlatform,
): EventTarget & Pick<MediaDevices, Method> {
  if (mediaDevices?.[method] === undefined) throw new SoraMediaError('unsupported', `no ${method}() here; does the page need HTTPS?`);
  return mediaDevices as EventTarget & Pick<MediaDevices, Method>;
}
