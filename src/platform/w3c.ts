/**
 * The few members of the W3C objects that the SDK touches, as structural types, so that browsers, werift and fakes fit alike.
 *
 * Nothing else is assumed of them: events may be plain objects, a `close()` may return a promise, a method that the W3C lets return a
 * promise may return any thenable, and binary data may arrive as an ArrayBuffer or as a view.
 */

/** What all of them have: the EventTarget methods, or the `on…` properties where the runtime lacks those. */
export interface EventSource {
  addEventListener?(type: string, listener: (event: object) => void, options?: { readonly once?: boolean }): void;
  removeEventListener?(type: string, listener: (event: object) => void): void;
}

/** @source WHATWG WebSockets, the WebSocket interface */
export interface WebSocketLike extends EventSource {
  readonly readyState: number;
  readonly url?: string;
  binaryType?: string;
  send(data: never): void;
  close(code?: number, reason?: string): void;
}

/** @source W3C WebRTC 6.2, RTCDataChannel */
export interface DataChannelLike extends EventSource {
  readonly label: string;
  readonly readyState: string;
  readonly ordered?: boolean;
  readonly protocol?: string;
  readonly maxPacketLifeTime?: number | null | undefined;
  readonly maxRetransmits?: number | null | undefined;
  readonly bufferedAmount?: number;
  bufferedAmountLowThreshold?: number;
  binaryType?: string;
  send(data: never): void;
  close(): unknown;
}

/** @source W3C WebRTC 5.2, RTCRtpSender */
export interface RtpSenderLike {
  readonly track?: MediaStreamTrackLike | null;
  replaceTrack?(track: never): unknown;
  getParameters?(): { encodings?: EncodingLike[] };
  setParameters?(parameters: never): unknown;
}

/** Of whom something was played lately. @source W3C WebRTC 5.3, RTCRtpSynchronizationSource */
export interface SynchronizationSourceLike {
  readonly source: number;
  /** Changes with every frame that is played. */
  readonly timestamp: number;
  /** From 0, silence, to 1; absent where the packets do not carry it. */
  readonly audioLevel?: number | undefined;
}

/** @source W3C WebRTC 5.3, RTCRtpReceiver */
export interface RtpReceiverLike {
  readonly track?: MediaStreamTrackLike | null;
  getSynchronizationSources?(): readonly SynchronizationSourceLike[];
}

/** @source W3C WebRTC 5.4, RTCRtpTransceiver */
export interface TransceiverLike {
  readonly mid?: string | null;
  readonly stopped?: boolean;
  direction?: string;
  readonly currentDirection?: string | null;
  readonly sender: RtpSenderLike;
  readonly receiver?: RtpReceiverLike;
}

/** One layer of what a sender encodes; members beyond these are passed through. @source W3C WebRTC 5.2.5, RTCRtpEncodingParameters */
export interface EncodingLike {
  rid?: string | undefined;
  active?: boolean | undefined;
}

/** @source W3C Media Capture and Streams 4.3, MediaStreamTrack */
export interface MediaStreamTrackLike {
  readonly kind: string;
  readonly id?: string;
  enabled?: boolean;
  contentHint?: string;
  stop?(): void;
}

/** @source W3C Media Capture and Streams 4.2, MediaStream */
export interface MediaStreamLike extends EventSource {
  readonly id: string;
  getTracks(): readonly MediaStreamTrackLike[];
  addTrack?(track: never): void;
  removeTrack?(track: never): void;
}

/** @source W3C WebRTC 4.4, RTCPeerConnection */
export interface PeerConnectionLike extends EventSource {
  /** Undefined on runtimes that do not implement it (T27). */
  readonly connectionState?: string | undefined;
  readonly iceConnectionState: string;
  readonly iceGatheringState?: string;
  readonly signalingState?: string;
  readonly localDescription?: { readonly sdp?: string } | null | undefined;
  setRemoteDescription(description: never): unknown;
  setLocalDescription(description?: never): unknown;
  createOffer?(options?: never): unknown;
  createAnswer(options?: never): unknown;
  setConfiguration?(configuration: never): void;
  addTrack?(track: never, ...streams: never[]): unknown;
  addTransceiver?(kind: never, init?: never): unknown;
  getTransceivers?(): readonly TransceiverLike[];
  getStats?(): unknown;
  close(): unknown;
}
