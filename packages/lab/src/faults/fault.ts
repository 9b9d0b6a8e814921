import type { JsonObject } from '../wire/json.ts';
import type { Mode, Role, Transport } from '../wire/words.ts';

/** What may go wrong while a client opens its WebSocket. */
export type OpeningFault =
  /** The port is closed: connections are refused until the fault is removed, with `ms` at the latest after so long. Existing connections go on. */
  | { readonly kind: 'refused'; readonly ms?: number }
  /** TCP is accepted and closed when the upgrade request arrives. */
  | { readonly kind: 'upgrade-cut' }
  /** The upgrade request is answered with this HTTP status. */
  | { readonly kind: 'upgrade-rejected'; readonly status: number }
  /** The upgrade request is never answered. */
  | { readonly kind: 'upgrade-silent' }
  /** The upgrade request is answered late. */
  | { readonly kind: 'upgrade-delayed'; readonly ms: number };

/** What changes how the lab behaves towards a connection from its `connect` on. */
export type ShapingFault =
  /** Answers `connect` with `redirect` to this URL; without `location` back to the URL that the client opened, every time. */
  | { readonly kind: 'redirect'; readonly location?: string }
  /** Refuses `connect` as failed authentication, with `AUTHENTICATION-FAILURE` where there is no reason. */
  | { readonly kind: 'auth-refused'; readonly reason?: string }
  | { readonly kind: 'offer-withheld' }
  | { readonly kind: 'offer-delayed'; readonly ms: number }
  /** The offer is sent twice. */
  | { readonly kind: 'offer-duplicate' }
  /** The offer's SDP is replaced by `sdp`, or by invalid SDP. */
  | { readonly kind: 'offer-bad-sdp'; readonly sdp?: string }
  /** Members of the offer are replaced; `null` removes one. */
  | { readonly kind: 'offer-altered'; readonly members: JsonObject }
  /** This message is sent on the WebSocket before the offer. */
  | { readonly kind: 'wrong-order'; readonly message: JsonObject }
  | { readonly kind: 'answer-ignored' }
  | { readonly kind: 'answer-delayed'; readonly ms: number }
  | { readonly kind: 'switched-missing' }
  | { readonly kind: 'switched-delayed'; readonly ms: number }
  | { readonly kind: 'switched-duplicate' }
  /** `switched` follows the answer at once, before any DataChannel is open. */
  | { readonly kind: 'switched-early' }
  /** `switched` carries this value, whatever the offer says. */
  | { readonly kind: 'switched-flag'; readonly ignoreDisconnectWebSocket: boolean }
  /** A `re-offer` on the WebSocket, back to back with `switched`. */
  | { readonly kind: 'switched-with-re-offer'; readonly first: 'switched' | 're-offer' }
  /** A DataChannel that the offer announces is never opened. */
  | { readonly kind: 'channel-missing'; readonly label: string }
  | { readonly kind: 'ping-withheld' }
  | { readonly kind: 'pong-ignored' }
  /** The client's `disconnect` is ignored. */
  | { readonly kind: 'disconnect-ignored' }
  | { readonly kind: 'disconnect-delayed'; readonly ms: number }
  /** Shutdowns leave out what is named here. */
  | { readonly kind: 'end-without'; readonly websocketClose?: boolean; readonly channelClose?: boolean }
  /** Closing the DataChannels takes this long from each to the next. */
  | { readonly kind: 'slow-channel-close'; readonly ms: number }
  | { readonly kind: 'rpc-silent' }
  | { readonly kind: 'rpc-delayed'; readonly ms: number }
  | { readonly kind: 'rpc-error'; readonly code: number; readonly message: string; readonly data?: unknown }
  | { readonly kind: 'rpc-duplicate' };

/** What happens to a connection at one moment. */
export type ActionFault =
  /** A Close frame with any code that a frame can carry; without one, a frame that carries none (the client sees 1005). */
  | { readonly kind: 'websocket-close'; readonly code?: number; readonly reason?: string }
  /** TCP is closed without a Close frame (FIN). The client sees 1006. */
  | { readonly kind: 'websocket-cut' }
  /** TCP is reset (RST). The client sees 1006. */
  | { readonly kind: 'websocket-reset' }
  /** Half-open: nothing is read from the WebSocket or sent on it, and TCP stays open. */
  | { readonly kind: 'websocket-frozen' }
  /** A text frame that is not JSON, or the text given. */
  | { readonly kind: 'websocket-malformed'; readonly text?: string }
  /** A binary frame on the WebSocket. */
  | { readonly kind: 'websocket-binary'; readonly text?: string }
  /** A `notify` of at least this size on the WebSocket. */
  | { readonly kind: 'websocket-oversized'; readonly bytes: number }
  /** Any message, such as one of an unknown type or one out of turn. `label` defaults to `signaling`. */
  | { readonly kind: 'message'; readonly message: JsonObject; readonly transport?: Transport; readonly label?: string }
  /** Re-offers although nothing changed, without waiting for the answer of the one before. */
  | { readonly kind: 're-offer'; readonly count?: number; readonly transport?: Transport }
  /** DataChannels close: those named, or all. */
  | { readonly kind: 'channel-close'; readonly labels?: readonly string[] }
  /** The same label is opened again as a new DataChannel. */
  | { readonly kind: 'channel-reopened'; readonly label: string }
  /** A DataChannel that no offer announced. */
  | { readonly kind: 'channel-unannounced'; readonly label: string }
  /** A message that is not JSON, or the text given, deflated where the channel is compressed. */
  | { readonly kind: 'channel-malformed'; readonly label: string; readonly text?: string }
  /** A binary message that is not a zlib stream. */
  | { readonly kind: 'channel-bad-deflate'; readonly label: string }
  /** A text frame with plain JSON, even where the channel is compressed. */
  | { readonly kind: 'channel-text'; readonly label: string; readonly text?: string }
  /** A message that inflates to this many zero bytes; without compression as large as that. */
  | { readonly kind: 'channel-oversized'; readonly label: string; readonly bytes: number }
  /** `type: close` on DataChannel `signaling`, with any value as code and reason, and nothing else. */
  | { readonly kind: 'close-message'; readonly code?: unknown; readonly reason?: unknown }
  /** SCTP ABORT: every DataChannel fails at once. */
  | { readonly kind: 'sctp-abort' }
  /** DTLS ends, with a close_notify alert unless `notify` is false. */
  | { readonly kind: 'dtls-close'; readonly notify?: boolean }
  /** The media path falls silent: no ICE answer, no packet. ICE of the client fails after 15 to 20 s. */
  | { readonly kind: 'peer-silent' }
  /** WebSocket and media path fall silent together: the machine is off, or the network is gone. */
  | { readonly kind: 'silent' }
  /** Loss (0 to 1), delay and jitter on the media path. Without members the path is healthy again. */
  | { readonly kind: 'network'; readonly lossRatio?: number; readonly delayMs?: number; readonly jitterMs?: number }
  /** Ends `websocket-frozen`, `peer-silent`, `silent` and `network`. */
  | { readonly kind: 'resume' };

/** One way in which a network or a server breaks a connection. Plain data, the same in TypeScript and over HTTP. */
export type Fault = OpeningFault | ShapingFault | ActionFault;
/** The name of a fault. */
export type FaultKind = Fault['kind'];

/** Points in the life of a connection at which an {@link ActionFault} may happen. `switched` is reached only with DataChannel signaling. */
export type FaultMoment = 'open' | 'connect' | 'offer' | 'answer' | 'connected' | 'switched';
export const FAULT_MOMENTS: readonly FaultMoment[] = ['open', 'connect', 'offer', 'answer', 'connected', 'switched'];

/** Which connections a fault is for. An absent member matches all. Before `connect` only the node is known. */
export interface FaultMatch {
  readonly node?: string;
  readonly channelId?: string;
  readonly clientId?: string;
  readonly connectionId?: string;
  readonly role?: Role;
  readonly mode?: Mode;
}

/** A fault for connections to come. */
export interface FaultRule {
  readonly fault: Fault;
  readonly match?: FaultMatch;
  /** When an action happens. Default `connected`. */
  readonly at?: FaultMoment;
  /** Milliseconds from that moment to the action. Default 0. */
  readonly afterMs?: number;
  /** How many connections it affects before it is removed. Default: no limit. */
  readonly times?: number;
}

/** A rule in the list of faults. */
export interface ListedFault extends FaultRule {
  readonly id: string;
  /** How many connections it has affected. */
  readonly used: number;
}
