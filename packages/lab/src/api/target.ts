import type { Channel } from '../channel/channel.ts';
import type { ChannelRegistry } from '../channel/channel-registry.ts';
import type { Connection } from '../connection/connection.ts';
import type { Fields } from '../wire/fields.ts';

/** What API calls act on. */
export interface ApiSubject {
  readonly channels: ChannelRegistry;
  /** Connections that are alive, of one channel or all. */
  connectionsOf(channelId?: string): readonly Connection[];
}

/** One API call: acts and returns the body of the response, or throws a Refusal or a {@link NotFound}. */
export type Target = (subject: ApiSubject, fields: Fields) => unknown;

/** A call names something that does not exist. */
export class NotFound extends Error {
  override readonly name = 'NotFound';
  readonly what: 'CHANNEL' | 'CONNECTION' | 'CLIENT' | 'SESSION' | 'FORWARDING-FILTER';

  constructor(what: NotFound['what']) {
    super(`LAB-${what}-NOT-FOUND`);
    this.what = what;
  }
}

export const channelId = (fields: Fields): string => fields.requiredText('channel_id', { minLength: 1 });

export function findChannel(subject: ApiSubject, fields: Fields): Channel {
  const channel = subject.channels.find(channelId(fields));
  if (channel === undefined) throw new NotFound('CHANNEL');
  return channel;
}

/** The connection in the channel of the call whose id is in the member `name`. */
export function findConnection(subject: ApiSubject, fields: Fields, name = 'connection_id'): Connection {
  const id = fields.requiredText(name, { minLength: 1 });
  const found = subject.connectionsOf(channelId(fields)).find((connection) => connection.agreement.connectionId === id);
  if (found === undefined) throw new NotFound('CONNECTION');
  return found;
}

export function findClient(subject: ApiSubject, fields: Fields): readonly Connection[] {
  const id = fields.requiredText('client_id', { minLength: 1 });
  const found = subject.connectionsOf(channelId(fields)).filter((connection) => connection.agreement.clientId === id);
  if (found.length === 0) throw new NotFound('CLIENT');
  return found;
}
