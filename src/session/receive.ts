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
  { at, via, label }: { readonly at: number; readonly via: Via; readonly label?: string },
  place: Place,
): SignalingEvent {
  const from = { source: 'signaling', at, via, ...(label !== undefined && { label }) } as const;
  // A binary frame on the WebSocket is not signaling (Q65).
  const checked = data === null || (via === 'websocket' && typeof data !== 'string') ? UNREADABLE : checkMessage(data);
  if (checked.kind === 'invalid') return { ...from, kind: 'invalid', what: checked.what };
  if (checked.kind === 'unknown') return { ...from, kind: 'message', message: checked.message, ignored: true, drift: UNKNOWN_TYPE };
  const { message, drift } = checked;
  const admission = admit(message.type, via, label, place);
  if (admission === 'unexpected-message') return { ...from, kind: 'invalid', what: admission };
  return { ...from, kind: 'message', message, ...(drift.length > 0 && { drift }), ...(admission === 'ignore' && { ignored: true }) };
}

const UNREADABLE = { kind: 'invalid', what: 'parse' } as const;
const UNKNOWN_TYPE = ['unknown type'];
