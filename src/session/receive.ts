import type { SignalingEvent } from '../model/session-event.ts';
import type { Via } from '../model/words.ts';
import { type Place, admit } from '../signaling/admission.ts';
import { checkMessage } from '../wire/check-message.ts';

/**
 * A received text as exactly one event: parsed, checked, and judged by where signaling stands (Q64).
 *
 * @param data null where it could not be decoded
 */
export function signalingEvent(
  data: string | Uint8Array | null,
  from: { readonly at: number; readonly via: Via; readonly label?: string },
  place: Place,
): SignalingEvent {
  const source = 'signaling';
  // A binary frame on the WebSocket is not signaling (Q65).
  const checked = data === null || (from.via === 'websocket' && typeof data !== 'string') ? UNREADABLE : checkMessage(data);
  if (checked.kind === 'invalid') return { source, ...from, ...checked };
  const { message } = checked;
  const admission = checked.kind === 'unknown' ? 'ignore' : admit(message.type, from.via, from.label, place);
  if (admission === 'unexpected-message') return { source, ...from, kind: 'invalid', what: admission };
  const event = { source, ...from, kind: 'message', message } as const;
  return admission === 'ignore' ? { ...event, ignored: true } : event;
}

const UNREADABLE = { kind: 'invalid', what: 'parse' } as const;
