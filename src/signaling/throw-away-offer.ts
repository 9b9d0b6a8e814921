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
 *
 * @param sender the session's own peer connection if it is going to send audio and video: to ask that one saves another
 */
export function beginThrowAwayOffer(
  { RTCPeerConnection }: Pick<Platform, 'RTCPeerConnection'>,
  sender: () => PeerConnectionLike | null,
): ThrowAway {
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

  const own = (): PeerConnectionLike => (peerConnection ??= new RTCPeerConnection());
  /** Each is for runtimes and sessions in which the one before brings no media. */
  const ways: readonly (() => unknown)[] = [
    () => sender()?.createOffer?.(),
    () => own().createOffer?.(RECEIVING as never),
    () => {
      for (const kind of ['video', 'audio']) own().addTransceiver?.(kind as never, { direction: 'recvonly' } as never);
      return own().createOffer?.();
    },
  ];

  function attempt(way: number): void {
    settle<unknown>(
      () => ways[way]?.(),
      (offer) => {
        const { sdp: made } = (offer ?? {}) as { readonly sdp?: string };
        if (isOver || made?.includes('\nm=') === true || way === ways.length - 1) finish(made);
        else attempt(way + 1);
      },
      () => finish(),
    );
  }

  if (!isOver) attempt(0);
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
