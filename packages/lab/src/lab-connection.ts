import type { Observable } from 'rxjs';
import type { ActionFault, ShapingFault } from './faults/fault.ts';
import type { CloseCode } from './lab-options.ts';
import type { LabLogEntry } from './log/log-entry.ts';
import type { JsonObject } from './wire/json.ts';
import type { Mode, Role } from './wire/words.ts';

/** `negotiating`: `connect` was accepted. `connected`: the media path is up. `switched`: signaling runs on DataChannels. */
export type LabConnectionState = 'negotiating' | 'connected' | 'switched' | 'ended';

/** Why a connection ended, from the lab's point of view. */
export type LabEndCause =
  /** The client sent `disconnect`. */
  | 'type-disconnect'
  /** `DisconnectConnection` and similar API calls, or {@link LabConnection.disconnect}. */
  | 'api'
  | 'lifetime'
  /** The client broke the protocol (4490). */
  | 'signaling-error'
  /** The WebSocket closed although the connection depends on it. */
  | 'websocket-lost'
  /** The client ended the media path, or closed DataChannel `signaling` in DataChannel-only mode. */
  | 'peer-closed'
  | 'pong-timeout'
  | 'ice-failed'
  /** The DTLS handshake failed, or the client aborted DTLS. */
  | 'dtls-failed'
  /** The client did not answer the offer. */
  | 'answer-timeout'
  /** The media path did not connect in time. */
  | 'connect-timeout'
  /** The lab was closed. */
  | 'stopped';

/** The end of a connection. Plain data. */
export interface LabConnectionEnd {
  readonly cause: LabEndCause;
  /** `reason` of the client's `disconnect`. */
  readonly clientReason?: string;
  /** Where that `disconnect` came from, or where the connection broke. */
  readonly via?: 'websocket' | 'datachannel';
  /** Code and reason that the lab sent, in the Close frame or in `type: close`. */
  readonly code?: number;
  readonly reason?: string;
  /** What went wrong (signaling errors, DTLS). */
  readonly detail?: string;
}

/** One client of the lab from its accepted `connect` on. */
export interface LabConnection {
  readonly connectionId: string;
  readonly clientId: string;
  readonly bundleId: string;
  readonly channelId: string;
  readonly sessionId: string;
  readonly role: Role;
  readonly mode: Mode;
  /** Name of the node that serves it. */
  readonly node: string;
  /** The `connect` message as received. */
  readonly connect: JsonObject;

  readonly state: LabConnectionState;
  /** The state now, then every change; completes after `ended`. */
  readonly state$: Observable<LabConnectionState>;
  /** Emits the end once, replays it, then completes. */
  readonly ended$: Observable<LabConnectionEnd>;
  /** The entries of the log about this connection: those kept, then every new one. Completes with the lab. */
  readonly log$: Observable<LabLogEntry>;
  /** Messages of the client on any transport. Hot, no replay; completes when the lab stops listening to it after the end. */
  readonly received$: Observable<LabLogEntry>;

  /** Ends the connection as Sora's API does (S5): Close frame or `type: close`, then the DataChannels. */
  disconnect(close?: Partial<CloseCode>): void;
  /** Sends a `push` with this payload. */
  push(data: JsonObject): void;
  /** Sends any message on the transport that carries signaling now. */
  send(message: JsonObject): void;
  /** Sends a user message as if a client named `from` had sent it. False where the label is unknown or not open. */
  sendMessage(label: string, payload: Uint8Array, from?: string): boolean;

  /** Injects a fault: an action happens now, a shaping fault is in force from now on. */
  inject(fault: ActionFault | ShapingFault): void;
  /** Close frame with this code; without one, an empty frame (the client sees 1005). */
  closeWebSocket(code?: number, reason?: string): void;
  /** TCP of the WebSocket is closed without a Close frame (FIN). */
  cutWebSocket(): void;
  /** TCP of the WebSocket is reset (RST). */
  resetWebSocket(): void;
  /** Closes DataChannels: those named, or all. */
  closeChannels(...labels: readonly string[]): void;
  /** SCTP ABORT: every DataChannel fails at once. */
  abortChannels(): void;
  /** `type: close` on DataChannel `signaling`, and nothing else. */
  sendClose(code: number, reason: string): void;
  /** WebSocket and media path fall silent. */
  fallSilent(): void;
  /** Ends silence, freeze and impairment. */
  resume(): void;
}
