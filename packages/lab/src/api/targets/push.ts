import type { Connection } from '../../connection/connection.ts';
import type { Fields } from '../../wire/fields.ts';
import { isJsonObject } from '../../wire/json.ts';
import { ROLES } from '../../wire/words.ts';
import { channelId, findClient, findConnection, type Target } from '../target.ts';

/** Sends the call's `data` to these connections; the response mirrors the message. */
function push(connections: readonly Connection[], fields: Fields): object {
  const data = fields.any('data');
  if (!isJsonObject(data)) return fields.refuse('data', 'must be an object');
  for (const connection of connections) connection.push(data);
  return { type: 'push', data };
}

/** Calls that push. */
export const pushTargets: Readonly<Record<string, Target>> = {
  PushChannel: (subject, fields) => push(subject.connectionsOf(channelId(fields)), fields),
  PushClient: (subject, fields) => push(findClient(subject, fields), fields),
  PushConnection: (subject, fields) => push([findConnection(subject, fields)], fields),
  PushChannelByRole: (subject, fields) => {
    const role = fields.requiredOneOf('role', ROLES);
    return push(
      subject.connectionsOf(channelId(fields)).filter(({ agreement }) => agreement.role === role),
      fields,
    );
  },
};
