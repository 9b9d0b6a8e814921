import type { TrailingEntry } from './reason.ts';
import type { Input } from './steps.ts';

/** What an input leaves in `trailing`: strings only, and nothing of what a message said (Q74, P29). */
export function trailingOf(at: number, input: Input): TrailingEntry | null {
  switch (input.source) {
    case 'websocket':
      return input.event.kind === 'close'
        ? { at, source: 'websocket', what: 'close', detail: String(input.event.code) }
        : { at, source: 'websocket', what: input.event.kind };
    case 'datachannel':
      return { at, source: 'datachannel', what: input.event.kind, detail: input.event.label };
    case 'peer-connection':
      switch (input.event.kind) {
        case 'connectionstatechange':
          return { at, source: 'peer-connection', what: input.event.kind, detail: input.event.connectionState };
        case 'iceconnectionstatechange':
          return { at, source: 'peer-connection', what: input.event.kind, detail: input.event.iceConnectionState };
        default:
          return { at, source: 'peer-connection', what: input.event.kind };
      }
    case 'switched':
      return { at, source: 'signaling', what: 'switched' };
    case 'server-close':
      return { at, source: 'signaling', what: 'close' };
    case 'invalid':
      return { at, source: 'signaling', what: 'invalid', detail: input.event };
    case 'failure':
      return { at, source: 'sdk', what: 'failure', detail: input.event.where };
    case 'unreachable':
      return { at, source: 'sdk', what: 'unreachable' };
    case 'disconnect':
      return { at, source: 'sdk', what: 'disconnect', detail: input.event };
    case 'note':
      return input.event;
    case 'progress':
      return null;
  }
}
