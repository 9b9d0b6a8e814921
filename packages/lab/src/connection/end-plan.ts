import type { CloseCode, LabSettings } from '../lab-options.ts';
import type { LabEndCause } from '../lab-connection.ts';
import type { Mode } from '../wire/words.ts';

/** What the lab does to end a connection, in this order. */
export interface EndPlan {
  /** `type: close` on DataChannel `signaling`. */
  readonly closeMessage: CloseCode | undefined;
  /** Whether DataChannels are closed at once; otherwise a linger later, so that a last message of the client is heard. */
  readonly channels: 'now' | 'after-linger';
  /** Close frame on the WebSocket, where it is open. */
  readonly webSocket: CloseCode | undefined;
}

/** What is known about the connection that ends. */
export interface EndSituation {
  readonly mode: Mode;
  readonly switched: boolean;
  /** A code and reason of the caller's own (API, signaling errors). */
  readonly close?: Partial<CloseCode> | undefined;
}

/** Code 1000 carries its usual text only where the server is set so; every other code, and a text of the caller's own, always does. */
const spoken = (usual: CloseCode, own: Partial<CloseCode> | undefined, settings: LabSettings): CloseCode => {
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

/** A `disconnect` of the client and the client's own closing are not announced (S3); all else is, where `close` is switched on (S5, S6). */
const isAnnounced = (cause: LabEndCause): boolean => !['type-disconnect', 'websocket-lost', 'peer-closed'].includes(cause);

/** The end as a table: S1 to S9 of the protocol, by cause and situation. */
export function planEnd(cause: LabEndCause, situation: EndSituation, settings: LabSettings): EndPlan {
  const usual = closeFor(cause, settings);
  const own = situation.close;
  const close = usual === undefined ? undefined : spoken(usual, own, settings);
  const announces = settings.closeMessage && situation.mode === 'datachannel' && situation.switched && isAnnounced(cause);
  return {
    closeMessage: announces ? close : undefined,
    channels: cause === 'websocket-lost' ? 'after-linger' : 'now',
    webSocket: close,
  };
}
