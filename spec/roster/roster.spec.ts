import { fc, test as propertyTest } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { type Roster, roster } from '../../src/roster/roster.ts';
import type { NotifyMessage } from '../../src/wire/notify.ts';
import { notifyMessage as message, notifySession } from '../support/notify-session.ts';

const created = (connectionId: string, members: object = {}): NotifyMessage =>
  message('connection.created', { connection_id: connectionId, client_id: `client-${connectionId}`, role: 'sendrecv', ...members });

/** What a roster that was subscribed to from the beginning emits. */
const fold = (...messages: readonly NotifyMessage[]): Roster[] => {
  const seen: Roster[] = [];
  const { session, receive } = notifySession();
  roster(session).subscribe((now) => seen.push(now));
  receive(...messages);
  return seen;
};
/** What one emits that is subscribed to after these messages. */
const late = (...messages: readonly NotifyMessage[]): Roster[] => {
  const seen: Roster[] = [];
  const { session, receive } = notifySession();
  receive(...messages);
  roster(session).subscribe((now) => seen.push(now));
  return seen;
};
/** A roster as plain data: its list is made when it is read. */
const plain = ({ self, members, counts }: Roster): Roster => ({ self, members, counts });
const ids = ({ members }: Roster): string[] => members.map(({ connectionId }) => connectionId);

describe('roster()', () => {
  test('begins with nobody', () => {
    expect(plain(fold()[0]!)).toEqual({ self: null, members: [], counts: null });
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

  test('somebody who is reported twice is listed once', () => {
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

  test('connections without a connection id are told apart by client id; those without either are only counted', () => {
    expect(
      ids(fold(message('connection.created', { client_id: 'alice' }), message('connection.destroyed', { client_id: 'alice' })).at(-2)!),
    ).toEqual(['alice']);
    const [, hidden] = fold(message('connection.created', { channel_connections: 2 }));
    expect(plain(hidden!)).toEqual({ self: null, members: [], counts: { total: 2, sendrecv: 0, sendonly: 0, recvonly: 0 } });
    expect(plain(fold(message('connection.created', { data: [{}] })).at(-1)!)).toEqual({ self: null, members: [], counts: null });
  });

  test('other events change nothing and cause no emission', () => {
    expect(fold(message('network.status', { unstable_level: 1 }), message('recording.started'))).toHaveLength(1);
  });

  test('completes with the session, and then still replays the last roster', () => {
    const { session, receive, end } = notifySession();
    receive(created('OWN', { data: [] }));
    const seen: string[] = [];
    end();
    roster(session).subscribe({ next: (now) => seen.push(...ids(now)), complete: () => seen.push('|') });
    expect(seen).toEqual(['OWN', '|']);
  });
});

describe('snapshots', () => {
  test('an old roster stays what it was, also when it is read for the first time after later changes', () => {
    const states = fold(
      created('OWN', { data: [] }),
      created('ALICE', { audio: true }),
      created('BOB'),
      message('connection.updated', { connection_id: 'ALICE', audio: false }),
      message('connection.destroyed', { connection_id: 'OWN' }),
      created('OWN'),
    );
    const inReverse = [...states].reverse().map(ids).reverse();
    expect(inReverse).toEqual([
      [],
      ['OWN'],
      ['OWN', 'ALICE'],
      ['OWN', 'ALICE', 'BOB'],
      ['OWN', 'ALICE', 'BOB'],
      ['ALICE', 'BOB'],
      ['ALICE', 'BOB', 'OWN'],
    ]);
    expect([states[3]!.members[1]!.audio, states[4]!.members[1]!.audio]).toEqual([true, false]);
    expect(states[4]!.members).toBe(states[4]!.members);
  });
});

describe('a roster that is subscribed to late', () => {
  const connectionId = fc.constantFrom('A', 'B', 'C', 'D');
  const event: fc.Arbitrary<NotifyMessage> = fc.oneof(
    fc
      .record(
        { connection_id: connectionId, client_id: fc.string(), audio: fc.boolean(), channel_connections: fc.nat() },
        { requiredKeys: [] },
      )
      .chain((members) => fc.constantFrom('created', 'updated', 'destroyed').map((what) => message(`connection.${what}`, members))),
    fc
      .array(connectionId)
      .map((present) => message('connection.created', { connection_id: 'OWN', data: present.map((id) => ({ connection_id: id })) })),
    fc.constant(message('network.status', { unstable_level: 1 })),
  );

  propertyTest.prop([fc.array(event, { maxLength: 12 })])(
    'has the roster that an early subscriber has, as its one and first value',
    (messages) => {
      const early = fold(...messages);
      const seen = late(...messages);
      expect(seen).toHaveLength(1);
      expect(plain(seen[0]!)).toEqual(plain(early.at(-1)!));
    },
  );

  test('gets what changes from then on', () => {
    const { session, receive } = notifySession();
    receive(created('OWN', { data: [] }));
    const seen: string[][] = [];
    roster(session).subscribe((now) => seen.push(ids(now)));
    receive(created('ALICE'));
    expect(seen).toEqual([['OWN'], ['OWN', 'ALICE']]);
  });
});

test('an event costs the same among 10 members and among 5000: as many operations on maps', () => {
  const operations = (count: number): number => {
    const { session, receive } = notifySession();
    const rosters: Roster[] = [];
    roster(session).subscribe((now) => rosters.push(now));
    receive(created('OWN', { data: Array.from({ length: count }, (_, index) => ({ connection_id: `M${index}` })) }));
    let counted = 0;
    const originals = (['get', 'set', 'delete', 'values', 'entries', Symbol.iterator] as const).map(
      (name) => [name, Reflect.get(Map.prototype, name) as (...all: unknown[]) => unknown] as const,
    );
    for (const [name, original] of originals) {
      Object.defineProperty(Map.prototype, name, {
        configurable: true,
        writable: true,
        value(this: Map<unknown, unknown>, ...given: unknown[]): unknown {
          counted += name === 'values' || name === 'entries' || name === Symbol.iterator ? this.size : 1;
          return original.apply(this, given);
        },
      });
    }
    try {
      for (let index = 0; index < 10; index += 1)
        receive(message('connection.updated', { connection_id: `M${index % count}`, minutes: index }));
    } finally {
      for (const [name, original] of originals)
        Object.defineProperty(Map.prototype, name, { configurable: true, writable: true, value: original });
    }
    expect(rosters).toHaveLength(12);
    return counted;
  };
  expect(operations(5000)).toBe(operations(10));
});
