import type { DisconnectReason, DisconnectTrigger, Phase, SignalingProblem, Via } from '../model/words.ts';

/** The one `type: disconnect` that was attempted; `ok` is whether the transport took it. @source Q24 */
export interface SentDisconnect {
  readonly reason: DisconnectReason;
  readonly via: Via;
  readonly ok: boolean;
}

/** The first close that the server sent while a disconnect was waiting. @source Q22, Q38 */
export interface PeerClose {
  readonly via: Via;
  /** The close code; null where a `type: close` had none (Q77). */
  readonly code: number | null;
  readonly reason: string;
}

/** A lost DataChannel that another event then explained. @source Q71 */
export type AfterLoss = 'datachannel-closed' | 'datachannel-error';

/** An event between the cause and the emission, a closing call that threw, or a URL that failed; for telemetry only. @source Q74 */
export interface TrailingEntry {
  /** Milliseconds since `startedAt`. */
  readonly at: number;
  readonly source: 'websocket' | 'datachannel' | 'peer-connection' | 'signaling' | 'sdk';
  readonly what: string;
  readonly detail?: string;
}

/** The application ended the session. @source T16-T24 */
export interface ClientDisconnect {
  readonly kind: 'client-disconnect';
  readonly trigger: DisconnectTrigger;
  /** `acknowledged`: the peer closed as expected; `timeout`: it did not in time; `immediate`: nothing was awaited; `interrupted`: by `by`. */
  readonly outcome: 'acknowledged' | 'timeout' | 'immediate' | 'interrupted';
  /** What interrupted the wait: the kind that it would have had as a cause, or a later trigger. */
  readonly by?: Interruption;
  readonly peer?: PeerClose;
}

/** What can cut the wait of a disconnect short. @source Q21, Q22, Q55 */
export type Interruption =
  'peer-connection-failed' | 'ice-failed' | 'websocket-closed' | 'server-close' | 'unsubscribe' | 'abort-signal' | 'pagehide';

/** The server ended the session and gave a code. @source T03 T06 T09 T14, Q04, Q34-Q36 */
export interface ServerClose {
  readonly kind: 'server-close';
  readonly via: Via;
  /** Null where a `type: close` carried no number (Q77). */
  readonly code: number | null;
  /** At most 1024 characters. */
  readonly reason: string;
  readonly severity: 'normal' | 'error';
  readonly after?: AfterLoss;
}

/** The signaling WebSocket closed with a code that the server did not choose. @source T03 T06 T09, Q04, Q06 */
export interface WebSocketClosed {
  readonly kind: 'websocket-closed';
  readonly code: number;
  readonly reason: string;
  /** As the runtime says: Chromium calls a close unclean if the page handed over a message meanwhile that could not go out any more. */
  readonly wasClean: boolean;
  readonly after?: AfterLoss;
}

/** The signaling WebSocket failed. @source T04 T10 T13, Q07, Q08 */
export interface WebSocketError {
  readonly kind: 'websocket-error';
  /** Code and reason of the close that followed in the same burst. */
  readonly close?: { readonly code: number; readonly reason: string };
  readonly after?: AfterLoss;
}

/** `connectionState` became failed. @source T01 T02 T05 T08 T12 */
export interface PeerConnectionFailed {
  readonly kind: 'peer-connection-failed';
}

/** ICE failed on a runtime without `connectionState`. @source T27, Q40 */
export interface IceFailed {
  readonly kind: 'ice-failed';
}

/** ICE stayed disconnected for too long. @source T28 T29 */
export interface IceDisconnectedTimeout {
  readonly kind: 'ice-disconnected-timeout';
  /** Milliseconds really waited, which after a sleep is more than the limit (Q73). */
  readonly waitedMs: number;
}

/** A DataChannel closed, and nothing explained it. @source T14, Q30, Q31 */
export interface DataChannelClosed {
  readonly kind: 'datachannel-closed';
  readonly label: string;
}

/** A DataChannel failed, and nothing explained it. @source T14 T26, Q83 */
export interface DataChannelError {
  readonly kind: 'datachannel-error';
  readonly label: string;
  readonly sctpCauseCode?: number;
  readonly errorDetail?: string;
}

/** The server's signaling could not be understood or came out of order. @source T25, Q28, Q64, Q65 */
export interface SignalingInvalid {
  readonly kind: 'signaling-invalid';
  readonly what: SignalingProblem;
}

/** The connection did not come up in time. @source T25 T26, Q52 */
export interface ConnectTimeout {
  readonly kind: 'connect-timeout';
  readonly during: 'opening' | 'signaling' | 'negotiating';
}

/** A step outside of signaling failed on this side. @source T26, Q28 */
export interface InternalError {
  readonly kind: 'internal-error';
  /** The step that failed, such as `set-remote-description`. */
  readonly where: string;
  /** Name of the error that was thrown. */
  readonly name: string;
  /** Its message, at most 1024 characters, with SDP and candidate lines left out. */
  readonly message: string;
}

/** Why a session ended, without the common fields. */
export type Reason =
  | ClientDisconnect
  | ServerClose
  | WebSocketClosed
  | WebSocketError
  | PeerConnectionFailed
  | IceFailed
  | IceDisconnectedTimeout
  | DataChannelClosed
  | DataChannelError
  | SignalingInvalid
  | ConnectTimeout
  | InternalError;

/** Who caused the end, derived from the kind. @source Q75 */
export type Initiator = 'client' | 'server' | 'network' | 'sdk';

/** Whether it makes sense to open a new session. @source Q76 */
export type RetryHint = 'never' | 'maybe' | 'yes';

/** The fields that every termination has. Always present; null where there is nothing. @source Q73, Q84 */
export interface TerminationCommon {
  readonly phase: Phase;
  /** The flag of the server's `switched`; null if there was none before the cause. */
  readonly switched: boolean | null;
  /** The `type: disconnect` that was attempted, or null. */
  readonly sent: SentDisconnect | null;
  /** The channel that was joined; the server's name for it once the offer has arrived. */
  readonly channelId: string;
  /** Identifiers that the server assigned; null before the offer. */
  readonly connectionId: string | null;
  readonly sessionId: string | null;
  /** Unix milliseconds. */
  readonly startedAt: number;
  /** Milliseconds since `startedAt` at which the session became connected; null if it never did. */
  readonly connectedAt: number | null;
  /** Milliseconds since `startedAt` at which the cause arrived. Monotonic, like the other durations (Q85). */
  readonly causeAt: number;
  /** Milliseconds since `startedAt` at which everything was closed and the value emitted. */
  readonly endedAt: number;
  /** At most 32 entries. */
  readonly trailing: readonly TrailingEntry[];
  readonly initiator: Initiator;
  readonly retry: RetryHint;
}

/**
 * The final reason why a session ended: plain data, discriminated by `kind`, equal to its own JSON round trip. It never carries an SDP, a token
 * or metadata.
 */
export type Termination = Reason & TerminationCommon;

/** The discriminator of a {@link Termination}. */
export type TerminationKind = Reason['kind'];

/** The termination of one kind. */
export type TerminationOf<Kind extends TerminationKind> = Extract<Reason, { kind: Kind }> & TerminationCommon;

/** Why the session ends, before it is known how the closing went. */
export type Cause = Exclude<Reason, ClientDisconnect> | Pick<ClientDisconnect, 'kind' | 'trigger'>;

/** A DataChannel that was lost: a cause, unless something explains the loss within the grace. @source Q31 */
export type Loss = DataChannelClosed | DataChannelError;
