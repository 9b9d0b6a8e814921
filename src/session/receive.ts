import type { SignalingEvent } from '../model/session-event.ts';
import type { Via } from '../model/words.ts';
import { type Place, admit } from '../signaling/admission.ts';
import { isWellFormed, parseMessage } from '../wire/check-message.ts';

/**
 * A received text as exactly one event: parsed, judged by where signaling stands (Q64), and checked if it is acted on: a message that is ignored, such as
 * one of an unknown type (Q29), may have any shape (Q65).
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
  const parsed = data === null || (from.via === 'websocket' && typeof data !== 'string') ? UNREADABLE : parseMessage(data);
  if (parsed.kind === 'invalid') return { source, ...from, ...parsed };
  const { message } = parsed;
  const admission = admit(message.type, from.label, place);
  if (admission === 'unexpected-message') return { source, ...from, kind: 'invalid', what: admission };
  if (admission === 'ignore') return { source, ...from, kind: 'message', message, ignored: true };
  return isWellFormed(message) ? { source, ...from, kind: 'message', message } : { source, ...from, kind: 'invalid', what: 'schema' };
}

const UNREADABLE = { kind: 'invalid', what: 'parse' } as const;
