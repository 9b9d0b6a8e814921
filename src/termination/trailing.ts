import type { SessionEvent } from '../model/session-event.ts';
import type { TrailingEntry } from './reason.ts';

/** Members of events that say what happened, in strings and numbers, and nothing that a message contained (Q74). */
const DETAILS = ['label', 'trigger', 'where', 'code', 'what', 'connectionState', 'iceConnectionState'] as const;

/** A text as `trailing` keeps it, in 1024 UTF-16 code units at most (Q74). */
export const bounded = (text: string): string => text.slice(0, 1024);

/** An event as `trailing` lists it. */
export function trailingEntry(at: number, event: SessionEvent): TrailingEntry {
  if (event.source === 'session' && event.kind === 'url-failed')
    return { at, source: 'websocket', what: event.what, detail: bounded(event.url) };
  const source = event.source === 'session' || event.source === 'application' ? 'sdk' : event.source;
  const what = event.source === 'signaling' && event.kind === 'message' ? event.message.type : event.kind;
  const name = event.source === 'signaling' && event.kind === 'message' ? undefined : DETAILS.find((each) => each in event);
  return { at, source, what: bounded(what), ...(name !== undefined && { detail: bounded(String(event[name as keyof SessionEvent])) }) };
}
