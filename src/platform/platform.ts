import { asyncScheduler } from 'rxjs';
import type { EventSource, PeerConnectionLike, RtpCapabilitiesLike, WebSocketLike } from './w3c.ts';

/** A (de)compression stream of the Compression Streams standard, reduced to its two ends. */
export interface CompressionStreamLike {
  readonly readable: { getReader(): { read(): unknown; cancel?(reason?: unknown): unknown } };
  readonly writable: { getWriter(): { write(chunk: never): unknown; close(): unknown; abort?(reason?: unknown): unknown } };
}

/** Where the browser's objects come from. Every member is optional in options: what is missing is read from `globalThis` when a session starts. */
export interface Platform {
  /** Opens the signaling socket. @source WHATWG WebSockets */
  readonly WebSocket: new (url: never) => WebSocketLike;
  /** Makes the peer connection. `generateCertificate`, where it exists, is used for an ECDSA P-256 certificate. @source W3C WebRTC 4.4 */
  readonly RTCPeerConnection: (new (configuration?: never) => PeerConnectionLike) & { generateCertificate?: unknown };
  /** Tells what this runtime can send; where it is absent nobody looks before simulcast is asked for. @source W3C WebRTC 5.2 */
  readonly RTCRtpSender?: RtpCapabilitiesLike | undefined;
  /** Deflates messages for DataChannels that the offer calls compressed. @source Compression Streams */
  readonly CompressionStream?: (new (format: never) => CompressionStreamLike) | undefined;
  /** Inflates them. @source Compression Streams */
  readonly DecompressionStream?: (new (format: never) => CompressionStreamLike) | undefined;
  /** Target of `pagehide`, `visibilitychange` and `online` events; null or absent where there is no page. */
  readonly page?: EventSource | null | undefined;
  /** What `connect` tells the server as `environment`: the user agent of a browser. Absent where there is none. */
  readonly userAgent?: string | undefined;
  /** The session's clock in Unix milliseconds. By default the clock of RxJS's `asyncScheduler`, so that virtual time reaches it. */
  readonly now: () => number;
}

/** The platform as it stands when a session starts: constructors that exist nowhere are left out and found missing by the caller. */
export type ResolvedPlatform = Omit<Platform, 'WebSocket' | 'RTCPeerConnection'> &
  Partial<Pick<Platform, 'WebSocket' | 'RTCPeerConnection'>>;

interface Globals extends Partial<
  Pick<Platform, 'WebSocket' | 'RTCPeerConnection' | 'RTCRtpSender' | 'CompressionStream' | 'DecompressionStream'>
> {
  readonly window?: EventSource & { readonly document?: unknown };
  readonly navigator?: { readonly userAgent?: string };
}

/** Fills in what the options leave open from `globalThis`, read now and never at import (SSR-safe). */
export function resolvePlatform(given: Partial<Platform> = {}): ResolvedPlatform {
  const globals = globalThis as unknown as Globals;
  const window = globals.window?.document === undefined ? null : globals.window;
  return {
    WebSocket: given.WebSocket ?? globals.WebSocket,
    RTCPeerConnection: given.RTCPeerConnection ?? globals.RTCPeerConnection,
    // The browser's own says nothing about a peer connection that is not the browser's.
    RTCRtpSender: given.RTCRtpSender ?? (given.RTCPeerConnection === undefined ? globals.RTCRtpSender : undefined),
    CompressionStream: 'CompressionStream' in given ? given.CompressionStream : globals.CompressionStream,
    DecompressionStream: 'DecompressionStream' in given ? given.DecompressionStream : globals.DecompressionStream,
    page: given.page === undefined ? window : given.page,
    userAgent: given.userAgent ?? globals.navigator?.userAgent,
    now: given.now ?? (() => asyncScheduler.now()),
  } as ResolvedPlatform;
}
