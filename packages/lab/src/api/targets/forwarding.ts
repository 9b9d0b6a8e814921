import type { Fields } from '../../wire/fields.ts';
import { readForwardingFilter, type ForwardingFilter } from '../../wire/forwarding-filter.ts';
import { findChannel, findConnection, NotFound, type ApiSubject, type Target } from '../target.ts';

/** Whose filters a call is about. */
interface Owner {
  readonly forwardingFilters: readonly ForwardingFilter[];
  setForwardingFilters(filters: readonly ForwardingFilter[]): void;
}

type OwnerOf = (subject: ApiSubject, fields: Fields) => Owner;

const nameOf = (fields: Fields): string | undefined => fields.text('name', { maxBytes: 255 });

const read = (fields: Fields): ForwardingFilter =>
  readForwardingFilter(
    {
      name: fields.any('name'),
      priority: fields.any('priority'),
      action: fields.any('action'),
      rules: fields.any('rules'),
      version: fields.any('version'),
      metadata: fields.any('metadata'),
    },
    'filter',
  );

/** Filters are identified by name; all filters without a name are the same one. */
const others = (owner: Owner, name: string | undefined): readonly ForwardingFilter[] =>
  owner.forwardingFilters.filter((filter) => filter.name !== name);

function replace(owner: Owner, name: string | undefined, filters: readonly ForwardingFilter[]): object {
  const kept = others(owner, name);
  if (kept.length === owner.forwardingFilters.length) throw new NotFound('FORWARDING-FILTER');
  owner.setForwardingFilters([...kept, ...filters]);
  return {};
}

function create(owner: Owner, fields: Fields): object {
  owner.setForwardingFilters([...others(owner, nameOf(fields)), read(fields)]);
  return {};
}

const targetsFor = (kind: 'Channel' | 'Connection', ownerOf: OwnerOf): Readonly<Record<string, Target>> => ({
  [`Create${kind}ForwardingFilter`]: (subject, fields) => create(ownerOf(subject, fields), fields),
  [`Update${kind}ForwardingFilter`]: (subject, fields) => replace(ownerOf(subject, fields), nameOf(fields), [read(fields)]),
  [`Delete${kind}ForwardingFilter`]: (subject, fields) => replace(ownerOf(subject, fields), nameOf(fields), []),
});

/** Calls that change forwarding filters; they take effect at once, with re-offers where tracks are added or removed. */
export const forwardingTargets: Readonly<Record<string, Target>> = {
  ...targetsFor('Channel', findChannel),
  ...targetsFor('Connection', (subject, fields) => findConnection(subject, fields)),
  ListForwardingFilters: (subject, fields) => {
    const channel = findChannel(subject, fields);
    return {
      channel_id: channel.id,
      channel: channel.forwardingFilters,
      connections: subject
        .connectionsOf(channel.id)
        .filter((connection) => connection.forwardingFilters.length > 0)
        .map((connection) => ({ connection_id: connection.agreement.connectionId, filters: connection.forwardingFilters })),
    };
  },
};
