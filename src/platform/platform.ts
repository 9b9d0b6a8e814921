import type { EventSource, PeerConnectionLike, WebSocketLike } from './w3c.ts';

/** A (de)compression stream of the Compression Streams standard, reduced to its two ends. */
export interface CompressionStreamLike {
  readonly readable: { getReader(): { read(): unknown; cancel?(reason?: unknown): unknown } };
  readonly writable: { getWriter(): { write(chunk: never): unknown; close(): unknown; abort?(reason?: unknown): unknown } };
}

/** Where the browser's objects come from. Every member is optional in options: what is missing is read from `globalThis` when a session starts. */
export interface Platform {
  /** Opens the signaling socket. @source WHATWG WebSockets */
  readonly WebSocket: new (url: never) => WebSocketLike;
  /** Makes the peer connection. @source W3C WebRTC 4.4 */
  readonly RTCPeerConnection: new (configuration?: never) => PeerConnectionLike;
  /** Deflates messages for DataChannels that the offer calls compressed. @source Compression Streams */
  readonly CompressionStream?: (new (format: never) => CompressionStreamLike) | undefined;
  /** Inflates them. @source Compression Streams */
  readonly DecompressionStream?: (new (format: never) => CompressionStreamLike) | undefined;
  /** Target of `pagehide`, `pageshow`, `visibilitychange` and `online` events; null or absent where there is no page. */
  readonly page?: EventSource | null | undefined;
  /** The `environment` that `connect` sends to the server: the user agent of a browser. Absent where there is none. */
  readonly userAgent?: string | undefined;
  /** The session's clock in Unix milliseconds. By default a monotonic one, which follows RxJS's scheduler in virtual time (Q85). */
  readonly now?: (() => number) | undefined;
}

type Constructor = 'WebSocket' | 'RTCPeerConnection' | 'CompressionStream' | 'DecompressionStream';

interface Globals extends Partial<Pick<Platform, Constructor>> {
  readonly window?: EventSource & { readonly document?: unknown };
  readonly navigator?: { readonly userAgent?: string };
}

/**
 * Fills in from `globalThis` what the options leave open, now and never at import (SSR-safe). Constructors that exist nowhere are left undefined,
 * for the caller to report.
 */
export function resolvePlatform(given: Partial<Platform> = {}): Partial<Platform> {
  const globals = globalThis as unknown as Globals;
  const page = globals.window?.document === undefined ? null : globals.window;
  const own = <Name extends Constructor>(name: Name): Partial<Platform>[Name] =>
    name in given ? given[name] : (globals as Partial<Platform>)[name];
  return {
    ...given,
    WebSocket: given.WebSocket ?? (globals.WebSocket as Platform['WebSocket']),
    RTCPeerConnection: given.RTCPeerConnection ?? (globals.RTCPeerConnection as Platform['RTCPeerConnection']),
    CompressionStream: own('CompressionStream'),
    DecompressionStream: own('DecompressionStream'),
    page: given.page === undefined ? page : given.page,
    userAgent: given.userAgent ?? globals.navigator?.userAgent,
  };
}
