import type { DisconnectReason, Via } from '../model/words.ts';
import { hasFailed } from './causes.ts';
import type { Latched } from './latch.ts';
import type { SafePort } from './port.ts';
import type { Cause, SentDisconnect } from './reason.ts';

/** Sends what the cause calls for; null where nothing is due or no transport is left. At most one message: over the WebSocket before `switched`, over the channel `signaling` after it (T16 T18 T21 T22, Q24, Q27). */
export function sendDisconnect({ cause, step: { health, phase, switched } }: Latched, port: SafePort): SentDisconnect | null {
  const reason = disconnectReason(cause, switched);
  if (reason === null || hasFailed(health) || phase === 'idle' || phase === 'opening') return null; // T01, Q47
  const via: Via = switched === null ? 'websocket' : 'datachannel';
  const state = switched === null ? port.webSocketState() : port.dataChannelState('signaling');
  if (state === null || state === undefined || state === 'closed' || (switched === null && state !== 'open')) return null;
  return { reason, via, ok: state === 'open' && port.send(via, { type: 'disconnect', reason }) };
}

/** The reason that a `type: disconnect` gives; null for the causes that send none (T25). */
function disconnectReason(cause: Cause, switched: boolean | null): DisconnectReason | null {
  switch (cause.kind) {
    case 'client-disconnect':
      return 'NO-ERROR'; // T16 T17 T18 T21 T22
    case 'server-close':
      return cause.via === 'websocket' && switched === false ? 'WEBSOCKET-ONCLOSE' : null; // T09
    case 'websocket-closed':
      return switched === false ? 'WEBSOCKET-ONCLOSE' : null; // T09
    case 'websocket-error':
      return switched === false ? 'WEBSOCKET-ONERROR' : null; // T13
    case 'connect-timeout':
      return cause.during === 'negotiating' ? 'INTERNAL-ERROR' : null; // T26, Q52
    case 'datachannel-closed':
    case 'datachannel-error':
    case 'internal-error':
      return 'INTERNAL-ERROR'; // T26, Q31, Q83
    default:
      return null;
  }
}
