import type { Termination } from 'rx-sora';
import type { SessionFacts } from './facts.ts';

/** The vendor's rules under which a session ended, such as `T09`. @source docs/termination.md of rx-sora */
export function rulesOf(termination: Termination, { dataChannelSignaling, ignoreDisconnectWebSocket }: SessionFacts): string {
  const { kind, switched } = termination;
  const isWebSocketOnly = dataChannelSignaling !== true;
  switch (kind) {
    case 'client-disconnect': {
      const isImmediate = termination.outcome === 'immediate';
      if (switched === null) return isWebSocketOnly ? 'T16' : ignoreDisconnectWebSocket === true ? 'T21' : 'T17';
      if (switched) return isImmediate ? 'T22 T24' : 'T22 T23';
      return isImmediate ? 'T18 T20' : 'T18 T19';
    }
    case 'server-close':
      return termination.via === 'datachannel' ? 'T14' : closeRule(switched, isWebSocketOnly);
    case 'websocket-closed':
      return closeRule(switched, isWebSocketOnly);
    case 'websocket-error':
      if (switched !== null) return 'T13';
      return isWebSocketOnly ? 'T04' : 'T10';
    case 'peer-connection-failed':
      return isWebSocketOnly ? 'T01 T02' : 'T01 T05';
    case 'ice-failed':
      return 'T27';
    case 'ice-disconnected-timeout':
      return 'T28 T29';
    case 'datachannel-closed':
    case 'datachannel-error':
      return 'T14';
    case 'signaling-invalid':
      return 'T25';
    case 'connect-timeout':
      return termination.during === 'negotiating' ? 'T26' : 'T25';
    case 'internal-error':
      return 'T26';
  }
}

function closeRule(switched: boolean | null, isWebSocketOnly: boolean): string {
  if (switched !== null) return 'T09';
  return isWebSocketOnly ? 'T03' : 'T06';
}
