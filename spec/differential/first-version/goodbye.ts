import { quietly } from './quietly.ts';
import type { DisconnectReason, SentDisconnect } from './reason.ts';
import type { TerminationPort } from './sources.ts';
import type { Verdict } from './verdict.ts';

/** The `type: disconnect` that a verdict calls for, attempted now; null where there is none to send or no transport for it (Q24). */
export function sayGoodbye(verdict: Verdict, port: TerminationPort): SentDisconnect | null {
  const reason = goodbyeOf(verdict);
  if (reason === null) return null;
  const { switched, connectSent } = verdict.facts;
  // Before `switched` the WebSocket is the signaling transport, after it the channel `signaling` (T16-T18, T21, T22, Q27).
  if (switched === null) {
    const ready = connectSent && quietly(() => port.webSocketState(), null) === 'open';
    return ready ? attempt(port, { reason, via: 'websocket' }) : null;
  }
  const state = quietly(() => port.dataChannelStates().get('signaling'), undefined);
  if (state === undefined || state === 'closed') return null;
  return state === 'open' ? attempt(port, { reason, via: 'datachannel' }) : { reason, via: 'datachannel', ok: false };
}

/** Which reason goes out for which cause. Nothing after a failed peer connection (T01) and nothing where no one could understand (T25). */
export function goodbyeOf({ cause, facts }: Verdict): DisconnectReason | null {
  if (facts.health === 'failed' || facts.health === 'ice-failed') return null;
  switch (cause.kind) {
    case 'client-disconnect':
      return 'NO-ERROR';
    case 'server-close':
      return cause.via === 'websocket' && facts.switched === false ? 'WEBSOCKET-ONCLOSE' : null;
    case 'websocket-closed':
      return facts.switched === false ? 'WEBSOCKET-ONCLOSE' : null;
    case 'websocket-error':
      return facts.switched === false ? 'WEBSOCKET-ONERROR' : null;
    case 'datachannel-closed':
    case 'datachannel-error':
    case 'internal-error':
      return 'INTERNAL-ERROR';
    case 'connect-timeout':
      return cause.during === 'negotiating' ? 'INTERNAL-ERROR' : null;
    default:
      return null;
  }
}

function attempt(port: TerminationPort, { reason, via }: Omit<SentDisconnect, 'ok'>): SentDisconnect {
  const ok = quietly(() => port.send(via, { type: 'disconnect', reason }), false);
  return { reason, via, ok };
}
