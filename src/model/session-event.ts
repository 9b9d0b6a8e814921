import type { DataChannelLike, MediaStreamLike, MediaStreamTrackLike, TransceiverLike } from '../platform/w3c.ts';
import type { ReceivedMessage, UnknownMessage } from '../wire/messages.ts';
import type { DisconnectTrigger, SignalingProblem, Via } from './words.ts';

interface At {
  /** Milliseconds on the session's clock; Unix milliseconds where an object is observed on its own. */
  readonly at: number;
}

interface FromWebSocket extends At {
  readonly source: 'websocket';
  /** The URL that the socket was opened with; empty where the socket does not have one. */
  readonly url: string;
}

/**
 * An event of a WebSocket, as plain data with the W3C's fields. A socket that was closed before it was observed reports 1006, as its true code
 * can no longer be known.
 *
 * @source WHATWG WebSockets 9.3
 */
export type WebSocketEvent =
  | (FromWebSocket & { readonly kind: 'open' })
  | (FromWebSocket & { readonly kind: 'message'; readonly data: string | Uint8Array })
  | (FromWebSocket & { readonly kind: 'error' })
  | (FromWebSocket & { readonly kind: 'close'; readonly code: number; readonly reason: string; readonly wasClean: boolean });

interface FromDataChannel extends At {
  readonly source: 'datachannel';
  readonly label: string;
}

/**
 * An event of an RTCDataChannel, as plain data with the W3C's fields.
 *
 * @source W3C WebRTC 6.2.3; 6.3.3, RTCErrorEvent
 */
export type DataChannelEvent =
  | (FromDataChannel & { readonly kind: 'open' | 'bufferedamountlow' | 'closing' | 'close' })
  | (FromDataChannel & { readonly kind: 'message'; readonly data: string | Uint8Array })
  | (FromDataChannel & { readonly kind: 'error'; readonly errorDetail?: string; readonly sctpCauseCode?: number });

/** @source W3C WebRTC 4.8.1, RTCIceCandidateInit */
export interface IceCandidate {
  readonly candidate: string;
  readonly sdpMid?: string | null;
  readonly sdpMLineIndex?: number | null;
  readonly usernameFragment?: string | null;
}

interface FromPeerConnection extends At {
  readonly source: 'peer-connection';
}

/**
 * An event of an RTCPeerConnection. `kind` is the name of the W3C event; live objects (track, streams, transceiver, channel) are passed on as
 * they are.
 *
 * @source W3C WebRTC 4.4.2
 */
export type PeerConnectionEvent =
  | (FromPeerConnection & { readonly kind: 'connectionstatechange'; readonly connectionState: string })
  | (FromPeerConnection & { readonly kind: 'iceconnectionstatechange'; readonly iceConnectionState: string })
  | (FromPeerConnection & { readonly kind: 'icegatheringstatechange'; readonly iceGatheringState: string })
  | (FromPeerConnection & { readonly kind: 'signalingstatechange'; readonly signalingState: string })
  | (FromPeerConnection & { readonly kind: 'icecandidate'; readonly candidate: IceCandidate | null })
  | (FromPeerConnection & {
      readonly kind: 'track';
      readonly track: MediaStreamTrackLike;
      readonly streams: readonly MediaStreamLike[];
      readonly transceiver?: TransceiverLike | undefined;
    })
  | (FromPeerConnection & { readonly kind: 'datachannel'; readonly channel: DataChannelLike });

interface FromSignaling extends At {
  readonly source: 'signaling';
  /** The transport; `label` names the DataChannel. */
  readonly via?: Via;
  readonly label?: string;
}

/** A message of signaling that was received, or one that could not be understood. */
export type SignalingEvent =
  | (FromSignaling & {
      readonly kind: 'message';
      readonly message: ReceivedMessage | UnknownMessage;
      /** The message is of an unknown type or arrived out of place, and has no effect (Q29, Q64). */
      readonly ignored?: boolean;
    })
  | (FromSignaling & { readonly kind: 'invalid'; readonly what: SignalingProblem });

/** How far the connection has come. `opening` a second time means a redirect. */
export type ProgressEvent = At & { readonly source: 'session' } & (
    | { readonly kind: 'opening' | 'connect-sent' }
    /** One of several signaling URLs failed; the last one to fail speaks for itself (Q49). */
    | { readonly kind: 'url-failed'; readonly url: string; readonly what: string }
    /** No signaling URL opened within its limit (Q52). */
    | { readonly kind: 'unreachable'; readonly url?: string }
  );

/** A step that failed on this side, outside of signaling (T26). */
export interface FailureEvent extends At {
  readonly source: 'sdk';
  readonly kind: 'failure';
  /** The step, such as `set-remote-description`. */
  readonly where: string;
  readonly name: string;
  readonly message: string;
}

/** The application ends the session. */
export interface DisconnectEvent extends At {
  readonly source: 'application';
  readonly kind: 'disconnect';
  readonly trigger: DisconnectTrigger;
}

/** Everything that can happen to a session, in one union: `source` and `kind` discriminate it. */
export type SessionEvent =
  WebSocketEvent | DataChannelEvent | PeerConnectionEvent | SignalingEvent | ProgressEvent | FailureEvent | DisconnectEvent;
