import { type Observable, catchError, finalize, map, of, tap } from 'rxjs';
import { call } from '../platform/call.ts';
import type { Platform } from '../platform/platform.ts';
import { release } from '../platform/release.ts';
import type { PeerConnectionLike } from '../platform/w3c.ts';

/** The SDP of each runtime, by its constructor: it describes the runtime, so it is made once. */
const known = new WeakMap<object, string>();

/**
 * The SDP of an offer that nobody will answer, by which the server recognises what kind of client it talks to. Cold; emits once, completes.
 * Undefined where it cannot be made, as the server can do without it.
 */
export function throwAwayOffer({ RTCPeerConnection }: Pick<Platform, 'RTCPeerConnection'>): Observable<string | undefined> {
  const sdp = known.get(RTCPeerConnection);
  if (sdp !== undefined) return of(sdp);
  let peerConnection: PeerConnectionLike | null = null;
  return call<{ readonly sdp?: string } | undefined>(() => {
    peerConnection = new RTCPeerConnection();
    // Transceivers, as not every browser has `offerToReceive…`.
    for (const kind of ['video', 'audio']) peerConnection.addTransceiver?.(kind as never, { direction: 'recvonly' } as never);
    return peerConnection.createOffer?.();
  }).pipe(
    map((offer) => offer?.sdp),
    tap((made) => made !== undefined && known.set(RTCPeerConnection, made)),
    catchError(() => of(undefined)),
    finalize(() => release(() => peerConnection?.close())),
  );
}
