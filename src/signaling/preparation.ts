import { type Observable, catchError, concatMap, finalize, map, of } from 'rxjs';
import { call } from '../operators/call.ts';
import type { Platform } from '../platform/platform.ts';
import { release } from '../platform/release.ts';
import type { PeerConnectionLike } from '../platform/w3c.ts';

/**
 * The SDP of a peer connection that is made for it and closed again, by which the server knows what kind of client it talks to. Undefined
 * where it cannot be made: the server can do without.
 */
export function throwAwayOffer({ RTCPeerConnection }: Pick<Platform, 'RTCPeerConnection'>): Observable<string | undefined> {
  return call<PeerConnectionLike>(() => new RTCPeerConnection()).pipe(
    concatMap((peerConnection) =>
      call<{ readonly sdp?: string } | undefined>(() => {
        // Transceivers rather than `offerToReceive…`, which not every browser has.
        for (const kind of ['video', 'audio']) peerConnection.addTransceiver?.(kind as never, { direction: 'recvonly' } as never);
        return peerConnection.createOffer?.();
      }).pipe(
        map((offer) => offer?.sdp),
        finalize(() => release(() => peerConnection.close())),
      ),
    ),
    catchError(() => of(undefined)),
  );
}

/** A fresh ECDSA P-256 certificate, quicker to make and shorter on the wire than the default of some browsers; undefined where it cannot be made. */
export function certificate({ RTCPeerConnection }: Pick<Platform, 'RTCPeerConnection'>): Observable<unknown> {
  return call(() => {
    const { generateCertificate } = RTCPeerConnection;
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
    return typeof generateCertificate === 'function' ? (generateCertificate.call(RTCPeerConnection, algorithm) as unknown) : undefined;
  }).pipe(catchError(() => of(undefined)));
}
