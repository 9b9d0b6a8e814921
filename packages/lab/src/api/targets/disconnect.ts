import type { Connection } from '../../connection/connection.ts';
import { ROLES } from '../../wire/words.ts';
import { channelId, findClient, findConnection, type Target } from '../target.ts';

/** Ends connections by API (S5). */
function disconnect(connections: readonly Connection[]): object {
  for (const connection of connections) connection.end({ cause: 'api' });
  return {};
}

/** Calls that end connections. */
export const disconnectTargets: Readonly<Record<string, Target>> = {
  DisconnectConnection: (subject, fields) => disconnect([findConnection(subject, fields)]),
  DisconnectClient: (subject, fields) => disconnect(findClient(subject, fields)),
  DisconnectChannel: (subject, fields) => disconnect(subject.connectionsOf(channelId(fields))),
  DisconnectChannelByRole: (subject, fields) => {
    const role = fields.requiredOneOf('role', ROLES);
    return disconnect(subject.connectionsOf(channelId(fields)).filter(({ agreement }) => agreement.role === role));
  },
};
