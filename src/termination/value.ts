import { initiatorOf, retryOf } from './derived.ts';
import type { Latched } from './latch.ts';
import type { TerminationConfig } from './port.ts';
import type { Cause, ClientDisconnect, PeerClose, Reason, SentDisconnect, Termination, TrailingEntry } from './reason.ts';
import type { Step } from './steps.ts';
import { bounded } from './trailing.ts';

/** How the wait of a disconnect ended. */
export interface Outcome {
  readonly outcome: ClientDisconnect['outcome'];
  readonly by?: NonNullable<ClientDisconnect['by']>;
  readonly peer?: PeerClose | null;
}

/** What closing brought beside the cause. */
export interface Closed {
  readonly sent: SentDisconnect | null;
  readonly outcome: Outcome;
  /** Names of what threw when it was closed. */
  readonly failed: readonly string[];
}

const MOST_TRAILING = 32; // Q74

/** The public value: the cause with what became known after it, and the common fields. */
export function terminationValue({ cause, causeAt, step }: Latched, closed: Closed, last: Step, config: TerminationConfig): Termination {
  const { clock } = config;
  const endedAt = clock.elapsed();
  const reason = reasonOf(cause, closed.outcome, last);
  const { phase, switched, offer, connectedAt } = step;
  const failures = closed.failed.map((detail): TrailingEntry => ({ at: endedAt, source: 'sdk', what: 'close', detail: bounded(detail) }));
  return {
    ...reason,
    phase,
    switched,
    sent: closed.sent,
    channelId: offer?.channel_id ?? config.channelId,
    connectionId: offer?.connection_id ?? null,
    sessionId: offer?.session_id ?? null,
    startedAt: clock.startedAt,
    connectedAt,
    causeAt,
    endedAt,
    trailing: [...last.trailing, ...failures].slice(0, MOST_TRAILING),
    initiator: initiatorOf(reason),
    retry: retryOf(reason, phase),
  };
}

function reasonOf(cause: Cause, { outcome, by, peer }: Outcome, { webSocketClose: close }: Step): Reason {
  if (cause.kind === 'client-disconnect') return { ...cause, outcome, ...(by && { by }), ...(peer && { peer }) };
  if (cause.kind !== 'websocket-error' || close === null) return cause;
  return { ...cause, close: { code: close.code as number, reason: close.reason } };
}
