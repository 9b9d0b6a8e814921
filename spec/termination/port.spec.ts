import { describe, expect, test } from 'vitest';
import { type Health, type SafePort, safePort } from '../../src/termination/port.ts';
import { FakePort } from '../support/ending-rig.ts';

const safe = (port: FakePort, iceDisconnectedRule: 'when-undefined' | 'always' = 'when-undefined'): SafePort =>
  safePort(port, { iceDisconnectedRule });

describe('health: the live state of the peer connection (Q02, T27, Q40, Q60)', () => {
  test.each<[string | null | undefined, string | null, Health]>([
    [null, null, null],
    [null, 'failed', null],
    ['new', 'failed', null],
    ['connecting', 'closed', null],
    ['connected', 'checking', 'connected'],
    ['completed', 'connected', null],
    ['disconnected', 'connected', null],
    ['failed', 'connected', 'peer-connection-failed'],
    ['closed', 'connected', 'closed'],
    [undefined, null, null],
    [undefined, 'new', null],
    [undefined, 'checking', null],
    [undefined, 'connected', 'connected'],
    [undefined, 'completed', 'connected'],
    [undefined, 'disconnected', null],
    [undefined, 'failed', 'ice-failed'],
    [undefined, 'closed', 'closed'],
  ])('connectionState %s, iceConnectionState %s: %s', (connection, ice, expected) => {
    const port = new FakePort();
    port.connection = connection;
    port.ice = ice;
    expect(safe(port).health()).toBe(expected);
  });
});

describe('isIceDisconnected', () => {
  test.each<[string | null | undefined, string | null, boolean, boolean]>([
    [undefined, 'disconnected', true, true],
    [undefined, 'connected', false, false],
    ['connected', 'disconnected', false, true],
    [null, 'disconnected', false, true],
    [undefined, null, false, false],
  ])('connectionState %s, ICE %s: %s by default, %s always (T27, Q44)', (connection, ice, byDefault, always) => {
    const port = new FakePort();
    port.connection = connection;
    port.ice = ice;
    expect([safe(port).isIceDisconnected(), safe(port, 'always').isIceDisconnected()]).toEqual([byDefault, always]);
  });
});

describe('a port whose members throw (P22)', () => {
  test('has no state, takes no message, and closing it failed', () => {
    const port = new FakePort();
    port.connection = undefined;
    port.ice = 'failed';
    port.socket = 'open';
    port.channels.set('signaling', 'open');
    const guarded = safe(port);
    port.throwing.add('iceConnectionState');
    expect([guarded.health(), guarded.isIceDisconnected()]).toEqual([null, false]);
    port.throwing.add('connectionState').add('webSocketState').add('dataChannelStates').add('send').add('close').add('latched');
    guarded.latched();
    expect(guarded.isLatched()).toBe(true);
    expect(guarded.health()).toBeNull();
    expect(guarded.webSocketState()).toBeNull();
    expect(guarded.dataChannelState('signaling')).toBeUndefined();
    expect(guarded.areDataChannelsClosed()).toBe(true);
    expect(guarded.send('websocket', { type: 'disconnect', reason: 'NO-ERROR' })).toBe(false);
    expect(guarded.close()).toEqual(['close']);
  });

  test('need not have the member latched', () => {
    const port = new FakePort();
    Object.defineProperty(port, 'latched', { value: undefined });
    const guarded = safe(port);
    expect(guarded.isLatched()).toBe(false);
    guarded.latched();
    expect(guarded.isLatched()).toBe(true);
  });
});

describe('the channels', () => {
  test('are closed when all of them are, and when there are none', () => {
    const port = new FakePort();
    expect(safe(port).areDataChannelsClosed()).toBe(true);
    port.channels.set('signaling', 'closed').set('notify', 'closing');
    expect(safe(port).areDataChannelsClosed()).toBe(false);
    port.channels.set('notify', 'closed');
    expect(safe(port).areDataChannelsClosed()).toBe(true);
  });
});
