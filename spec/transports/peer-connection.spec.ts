import { describe, expect, test } from 'vitest';
import { FakeMediaStream, FakeMediaStreamTrack } from '../../src/testing/fake-media.ts';
import { FakePeerConnection } from '../../src/testing/fake-peer-connection.ts';
import { fakeWorld } from '../../src/testing/fake-world.ts';
import { fromPeerConnection } from '../../src/transports/peer-connection.ts';
import type { PeerConnectionEvent } from '../../src/model/session-event.ts';
import { marbles } from '../support/marbles.ts';

const source = 'peer-connection';
const at = 7;
const now = (): number => at;
const connectionOf = (handlersOnly = false, connectionStateDefined = true): FakePeerConnection =>
  new FakePeerConnection({}, { world: fakeWorld(() => 0, handlersOnly), connectionStateDefined });
const event = (kind: string, fields: object): object => ({ source, kind, at, ...fields });
const connection = (connectionState: string): object => event('connectionstatechange', { connectionState });
const ice = (iceConnectionState: string): object => event('iceconnectionstatechange', { iceConnectionState });

function heard(peerConnection: FakePeerConnection): (PeerConnectionEvent | '|' | '#')[] {
  const all: (PeerConnectionEvent | '|' | '#')[] = [];
  fromPeerConnection(peerConnection, now).subscribe({
    next: (each) => all.push(each),
    complete: () => all.push('|'),
    error: () => all.push('#'),
  });
  return all;
}

for (const handlersOnly of [false, true]) {
  describe(handlersOnly ? 'fromPeerConnection, on one with on… handlers only' : 'fromPeerConnection', () => {
    test('never: one that says nothing', () => {
      const peerConnection = connectionOf(handlersOnly);
      expect(heard(peerConnection)).toEqual([]);
      expect(peerConnection.listenerCount).toBe(7);
    });

    test('states are read when their event arrives', () => {
      const peerConnection = connectionOf(handlersOnly);
      const all = heard(peerConnection);
      peerConnection.remote.connectionState('connecting', true);
      peerConnection.remote.connectionState('connected');
      peerConnection.remote.iceConnectionState('checking');
      peerConnection.remote.iceGatheringState('gathering');
      peerConnection.fire('signalingstatechange');
      expect(all).toStrictEqual([
        connection('connected'),
        ice('checking'),
        event('icegatheringstatechange', { iceGatheringState: 'gathering' }),
        event('signalingstatechange', { signalingState: 'stable' }),
      ]);
    });

    test('failed is no end', () => {
      const peerConnection = connectionOf(handlersOnly);
      const all = heard(peerConnection);
      peerConnection.remote.connectionState('failed');
      expect(all).toStrictEqual([connection('failed')]);
      expect(peerConnection.listenerCount).toBe(7);
    });

    test('a channel that the far end opens, as it is', () => {
      const peerConnection = connectionOf(handlersOnly);
      const all = heard(peerConnection);
      const channel = peerConnection.remote.dataChannel('signaling');
      expect(all).toEqual([event('datachannel', { channel })]);
      expect((all[0] as { channel: unknown }).channel).toBe(channel);
    });

    test('a track with its streams and its transceiver', () => {
      const peerConnection = connectionOf(handlersOnly);
      const all = heard(peerConnection);
      const track = new FakeMediaStreamTrack('audio');
      const stream = new FakeMediaStream([track], 'CONNECTION');
      const transceiver = peerConnection.addTransceiver('audio');
      peerConnection.remote.track(track, [stream], transceiver);
      const [told] = all as (PeerConnectionEvent & { kind: 'track' })[];
      expect(told?.track).toBe(track);
      expect(told?.streams).toEqual([stream]);
      expect(told?.transceiver).toBe(transceiver);
    });

    test('closed already: it says so and completes', () => {
      const peerConnection = connectionOf(handlersOnly);
      peerConnection.close();
      expect(heard(peerConnection)).toStrictEqual([connection('closed'), '|']);
      expect(peerConnection.listenerCount).toBe(0);
    });

    test.each(['connecting', 'connected', 'disconnected', 'failed'])('%s already: it says so first', (state) => {
      const peerConnection = connectionOf(handlersOnly);
      peerConnection.remote.connectionState(state);
      expect(heard(peerConnection)).toStrictEqual([connection(state)]);
    });

    test('completes when it is seen closed, and the listeners are gone', () => {
      const peerConnection = connectionOf(handlersOnly);
      const all = heard(peerConnection);
      peerConnection.close();
      expect(all).toStrictEqual([]);
      peerConnection.fire('iceconnectionstatechange');
      expect(all).toStrictEqual([ice('closed'), '|']);
      expect(peerConnection.listenerCount).toBe(0);
    });

    test('a signaling state that is closed is not yet the end', () => {
      const peerConnection = connectionOf(handlersOnly);
      const all = heard(peerConnection);
      Object.defineProperty(peerConnection, 'signalingState', { value: 'closed' });
      peerConnection.fire('signalingstatechange');
      expect(all).toStrictEqual([event('signalingstatechange', { signalingState: 'closed' })]);
    });

    test('nothing is lost between creation and first subscription', () => {
      const peerConnection = connectionOf(handlersOnly);
      const events$ = fromPeerConnection(peerConnection, now);
      peerConnection.remote.connect();
      peerConnection.remote.dataChannel('signaling');
      const kinds: string[] = [];
      events$.subscribe(({ kind }) => kinds.push(kind));
      expect(kinds).toEqual([
        'iceconnectionstatechange',
        'connectionstatechange',
        'iceconnectionstatechange',
        'connectionstatechange',
        'datachannel',
      ]);
    });

    test('a second subscriber gets what comes from then on', () => {
      const peerConnection = connectionOf(handlersOnly);
      const events$ = fromPeerConnection(peerConnection, now);
      const seen: unknown[] = [];
      events$.subscribe();
      peerConnection.remote.connectionState('connecting');
      events$.subscribe((each) => seen.push(each));
      peerConnection.remote.connectionState('connected');
      expect(seen).toStrictEqual([connection('connected')]);
    });

    test('early unsubscribe: the listeners are gone, the peer connection is left alone', () => {
      const peerConnection = connectionOf(handlersOnly);
      fromPeerConnection(peerConnection, now).subscribe().unsubscribe();
      expect(peerConnection.listenerCount).toBe(0);
      expect(peerConnection.closeCalls).toEqual([]);
    });

    test('resubscribe: where it stands now, then what comes', () => {
      const peerConnection = connectionOf(handlersOnly);
      const events$ = fromPeerConnection(peerConnection, now);
      events$.subscribe().unsubscribe();
      peerConnection.remote.connectionState('connected');
      const seen: unknown[] = [];
      events$.subscribe((each) => seen.push(each));
      peerConnection.remote.connectionState('failed');
      expect(seen).toStrictEqual([connection('connected'), connection('failed')]);
    });
  });
}

describe('fromPeerConnection, where connectionState is undefined (T27)', () => {
  test('an event of it says nothing', () => {
    const peerConnection = connectionOf(false, false);
    const all = heard(peerConnection);
    peerConnection.fire('connectionstatechange');
    expect(all).toEqual([]);
  });

  test('new is nothing to tell, anything else of ICE is told first', () => {
    const peerConnection = connectionOf(false, false);
    expect(heard(peerConnection)).toEqual([]);
    peerConnection.remote.iceConnectionState('connected');
    expect(heard(peerConnection)).toStrictEqual([ice('connected')]);
  });

  test('ICE closed already: the end', () => {
    const peerConnection = connectionOf(false, false);
    peerConnection.close();
    expect(heard(peerConnection)).toStrictEqual([ice('closed'), '|']);
  });
});

describe('fromPeerConnection, what runtimes differ in', () => {
  const line = 'candidate:1 1 udp 1 192.0.2.1 9 typ host';

  test.each<[string, object, unknown]>([
    [
      'an object with toJSON, as in a browser',
      {
        candidate: { candidate: line, other: 1, toJSON: () => ({ candidate: line, sdpMid: '0', sdpMLineIndex: 0, usernameFragment: 'u' }) },
      },
      { candidate: line, sdpMid: '0', sdpMLineIndex: 0, usernameFragment: 'u' },
    ],
    [
      'plain members',
      { candidate: { candidate: line, sdpMid: '0', sdpMLineIndex: 0, usernameFragment: 'u', other: 1 } },
      { candidate: line, sdpMid: '0', sdpMLineIndex: 0, usernameFragment: 'u' },
    ],
    ['only the line', { candidate: { candidate: line } }, { candidate: line, sdpMid: null, sdpMLineIndex: null, usernameFragment: null }],
    ['null: gathering is over', { candidate: null }, null],
    ['nothing: gathering is over', {}, null],
  ])('a candidate as %s', (_, fields, candidate) => {
    const peerConnection = connectionOf();
    const all = heard(peerConnection);
    peerConnection.fire('icecandidate', fields as Record<string, unknown>);
    expect(all).toStrictEqual([event('icecandidate', { candidate })]);
  });

  test('toJSON is called on its candidate', () => {
    const peerConnection = connectionOf();
    const all = heard(peerConnection);
    class Candidate {
      readonly line = line;
      toJSON(): object {
        return { candidate: this.line };
      }
    }
    peerConnection.fire('icecandidate', { candidate: new Candidate() });
    expect(all).toStrictEqual([event('icecandidate', { candidate: { candidate: line } })]);
  });

  test.each<[string, Record<string, unknown>]>([
    ['datachannel', {}],
    ['datachannel', { channel: null }],
    ['datachannel', { channel: 'x' }],
    ['datachannel', { channel: { label: null } }],
    ['track', {}],
    ['track', { track: null, streams: [] }],
  ])('an event %s that brings nothing says nothing: %o', (type, fields) => {
    const peerConnection = connectionOf();
    const all = heard(peerConnection);
    peerConnection.fire(type, fields);
    expect(all).toEqual([]);
    expect(peerConnection.world.uncaught).toEqual([]);
  });

  test.each([['x'], [0], [true]])('a candidate that is no object is none: %o', (candidate) => {
    const peerConnection = connectionOf();
    const all = heard(peerConnection);
    peerConnection.fire('icecandidate', { candidate });
    expect(all).toStrictEqual([event('icecandidate', { candidate: null })]);
  });

  test('toJSON that is no function is not called', () => {
    const peerConnection = connectionOf();
    const all = heard(peerConnection);
    peerConnection.fire('icecandidate', { candidate: { candidate: line, toJSON: 1 } });
    expect(all).toMatchObject([{ candidate: { candidate: line } }]);
    expect(peerConnection.world.uncaught).toEqual([]);
  });

  test.each<[unknown]>([[undefined], [null], ['x'], [[null, 0]]])('streams of a track event that are none: %o', (streams) => {
    const peerConnection = connectionOf();
    const all = heard(peerConnection);
    peerConnection.fire('track', { track: new FakeMediaStreamTrack('video'), streams });
    expect(all).toMatchObject([{ kind: 'track', streams: [] }]);
  });

  test('a track event without streams and transceiver', () => {
    const peerConnection = connectionOf();
    const all = heard(peerConnection);
    const track = new FakeMediaStreamTrack('video');
    peerConnection.fire('track', { track });
    expect(all).toEqual([event('track', { track, streams: [], transceiver: undefined })]);
  });

  test('one that is connected already reports the state of the connection and not that of ICE', () => {
    const peerConnection = connectionOf();
    peerConnection.remote.connect();
    expect(heard(peerConnection)).toStrictEqual([connection('connected')]);
  });

  test('one that is new reports nothing, although ICE has begun', () => {
    const peerConnection = connectionOf();
    peerConnection.remote.iceConnectionState('checking');
    expect(heard(peerConnection)).toStrictEqual([]);
  });

  test('the event of a state that a runtime does not have says nothing (T27)', () => {
    const peerConnection = connectionOf();
    Object.defineProperty(peerConnection, 'iceGatheringState', { value: undefined });
    Object.defineProperty(peerConnection, 'signalingState', { value: undefined });
    const all = heard(peerConnection);
    peerConnection.fire('icegatheringstatechange');
    peerConnection.fire('signalingstatechange');
    expect(all).toStrictEqual([]);
  });

  test(
    'the clock is by default the one of RxJS, which is virtual here',
    marbles((m) => {
      const peerConnection = connectionOf();
      const events$ = fromPeerConnection(peerConnection);
      m.cold('---c').subscribe(() => peerConnection.remote.connectionState('connected'));
      m.expect(events$).toBeObservable('---c', { c: { source, kind: 'connectionstatechange', at: 3, connectionState: 'connected' } });
    }),
  );
});

describe('fromPeerConnection, where a getter throws (P22)', () => {
  const throws = new Error('a getter threw');

  test('an event whose state cannot be read says nothing, and the listeners stay', () => {
    const peerConnection = connectionOf();
    peerConnection.script.always('connectionState', { throws });
    peerConnection.script.always('iceConnectionState', { throws });
    const all = heard(peerConnection);
    peerConnection.remote.connectionState('failed');
    peerConnection.remote.iceConnectionState('failed');
    expect(all).toEqual([]);
    expect(peerConnection.world.uncaught).toEqual([]);
    peerConnection.script.usual('connectionState');
    peerConnection.remote.connectionState('failed');
    expect(all).toEqual([connection('failed')]);
  });
});
