import type { Platform } from '../platform/platform.ts';
import { release } from '../platform/release.ts';
import { settle } from '../platform/settle.ts';
import type { PeerConnectionLike } from '../platform/w3c.ts';

/** The SDP of each runtime, by its constructor: it describes the runtime, so it is made once. */
const known = new WeakMap<object, string>();

/** A throw-away offer that is being made. */
export interface ThrowAway {
  /** Hands the SDP over, now or once it is made; undefined where it cannot be made, as the server can do without it. For one listener. */
  readonly whenMade: (next: (sdp: string | undefined) => void) => void;
  /** Closes what is open. An offer that comes later is dropped. */
  readonly close: () => void;
}

/** Takes the page 1.5 ms less than two transceivers. @source W3C WebRTC 4.4.3.2 */
const RECEIVING = { offerToReceiveAudio: true, offerToReceiveVideo: true };

/**
 * The SDP of an offer that nobody will answer, by which the server recognises what kind of client it talks to. Begins in this call, so that the browser
 * works on it while the session is composed. Closing a peer connection takes the browser some milliseconds, so its owner says when.
 */
export function beginThrowAwayOffer({ RTCPeerConnection }: Pick<Platform, 'RTCPeerConnection'>): ThrowAway {
  let sdp = known.get(RTCPeerConnection);
  let isOver = sdp !== undefined;
  let listener: ((sdp: string | undefined) => void) | undefined;
  let peerConnection: PeerConnectionLike | undefined;

  function finish(made?: string): void {
    if (isOver) return;
    isOver = true;
    sdp = made;
    if (made !== undefined) known.set(RTCPeerConnection, made);
    listener?.(made);
  }

  /** Not every runtime knows the legacy options: where they bring no media, transceivers are added. */
  function attempt(isLegacy: boolean): void {
    settle<{ readonly sdp?: string } | undefined>(
      () => {
        peerConnection ??= new RTCPeerConnection();
        if (isLegacy) return peerConnection.createOffer?.(RECEIVING as never);
        for (const kind of ['video', 'audio']) peerConnection.addTransceiver?.(kind as never, { direction: 'recvonly' } as never);
        return peerConnection.createOffer?.();
      },
      (offer) => {
        if (isLegacy && !isOver && offer?.sdp?.includes('\nm=') !== true) attempt(false);
        else finish(offer?.sdp);
      },
      () => finish(),
    );
  }

  if (!isOver) attempt(true);
  return {
    whenMade(next) {
      if (isOver) next(sdp);
      else listener = next;
    },
    close() {
      listener = undefined;
      finish();
      const made = peerConnection;
      peerConnection = undefined;
      release(() => made?.close());
    },
  };
}
