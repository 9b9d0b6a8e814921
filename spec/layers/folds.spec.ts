import { type OperatorFunction, of } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { networkStatus } from '../../src/layers/network-status.ts';
import { notifyOf } from '../../src/roster/notify-of.ts';
import { receivedLayers } from '../../src/layers/received-layers.ts';
import { spotlight } from '../../src/layers/spotlight.ts';
import type { NotifyMessage } from '../../src/wire/notify.ts';

const message = (event: string, members: object = {}): NotifyMessage =>
  ({ type: 'notify', event_type: event, ...members }) as NotifyMessage;

const through = <Value>(operator: OperatorFunction<NotifyMessage, Value>, ...messages: readonly NotifyMessage[]): Value[] => {
  const seen: Value[] = [];
  of(...messages)
    .pipe(operator)
    .subscribe((value) => seen.push(value));
  return seen;
};

describe('notifyOf()', () => {
  test('keeps the events that were asked for, in their order', () => {
    const messages = ['connection.created', 'network.status', 'recording.started', 'connection.created'].map((event) => message(event));
    const kept = through(notifyOf('connection.created', 'recording.started'), ...messages);
    expect(kept.map((each) => each.event_type)).toEqual(['connection.created', 'recording.started', 'connection.created']);
  });

  test('asked for nothing, keeps nothing', () => {
    expect(through(notifyOf(), message('connection.created'))).toEqual([]);
  });
});

describe('networkStatus()', () => {
  test('tells changes only', () => {
    const levels = [0, 0, 2, undefined, 3, 3, 0].map((level) => message('network.status', { unstable_level: level }));
    expect(through(networkStatus(), message('connection.created'), ...levels)).toEqual([0, 2, 3, 0]);
  });
});

describe('spotlight()', () => {
  const ids = (...messages: readonly NotifyMessage[]): string[][] =>
    through(spotlight(), ...messages).map((focused) => focused.map(({ connectionId }) => connectionId));
  const focused = (connectionId: string, members: object = {}): NotifyMessage =>
    message('spotlight.focused', { connection_id: connectionId, client_id: null, audio: true, video: true, fixed: false, ...members });

  test('senders come into focus and go out of it', () => {
    expect(ids(focused('A'), focused('B'), message('spotlight.unfocused', { connection_id: 'A' }))).toEqual([[], ['A'], ['A', 'B'], ['B']]);
  });

  test('one that is focused again is the latest', () => {
    expect(ids(focused('A'), focused('B'), focused('A')).at(-1)).toEqual(['B', 'A']);
  });

  test('what is told of a sender', () => {
    expect(through(spotlight(), focused('A', { client_id: 'alice', fixed: true })).at(-1)).toEqual([
      { connectionId: 'A', clientId: 'alice', fixed: true, audio: true, video: true },
    ]);
    expect(through(spotlight(), message('spotlight.focused', { connection_id: 'A' })).at(-1)).toEqual([
      { connectionId: 'A', fixed: false },
    ]);
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
    expect(through(spotlight(), changed('1', 'A')).at(-1)).toEqual([{ connectionId: 'A', fixed: false, spotlightId: '1' }]);
    expect(ids(focused('A'), message('spotlight.changed', { connection_id: 'B' })).at(-1)).toEqual(['A', 'B']);
  });

  test('what changes nothing is not told', () => {
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
      receivedLayers(),
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
    expect(through(receivedLayers(), switched(null, { current_rid: 'r0' }), switched(undefined, { current_rid: 'r1' })).at(-1)).toEqual([
      { senderConnectionId: null, currentRid: 'r1', rpcRids: [], autoRids: [] },
    ]);
  });

  test('who leaves is left out, and a new session begins with none', () => {
    const gone = message('connection.destroyed', { connection_id: 'A' });
    expect(through(receivedLayers(), switched('A'), gone).at(-1)).toEqual([]);
    expect(through(receivedLayers(), switched('A'), message('connection.created', { data: [] })).at(-1)).toEqual([]);
    expect(through(receivedLayers(), switched('A'), message('connection.created'), message('push')).at(-1)).toHaveLength(1);
    expect(through(receivedLayers(), switched('B'), gone)).toHaveLength(2);
  });
});
