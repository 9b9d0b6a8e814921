import { initiatorOf, retryOf } from '../../src/termination/derived.ts';
import type { Reason, Termination, TerminationCommon, TerminationKind } from '../../src/termination/reason.ts';

/** A reason of each kind. */
export const oneOfEach: { readonly [Kind in TerminationKind]: Extract<Reason, { kind: Kind }> } = {
  'client-disconnect': { kind: 'client-disconnect', trigger: 'api', outcome: 'acknowledged' },
  'server-close': { kind: 'server-close', via: 'websocket', code: 1000, reason: 'LIFETIME-EXPIRED', severity: 'normal' },
  'websocket-closed': { kind: 'websocket-closed', code: 1006, reason: '', wasClean: false },
  'websocket-error': { kind: 'websocket-error' },
  'peer-connection-failed': { kind: 'peer-connection-failed' },
  'ice-failed': { kind: 'ice-failed' },
  'ice-disconnected-timeout': { kind: 'ice-disconnected-timeout', waitedMs: 10_000 },
  'datachannel-closed': { kind: 'datachannel-closed', label: 'signaling' },
  'datachannel-error': { kind: 'datachannel-error', label: 'signaling' },
  'signaling-invalid': { kind: 'signaling-invalid', what: 'parse' },
  'connect-timeout': { kind: 'connect-timeout', during: 'opening' },
  'internal-error': { kind: 'internal-error', where: 'create-answer', name: 'TypeError', message: 'no codec' },
};

/** A reason with the common fields around it. */
export function terminationOf(reason: Reason, common: Partial<TerminationCommon> = {}): Termination {
  const phase = common.phase ?? 'connected';
  return {
    ...reason,
    phase,
    switched: null,
    sent: null,
    channelId: 'sora-channel',
    connectionId: 'CONNECTION',
    sessionId: 'SESSION',
    startedAt: 1_767_225_600_000,
    connectedAt: 250,
    causeAt: 5000,
    endedAt: 5012,
    trailing: [],
    initiator: initiatorOf(reason),
    retry: retryOf(reason, phase),
    ...common,
  };
}
