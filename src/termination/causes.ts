import type { DataChannelEvent, SessionEvent } from '../model/session-event.ts';
import type { Phase } from '../model/words.ts';
import type { Health, SafePort } from './port.ts';
import type { Cause, ConnectTimeout, Loss, PeerClose, ServerClose } from './reason.ts';
import type { Step } from './steps.ts';

type EventOf<Source extends SessionEvent['source'], Kind extends string> = Extract<
  SessionEvent,
  { readonly source: Source; readonly kind: Kind }
>;

/** The rules that look at one event alone, as a table: the cause that it is, or null. */
export function causeOfEvent(event: SessionEvent, phase: Phase): Cause | null {
  switch (event.source) {
    case 'websocket':
      if (event.kind === 'close') return causeOfClose(event); //                               T03 T06 T09
      return event.kind === 'error' ? { kind: 'websocket-error' } : null; //                   T04 T10 T13
    case 'signaling':
      if (event.kind === 'invalid') return { kind: 'signaling-invalid', what: event.what }; // T25
      return event.message.type === 'close' ? serverClose(peerCloseOf(event.message)) : null; // T14
    case 'application':
      return { kind: 'client-disconnect', trigger: event.trigger }; //                         T16 T17 T18 T21 T22
    case 'session':
      return event.kind === 'unreachable' ? connectTimeout(phase) : null; //                   T25
    case 'sdk':
      return { kind: 'internal-error', where: event.where, name: event.name, message: event.message }; // T26
    default:
      return null;
  }
}

/** 1000 and 4000-4999 are the server's own codes; every other code means that the network lost the WebSocket (Q04, Q06). */
function causeOfClose({ code, reason, wasClean }: EventOf<'websocket', 'close'>): Cause {
  return isServerCode(code) ? serverClose({ via: 'websocket', code, reason }) : { kind: 'websocket-closed', code, reason, wasClean };
}

/** Whether the server chose a close code. @source RFC 6455 7.4.2 */
export const isServerCode = (code: number): boolean => code === 1000 || (code >= 4000 && code <= 4999);

const serverClose = ({ via, code, reason }: PeerClose): ServerClose => ({
  kind: 'server-close',
  via,
  code,
  reason,
  severity: code === 1000 ? 'normal' : 'error',
});

/** A `type: close`: whatever is not a number is no code, and the reason is cut at 1024 characters (Q77). */
export function peerCloseOf(message: object): PeerClose {
  const { code, reason } = message as { readonly code?: unknown; readonly reason?: unknown };
  return {
    via: 'datachannel',
    code: Number.isFinite(code) ? (code as number) + 0 : null, // JSON knows no -0 (P29)
    reason: typeof reason === 'string' ? reason.slice(0, 1024) : '',
  };
}

/** T25 T26, Q52. */
export const connectTimeout = (phase: Phase): ConnectTimeout => ({
  kind: 'connect-timeout',
  during: phase === 'signaling' || phase === 'negotiating' ? phase : 'opening',
});

/** T01 T02 T05 T08 T12, T27. Only the application can have closed the peer connection, as the SDK closes it last (Q60). */
export function causeOfHealth(health: Health): Cause | null {
  if (hasFailed(health)) return { kind: health };
  if (health !== 'closed') return null;
  return { kind: 'internal-error', where: 'peer-connection', name: 'InvalidStateError', message: 'the peer connection was closed' };
}

export const hasFailed = (health: Health): health is 'peer-connection-failed' | 'ice-failed' =>
  health === 'peer-connection-failed' || health === 'ice-failed';

/** The loss of a DataChannel (Q30, Q83). */
export function lossOf(event: DataChannelEvent): Loss | null {
  const { label } = event;
  if (event.kind === 'close') return { kind: 'datachannel-closed', label };
  if (event.kind !== 'error') return null;
  const { errorDetail, sctpCauseCode } = event;
  return {
    kind: 'datachannel-error',
    label,
    ...(sctpCauseCode !== undefined && { sctpCauseCode }),
    ...(errorDetail !== undefined && { errorDetail }),
  };
}

/** The state of the peer connection, or the event's own rule, or a loss that no transport is left to explain (Q30). */
export function immediateCause({ event, health, isInert, phase, ...step }: Step, port: SafePort): Cause | null {
  const ofEvent = (): Cause | null => (event === null || isInert ? null : causeOfEvent(event, phase));
  const mayBeExplained = (): boolean =>
    (step.switched !== true && step.webSocketClose === null && port.webSocketState() !== null) ||
    !step.hasSignalingEnded ||
    port.dataChannelState('signaling') !== 'closed';
  return causeOfHealth(health) ?? ofEvent() ?? (step.loss === null || mayBeExplained() ? null : step.loss.cause);
}
