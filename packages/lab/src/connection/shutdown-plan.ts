import type { CloseCode, LabSettings } from '../lab-options.ts';
import type { LabEndCause } from '../lab-connection.ts';
import type { Mode } from '../wire/words.ts';

/** What the lab does to end a connection, in this order. */
export interface ShutdownPlan {
  /** `type: close` on DataChannel `signaling`. */
  readonly closeMessage: CloseCode | undefined;
  /** `after-linger`: DataChannels stay open for a while, so that a last message of the client arrives. */
  readonly channels: 'now' | 'after-linger';
  /** Close frame on the WebSocket, where it is open. */
  readonly webSocket: CloseCode | undefined;
}

/** The state of the connection that ends. */
export interface ShutdownSituation {
  readonly mode: Mode;
  readonly switched: boolean;
  /** Code and reason given by the caller (API, signaling errors). */
  readonly close?: Partial<CloseCode> | undefined;
}

/** Code 1000 carries its usual reason only with `normalCloseReason`; other codes, and reasons given by the caller, always do. */
const closeCode = (usual: CloseCode, own: Partial<CloseCode> | undefined, settings: LabSettings): CloseCode => {
  const code = own?.code ?? usual.code;
  return { code, reason: own?.reason ?? (code === 1000 && !settings.normalCloseReason ? '' : usual.reason) };
};

function closeFor(cause: LabEndCause, settings: LabSettings): CloseCode | undefined {
  switch (cause) {
    case 'type-disconnect':
      return { code: 1000, reason: 'TYPE-DISCONNECT' };
    case 'api':
      return { code: 1000, reason: 'DISCONNECTED-API' };
    case 'lifetime':
      return { code: 1000, reason: 'LIFETIME-EXPIRED' };
    case 'signaling-error':
      return { code: 4490, reason: 'LAB-SIGNALING-ERROR' };
    case 'pong-timeout':
      return settings.closeCodes.pongTimeout;
    case 'ice-failed':
      return settings.closeCodes.iceFailed;
    case 'dtls-failed':
      return settings.closeCodes.dtlsFailed;
    case 'answer-timeout':
      return settings.closeCodes.answerTimeout;
    case 'connect-timeout':
      return settings.closeCodes.connectTimeout;
    case 'stopped':
      return settings.closeCodes.stopped;
    case 'peer-closed':
      return { code: 1000, reason: 'LAB-PEER-CLOSED' };
    case 'websocket-lost':
      return undefined;
  }
}

/** Ends caused by the client are not announced with `type: close` (S3); all others are, where `closeMessage` is on (S5, S6). */
const isAnnounced = (cause: LabEndCause): boolean => !['type-disconnect', 'websocket-lost', 'peer-closed'].includes(cause);

/** How a connection ends, by cause and situation (S1 to S9 of the protocol). */
export function planShutdown(cause: LabEndCause, situation: ShutdownSituation, settings: LabSettings): ShutdownPlan {
  const usual = closeFor(cause, settings);
  const own = situation.close;
  const close = usual === undefined ? undefined : closeCode(usual, own, settings);
  const announces = settings.closeMessage && situation.mode === 'datachannel' && situation.switched && isAnnounced(cause);
  return {
    closeMessage: announces ? close : undefined,
    channels: cause === 'websocket-lost' ? 'after-linger' : 'now',
    webSocket: close,
  };
}
