import { fc, test as propertyTest } from '@fast-check/vitest';
import type { Observable } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { networkStatus } from '../../src/layers/network-status.ts';
import { receivedLayers } from '../../src/layers/received-layers.ts';
import { spotlight } from '../../src/layers/spotlight.ts';
import type { Session } from '../../src/session/session.ts';
import type { NotifyMessage } from '../../src/wire/notify.ts';
import { notifyMessage as message, notifySession } from '../support/notify-session.ts';

type Fold<Value> = (session: Session) => Observable<Value>;

/** What a stream that was subscribed to from the beginning emits. */
const through = <Value>(fold: Fold<Value>, ...messages: readonly NotifyMessage[]): Value[] => {
  const seen: Value[] = [];
  const { session, receive } = notifySession();
  fold(session).subscribe((value) => seen.push(value));
  receive(...messages);
  return seen;
};

/** What one emits that is subscribed to after these messages. */
const late = <Value>(fold: Fold<Value>, ...messages: readonly NotifyMessage[]): Value[] => {
  const seen: Value[] = [];
  const { session, receive } = notifySession();
  receive(...messages);
  fold(session).subscribe((value) => seen.push(value));
  return seen;
};

describe('networkStatus()', () => {
  test('emits changes only, and nothing before the first report', () => {
    const levels = [0, 0, 2, undefined, 3, 3, 0].map((level) => message('network.status', { unstable_level: level }));
    expect(through(networkStatus, message('connection.created'), ...levels)).toEqual([0, 2, 3, 0]);
  });
});

describe('spotlight()', () => {
  const ids = (...messages: readonly NotifyMessage[]): string[][] =>
    through(spotlight, ...messages).map((focused) => focused.map(({ connectionId }) => connectionId));
  const focused = (connectionId: string, members: object = {}): NotifyMessage =>
    message('spotlight.focused', { connection_id: connectionId, client_id: null, audio: true, video: true, fixed: false, ...members });

  test('senders come into focus and go out of it', () => {
    expect(ids(focused('A'), focused('B'), message('spotlight.unfocused', { connection_id: 'A' }))).toEqual([[], ['A'], ['A', 'B'], ['B']]);
  });

  test('one that is focused again is the latest', () => {
    expect(ids(focused('A'), focused('B'), focused('A')).at(-1)).toEqual(['B', 'A']);
  });

  test('what is reported of a sender', () => {
    expect(through(spotlight, focused('A', { client_id: 'alice', fixed: true })).at(-1)).toEqual([
      { connectionId: 'A', clientId: 'alice', fixed: true, audio: true, video: true },
    ]);
    expect(through(spotlight, message('spotlight.focused', { connection_id: 'A' })).at(-1)).toEqual([{ connectionId: 'A', fixed: false }]);
  });

  test('who leaves the channel leaves the spotlight', () => {
    expect(ids(focused('A'), message('connection.destroyed', { connection_id: 'A' })).at(-1)).toEqual([]);
  });

  test('a new session begins with nobody', () => {
    expect(ids(focused('A'), message('connection.created', { connection_id: 'OWN', data: [] })).at(-1)).toEqual([]);
    expect(ids(focused('A'), message('connection.created', { connection_id: 'OTHER' })).at(-1)).toEqual(['A']);
  });

  test('the old form gives a place to another sender, or to none', () => {
    const changed = (place: string, connectionId: string | null): NotifyMessage =>
      message('spotlight.changed', { spotlight_id: place, connection_id: connectionId });
    expect(ids(changed('1', 'A'), changed('2', 'B'), changed('1', 'C'), changed('2', null))).toEqual([
      [],
      ['A'],
      ['A', 'B'],
      ['B', 'C'],
      ['C'],
    ]);
    expect(through(spotlight, changed('1', 'A')).at(-1)).toEqual([{ connectionId: 'A', fixed: false, spotlightId: '1' }]);
    expect(ids(focused('A'), message('spotlight.changed', { connection_id: 'B' })).at(-1)).toEqual(['A', 'B']);
  });

  test('what changes nothing causes no emission', () => {
    expect(
      ids(message('spotlight.unfocused', { connection_id: 'X' }), message('spotlight.focused'), message('network.status')),
    ).toHaveLength(2);
  });
});

describe('receivedLayers()', () => {
  const switched = (sender: string | null | undefined, members: object = {}): NotifyMessage =>
    message('simulcast.switched', { sender_connection_id: sender, ...members });

  test('keeps the latest of each sender', () => {
    const states = through(
      receivedLayers,
      switched('A', {
        current_rid: 'r2',
        previous_rid: 'r0',
        request_rid: 'r2',
        trigger: 'receiver',
        rpc_rids: ['r0', 'r2'],
        auto_rids: ['r0'],
      }),
      switched('B', { current_rid: 'r1' }),
      switched('A', { current_rid: 'none' }),
    );
    expect(states[1]).toEqual([
      {
        senderConnectionId: 'A',
        currentRid: 'r2',
        previousRid: 'r0',
        requestRid: 'r2',
        rpcRids: ['r0', 'r2'],
        autoRids: ['r0'],
        trigger: 'receiver',
      },
    ]);
    expect(states.at(-1)).toEqual([
      { senderConnectionId: 'A', currentRid: 'none', rpcRids: [], autoRids: [] },
      { senderConnectionId: 'B', currentRid: 'r1', rpcRids: [], autoRids: [] },
    ]);
  });

  test('a server that does not name the sender has one entry', () => {
    expect(through(receivedLayers, switched(null, { current_rid: 'r0' }), switched(undefined, { current_rid: 'r1' })).at(-1)).toEqual([
      { senderConnectionId: null, currentRid: 'r1', rpcRids: [], autoRids: [] },
    ]);
  });

  test('who leaves is left out, and a new session begins with none', () => {
    const gone = message('connection.destroyed', { connection_id: 'A' });
    expect(through(receivedLayers, switched('A'), gone).at(-1)).toEqual([]);
    expect(through(receivedLayers, switched('A'), message('connection.created', { data: [] })).at(-1)).toEqual([]);
    expect(through(receivedLayers, switched('A'), message('connection.created'), message('push')).at(-1)).toHaveLength(1);
    expect(through(receivedLayers, switched('B'), gone)).toHaveLength(2);
  });
});

describe('streams that are subscribed to late', () => {
  const connectionId = fc.constantFrom('A', 'B', 'C', null);
  const place = fc.constantFrom('1', '2');
  const event: fc.Arbitrary<NotifyMessage> = fc.oneof(
    connectionId.map((id) => message('spotlight.focused', { connection_id: id })),
    connectionId.map((id) => message('spotlight.unfocused', { connection_id: id })),
    fc
      .tuple(place, connectionId)
      .map(([spotlightId, id]) => message('spotlight.changed', { spotlight_id: spotlightId, connection_id: id })),
    fc
      .tuple(connectionId, fc.constantFrom('r0', 'r1'))
      .map(([sender, rid]) => message('simulcast.switched', { sender_connection_id: sender, current_rid: rid })),
    fc.constantFrom(0, 1, 2, undefined).map((level) => message('network.status', { unstable_level: level })),
    fc.constantFrom('A', 'B', 'C').map((id) => message('connection.destroyed', { connection_id: id })),
    fc.constantFrom('A', 'OWN').map((id) => message('connection.created', { connection_id: id, ...(id === 'OWN' && { data: [] }) })),
    fc.constant(message('recording.started', { connection_id: 'A' })),
  );
  const messages = fc.array(event, { maxLength: 12 });

  propertyTest.prop([messages])('spotlight() has what an early subscriber has', (given) => {
    expect(late(spotlight, ...given)).toEqual([through(spotlight, ...given).at(-1)]);
  });

  propertyTest.prop([messages])('receivedLayers() has what an early subscriber has', (given) => {
    expect(late(receivedLayers, ...given)).toEqual([through(receivedLayers, ...given).at(-1)]);
  });

  test('networkStatus() has the latest level, or nothing before the first', () => {
    expect(late(networkStatus)).toEqual([]);
    expect(late(networkStatus, ...[1, 2].map((level) => message('network.status', { unstable_level: level })))).toEqual([2]);
  });

  test('they complete with the session and replay their last value after it', () => {
    const { session, receive, end } = notifySession();
    receive(message('network.status', { unstable_level: 3 }));
    end();
    const seen: unknown[] = [];
    networkStatus(session).subscribe({ next: (level) => seen.push(level), complete: () => seen.push('|') });
    expect(seen).toEqual([3, '|']);
  });
});
