import { quietly } from './quietly.ts';
import type { SentDisconnect } from './reason.ts';
import type { TerminationConfig, TerminationPort } from './sources.ts';
import { type Facts } from './steps.ts';
import type { Verdict } from './verdict.ts';

/** What a disconnect waits for. A condition looks at how things stand, not at events to come (Q19). */
export type Awaited = (facts: Facts, port: TerminationPort) => boolean;

const webSocketClosed: Awaited = (facts) => facts.webSocketClosed;

const channelsClosed: Awaited = (_, port) =>
  quietly(() => [...port.dataChannelStates().values()].every((state) => state === 'closed'), true);

/** T19: both, in either order (Q18). */
const bothClosed: Awaited = (facts, port) => webSocketClosed(facts, port) && channelsClosed(facts, port);

/** What the end waits for, if for anything: only a disconnect by the application waits, and only under the policy or the rule that says so. */
export function awaitedBy(
  { cause, facts }: Verdict,
  sent: SentDisconnect | null,
  config: TerminationConfig,
  port: TerminationPort,
): Awaited | null {
  if (cause.kind !== 'client-disconnect' || cause.trigger === 'pagehide') return null;
  // Letting go and aborting do not wait, whatever the policy (Q54, Q79).
  const graceful = cause.trigger === 'api' && config.disconnectPolicy === 'graceful';
  if (sent?.ok !== true) {
    // Q23, Q24, Q69: nothing was said, so nothing is awaited but the close event of a socket that is on its way out.
    const socket = quietly(() => port.webSocketState(), null);
    const leaving = (socket === 'closing' || socket === 'closed') && !facts.webSocketClosed && facts.switched !== true;
    return graceful && leaving ? webSocketClosed : null;
  }
  if (facts.switched === null) {
    // T21: before `switched`, a connection that is to live on DataChannels alone has no way of ending at once (Q16, Q66).
    const mandatory = facts.dataChannelSignaling && facts.ignoreDisconnectWebSocket;
    return graceful || mandatory ? webSocketClosed : null;
  }
  if (!graceful) return null;
  return facts.switched ? channelsClosed : bothClosed;
}
