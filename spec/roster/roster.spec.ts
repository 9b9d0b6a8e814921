import { Subject, of } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { type Roster, roster } from '../../src/roster/roster.ts';
import type { NotifyMessage } from '../../src/wire/notify.ts';

const message = (event: string, members: object = {}): NotifyMessage =>
  ({ type: 'notify', event_type: event, ...members }) as NotifyMessage;
const created = (connectionId: string, members: object = {}): NotifyMessage =>
  message('connection.created', { connection_id: connectionId, client_id: `client-${connectionId}`, role: 'sendrecv', ...members });

const fold = (...messages: readonly NotifyMessage[]): Roster[] => {
  const seen: Roster[] = [];
  of(...messages)
    .pipe(roster())
    .subscribe((now) => seen.push(now));
  return seen;
};
const ids = ({ members }: Roster): string[] => members.map(({ connectionId }) => connectionId);

describe('roster()', () => {
  test('begins with nobody', () => {
    expect(fold()).toEqual([{ self: null, members: [], counts: null }]);
  });

  test('the own message brings those who were there before, in front of the own connection', () => {
    const own = created('OWN', {
      audio: true,
      video: false,
      turn_transport_type: 'udp',
      authn_metadata: { nick: 'me' },
      authz_metadata: null,
      metadata: { nick: 'me' },
      data: [{ connection_id: 'ALICE', client_id: 'alice', metadata: { nick: 'Alice' } }],
    });
    const { self, members, counts } = fold(own).at(-1)!;
    expect(self).toBe(members[1]);
    expect({ members, counts }).toEqual({
      members: [
        { connectionId: 'ALICE', isSelf: false, clientId: 'alice', metadata: { nick: 'Alice' } },
        {
          connectionId: 'OWN',
          isSelf: true,
          clientId: 'client-OWN',
          role: 'sendrecv',
          audio: true,
          video: false,
          turnTransportType: 'udp',
          authnMetadata: { nick: 'me' },
          authzMetadata: null,
          metadata: { nick: 'me' },
        },
      ],
      counts: null,
    });
  });

  test('the old name of the list is read as well', () => {
    expect(ids(fold(created('OWN', { metadata_list: [{ connection_id: 'ALICE' }] })).at(-1)!)).toEqual(['ALICE', 'OWN']);
  });

  test('others come, change and go', () => {
    const states = fold(
      created('OWN', { data: [] }),
      created('ALICE', { audio: true, metadata: { nick: 'A' } }),
      message('connection.updated', { connection_id: 'ALICE', audio: false }),
      message('connection.destroyed', { connection_id: 'ALICE' }),
    );
    expect(states.map(ids)).toEqual([[], ['OWN'], ['OWN', 'ALICE'], ['OWN', 'ALICE'], ['OWN']]);
    expect(states[3]!.members[1]).toMatchObject({ audio: false, metadata: { nick: 'A' }, clientId: 'client-ALICE', isSelf: false });
  });

  test('an update of the own connection leaves it the own one', () => {
    expect(
      fold(created('OWN', { data: [] }), message('connection.updated', { connection_id: 'OWN', video: false })).at(-1)!.self,
    ).toMatchObject({
      connectionId: 'OWN',
      isSelf: true,
      video: false,
    });
  });

  test('somebody who is told twice is there once', () => {
    expect(ids(fold(created('ALICE'), created('ALICE')).at(-1)!)).toEqual(['ALICE']);
  });

  test('a new session begins a new roster', () => {
    expect(ids(fold(created('OLD', { data: [] }), created('BOB'), created('NEW', { data: [] })).at(-1)!)).toEqual(['NEW']);
  });

  test('counts are those of the latest message', () => {
    const counted = {
      channel_connections: 3,
      channel_sendrecv_connections: 1,
      channel_sendonly_connections: 1,
      channel_recvonly_connections: 1,
    };
    const states = fold(created('OWN', { data: [], ...counted }), message('connection.destroyed', { connection_id: 'X' }));
    expect(states.at(-1)!.counts).toEqual({ total: 3, sendrecv: 1, sendonly: 1, recvonly: 1 });
    expect(fold(created('OWN', { data: [], channel_connections: 1 })).at(-1)!.counts).toEqual({
      total: 1,
      sendrecv: 0,
      sendonly: 0,
      recvonly: 0,
    });
  });

  test('a server that hides connection ids is told apart by client ids, one that hides both is only counted', () => {
    expect(
      ids(fold(message('connection.created', { client_id: 'alice' }), message('connection.destroyed', { client_id: 'alice' })).at(-2)!),
    ).toEqual(['alice']);
    const [, hidden] = fold(message('connection.created', { channel_connections: 2 }));
    expect(hidden).toEqual({ self: null, members: [], counts: { total: 2, sendrecv: 0, sendonly: 0, recvonly: 0 } });
    expect(fold(message('connection.created', { data: [{}] })).at(-1)).toEqual({ self: null, members: [], counts: null });
  });

  test('other events change nothing and are not told', () => {
    expect(fold(message('network.status', { unstable_level: 1 }), message('recording.started'))).toHaveLength(1);
  });

  test('ends with its source, and with its error', () => {
    const notify$ = new Subject<NotifyMessage>();
    const seen: string[] = [];
    notify$.pipe(roster()).subscribe({ error: () => seen.push('error'), complete: () => seen.push('complete') });
    notify$.complete();
    const failing$ = new Subject<NotifyMessage>();
    failing$.pipe(roster()).subscribe({ error: () => seen.push('error') });
    failing$.error(new Error('x'));
    expect(seen).toEqual(['complete', 'error']);
  });
});
