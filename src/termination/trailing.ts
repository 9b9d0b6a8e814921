import type { SessionEvent } from '../model/session-event.ts';
import type { TrailingEntry } from './reason.ts';

/** An event as `trailing` lists it: strings only, and nothing that a message contained (Q74). */
export function trailingEntry(at: number, event: SessionEvent): TrailingEntry {
  const source = event.source === 'session' || event.source === 'application' ? 'sdk' : event.source;
  if (event.source === 'session' && event.kind === 'url-failed') return { at, source: 'websocket', what: event.what, detail: event.url };
  const what = event.source === 'signaling' && event.kind === 'message' ? event.message.type : event.kind;
  const detail = detailOf(event);
  return { at, source, what, ...(detail !== undefined && { detail }) };
}

function detailOf(event: SessionEvent): string | undefined {
  switch (event.source) {
    case 'datachannel':
      return event.label;
    case 'application':
      return event.trigger;
    case 'sdk':
      return event.where;
    case 'websocket':
      return event.kind === 'close' ? String(event.code) : undefined;
    case 'signaling':
      return event.kind === 'invalid' ? event.what : undefined;
    case 'peer-connection':
      if (event.kind === 'connectionstatechange') return event.connectionState;
      return event.kind === 'iceconnectionstatechange' ? event.iceConnectionState : undefined;
    default:
      return undefined;
  }
}
