import { redact } from '../signaling/redact.ts';
import type { SessionInput } from './input.ts';
import type { SessionState } from './session.ts';

/** One thing that happened, as plain data and without secrets. */
export interface TimelineEntry {
  /** Milliseconds on the session's clock. */
  readonly at: number;
  readonly source: 'session' | 'websocket' | 'datachannel' | 'peer-connection' | 'signaling' | 'sdk';
  readonly what: string;
  readonly detail?: unknown;
}

/** UTF-16 code units that are kept of a word of the server's choosing. */
const LONGEST_WORD = 128;

/** A state of the session as an entry. */
export const stateEntry = (at: number, state: SessionState): TimelineEntry => ({ at, source: 'session', what: state });

/** An input as an entry; null for what another entry tells already. */
export function timelineEntry(at: number, input: SessionInput): TimelineEntry | null {
  switch (input.kind) {
    case 'told':
      return input.entry;
    case 'socket': {
      const { what, url, standing } = input.sighting;
      if (what.kind === 'message') return null; // what it says is told
      const place = { url: redact(url), ...(standing !== 'current' && { standing }) };
      if (what.kind === 'close')
        return {
          at,
          source: 'websocket',
          what: 'close',
          detail: { ...place, code: what.code, reason: redact(what.reason), wasClean: what.wasClean },
        };
      return { at, source: 'websocket', what: what.kind, detail: place };
    }
    case 'channel': {
      const { kind, label } = input.event;
      if (kind === 'message')
        return label.startsWith('#') ? { at, source: 'datachannel', what: kind, detail: { label, bytes: input.event.data.length } } : null;
      return { at, source: 'datachannel', what: kind, detail: { label } };
    }
    case 'peer':
      return { at, source: 'peer-connection', what: input.event.kind, ...peerDetail(input.event) };
    case 'received': {
      const { checked, via, label, admission } = input;
      const place = { direction: 'received', transport: via, ...(label !== undefined && { label }) };
      if (checked.kind === 'invalid') return { at, source: 'signaling', what: 'invalid', detail: { ...place, why: checked.what } };
      if (checked.kind === 'unknown-type')
        return {
          at,
          source: 'signaling',
          what: String(redact(checked.type.slice(0, LONGEST_WORD))),
          detail: { ...place, unknown: true, message: redact(checked.message) },
        };
      const ignored = admission === 'act' ? {} : { admission };
      const drift = checked.drift.length > 0 ? { drift: checked.drift } : {};
      return {
        at,
        source: 'signaling',
        what: checked.message.type,
        detail: { ...place, ...ignored, ...drift, message: redact(checked.message) },
      };
    }
    case 'sent': {
      const { via, label, message } = input;
      const place = { direction: 'sent', transport: via, ...(label !== undefined && { label }) };
      return { at, source: 'signaling', what: message.type, detail: { ...place, message: redact(message) } };
    }
    case 'incoming':
      return incomingEntry(at, input.incoming);
    case 'note':
      return input.entry;
    case 'failure':
      return { at, source: 'sdk', what: 'failure', detail: input.failure };
    case 'invalid':
      return { at, source: 'signaling', what: 'invalid', detail: { why: input.what } };
    case 'disconnect':
      return { at, source: 'sdk', what: 'disconnect', detail: { trigger: input.trigger } };
    case 'ending':
      return stateEntry(at, 'ending');
    case 'progress':
    case 'connected':
    case 'answered':
      return null; // the session's states tell
  }
}

/** A message of an application's channel is told by its event. */
function incomingEntry(at: number, incoming: (SessionInput & { kind: 'incoming' })['incoming']): TimelineEntry | null {
  switch (incoming.kind) {
    case 'dropped':
      return { at, source: 'datachannel', what: 'dropped', detail: { label: incoming.label, why: incoming.why } };
    case 'rpc': {
      const { response } = incoming;
      if (response.kind === 'invalid')
        return { at, source: 'datachannel', what: 'dropped', detail: { label: 'rpc', why: response.detail } };
      const { kind, ...content } = response;
      return {
        at,
        source: 'signaling',
        what: `rpc-${kind}`,
        detail: { direction: 'received', transport: 'datachannel', label: 'rpc', message: redact({ jsonrpc: '2.0', ...content }) },
      };
    }
    default:
      return null;
  }
}

function peerDetail(event: (SessionInput & { kind: 'peer' })['event']): { readonly detail?: unknown } {
  switch (event.kind) {
    case 'connectionstatechange':
      return { detail: { state: event.connectionState } };
    case 'iceconnectionstatechange':
      return { detail: { state: event.iceConnectionState } };
    case 'icegatheringstatechange':
      return { detail: { state: event.iceGatheringState } };
    case 'signalingstatechange':
      return { detail: { state: event.signalingState } };
    case 'icecandidate':
      return { detail: { end: event.candidate === null } };
    case 'track':
      return { detail: { kind: event.track.kind, connectionId: event.streams[0]?.id ?? null } };
    case 'datachannel':
      return { detail: { label: event.channel.label } };
  }
}
