import type { Observable } from 'rxjs';
import type { DataChannelEvent } from './data-channel-event.ts';
import type { PeerConnectionEvent } from './peer-connection-event.ts';
import type { WebSocketEvent } from './web-socket-event.ts';
import type { DisconnectReason, DisconnectTrigger, SignalingInvalid, TrailingEntry, Via } from './reason.ts';

/** How far the connection has come. `opening` again means a redirect. */
export type Progress =
  | { readonly kind: 'opening' }
  | { readonly kind: 'connect-sent' }
  | {
      readonly kind: 'offer';
      readonly dataChannelSignaling: boolean;
      readonly ignoreDisconnectWebSocket: boolean;
      /** Every label that the offer announced; the loss of one of them is a loss (Q67). */
      readonly labels: readonly string[];
    };

/** Something outside signaling that went wrong in the SDK (T26). */
export interface Failure {
  /** The step that failed, such as `set-remote-description`. */
  readonly where: string;
  readonly name: string;
  readonly message: string;
}

/** A `type: close` as it came: its members are checked here, not before (Q35, Q77). */
export interface ServerCloseMessage {
  readonly code?: unknown;
  readonly reason?: unknown;
}

/** The message with which a client says goodbye. */
export interface DisconnectMessage {
  readonly type: 'disconnect';
  readonly reason: DisconnectReason;
}

/** The `readyState` of the socket that counts, in words; null before there is one. @source WHATWG WebSockets 9.3 */
export type WebSocketState = 'connecting' | 'open' | 'closing' | 'closed' | null;

/** What the ending may do to the world, and what it may look at. Everything here may throw without harm. */
export interface TerminationPort {
  /** Hands a message to a transport now; false or an exception means that the transport did not take it. */
  send(via: Via, message: DisconnectMessage): boolean;
  /** Closes channels, sockets and peer connection, in this order (Q25), and says what threw while doing so. */
  close(): readonly string[];
  webSocketState(): WebSocketState;
  /** `readyState` by label, of the channel that holds the label now. */
  dataChannelStates(): ReadonlyMap<string, string>;
  /** The live `connectionState`: undefined where the runtime has none (T27), null without a peer connection. */
  connectionState(): string | undefined | null;
  iceConnectionState(): string | null;
}

/**
 * Everything that can have a part in the end, as streams. Values must arrive one at a time and in their order of arrival; a source that is
 * left out never speaks. A source that completes or fails ends nothing.
 */
export interface TerminationSources {
  /** Events of the socket that counts: of several candidates only the one that won, or the last to fail (Q49). */
  readonly webSocket$?: Observable<WebSocketEvent>;
  /** Events of channels, without those of replaced ones (Q39), behind decodes that are still under way (Q33). */
  readonly dataChannel$?: Observable<DataChannelEvent>;
  readonly peerConnection$?: Observable<PeerConnectionEvent>;
  readonly progress$?: Observable<Progress>;
  /** The flag of each `type: switched`. */
  readonly switched$?: Observable<boolean>;
  /** Each `type: close` on the channel `signaling`. */
  readonly serverClose$?: Observable<ServerCloseMessage>;
  /** Signaling that could not be understood (T25). */
  readonly invalid$?: Observable<SignalingInvalid['what']>;
  /** What went wrong outside signaling (T26). */
  readonly failure$?: Observable<Failure>;
  /** No signaling URL opened within its limit (Q52). */
  readonly unreachable$?: Observable<undefined>;
  readonly disconnect$?: Observable<DisconnectTrigger>;
  /** Facts worth keeping in `trailing` although they are no cause, such as a URL that failed (Q49). */
  readonly note$?: Observable<TrailingEntry>;
  readonly port: TerminationPort;
}

/** The session's clock. @source Q73 */
export interface SessionClock {
  /** Unix milliseconds at which the session started. */
  readonly startedAt: number;
  /** Milliseconds since then. */
  elapsed(): number;
}

/** What the rules depend on besides events. */
export interface TerminationConfig {
  /** What the client asked for; the offer's values replace them (Q66). */
  readonly dataChannelSignaling: boolean;
  readonly ignoreDisconnectWebSocket: boolean;
  readonly disconnectPolicy: 'graceful' | 'immediate';
  readonly iceDisconnectedRule: 'when-undefined' | 'always';
  /** Milliseconds; 0 switches the limit off (Q81). */
  readonly connectionMs: number;
  readonly disconnectMs: number;
  readonly iceDisconnectedMs: number;
  readonly dataChannelGraceMs: number;
  readonly clock: SessionClock;
}
