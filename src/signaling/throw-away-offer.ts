import { type Observable, catchError, defer, finalize, map, of, tap } from 'rxjs';
import { call } from '../platform/call.ts';
import type { Platform } from '../platform/platform.ts';
import { release } from '../platform/release.ts';

/** The SDP of each runtime, by its constructor: it describes the runtime, so it is made once. */
const known = new WeakMap<object, string>();

/**
 * The SDP of an offer that nobody will answer, by which the server recognises what kind of client it talks to. Cold; emits once, completes.
 * Undefined where it cannot be made, as the server can do without it.
 */
export function throwAwayOffer({ RTCPeerConnection }: Pick<Platform, 'RTCPeerConnection'>): Observable<string | undefined> {
  return defer(() => (known.has(RTCPeerConnection) ? of(known.get(RTCPeerConnection)) : made(RTCPeerConnection))).pipe(
    catchError(() => of(undefined)),
  );
}

function made(RTCPeerConnection: Platform['RTCPeerConnection']): Observable<string | undefined> {
  const peerConnection = new RTCPeerConnection();
  return call<{ readonly sdp?: string } | undefined>(() => {
    // Transceivers, as not every browser has `offerToReceive…`.
    for (const kind of ['video', 'audio']) peerConnection.addTransceiver?.(kind as never, { direction: 'recvonly' } as never);
    return peerConnection.createOffer?.();
  }).pipe(
    map((offer) => offer?.sdp),
    tap((sdp) => {
      if (sdp !== undefined) known.set(RTCPeerConnection, sdp);
    }),
    finalize(() => release(() => peerConnection.close())),
  );
}
