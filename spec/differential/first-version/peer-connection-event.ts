interface Common {
  /** Milliseconds on the session's clock; Unix milliseconds where a peer connection is listened to on its own. */
  readonly at: number;
}

/** @source W3C WebRTC 4.8.1, RTCIceCandidateInit */
export interface IceCandidate {
  readonly candidate: string;
  readonly sdpMid?: string | null;
  readonly sdpMLineIndex?: number | null;
  readonly usernameFragment?: string | null;
}

/**
 * What an RTCPeerConnection told. `kind` is the W3C event's name; the live objects that an event carries (track, streams, transceiver,
 * channel) are handed on as they are.
 *
 * @source W3C WebRTC 4.4.2, events of the RTCPeerConnection interface
 */
export type PeerConnectionEvent =
  | (Common & { readonly kind: 'connectionstatechange'; readonly connectionState: string })
  | (Common & { readonly kind: 'iceconnectionstatechange'; readonly iceConnectionState: string })
  | (Common & { readonly kind: 'icegatheringstatechange'; readonly iceGatheringState: string })
  | (Common & { readonly kind: 'signalingstatechange'; readonly signalingState: string })
  | (Common & { readonly kind: 'icecandidate'; readonly candidate: IceCandidate | null })
  | (Common & {
      readonly kind: 'track';
      readonly track: object;
      readonly streams: readonly object[];
      readonly transceiver?: object | undefined;
    })
  | (Common & { readonly kind: 'datachannel'; readonly channel: object });
