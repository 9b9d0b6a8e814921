import { describe, expect, test } from 'vitest';
import type { DisconnectReason } from '../../src/model/words.ts';
import type { Latched } from '../../src/termination/latch.ts';
import { type Health, safePort } from '../../src/termination/port.ts';
import type { Cause, TerminationKind } from '../../src/termination/reason.ts';
import { sendDisconnect } from '../../src/termination/send-disconnect.ts';
import type { Step } from '../../src/termination/steps.ts';
import { FakePort } from '../support/ending-rig.ts';
import { connectedStep } from '../support/steps.ts';
import { oneOfEach } from '../support/terminations.ts';

const latchedOn = (cause: Cause, step: Partial<Step> = {}): Latched => ({ cause, causeAt: 0, step: { ...connectedStep, ...step } });

const send = (latched: Latched, port: FakePort) => sendDisconnect(latched, safePort(port, { iceDisconnectedRule: 'when-undefined' }));

/** The reason that goes out where every transport is open. */
function reasonOf(latched: Latched): DisconnectReason | null {
  const port = new FakePort();
  port.socket = 'open';
  port.channels.set('signaling', 'open');
  return send(latched, port)?.reason ?? null;
}

describe('the reason that each cause sends', () => {
  type Row = readonly [before: DisconnectReason | null, underFalse: DisconnectReason | null, underTrue: DisconnectReason | null];
  const table: Readonly<Record<Exclude<TerminationKind, 'connect-timeout'>, Row>> = {
    'client-disconnect': ['NO-ERROR', 'NO-ERROR', 'NO-ERROR'], //                 T16 T17 T18 T21 T22
    'server-close': [null, 'WEBSOCKET-ONCLOSE', null], //                         T03 T06 T09, Q05
    'websocket-closed': [null, 'WEBSOCKET-ONCLOSE', null], //                     T03 T06 T09
    'websocket-error': [null, 'WEBSOCKET-ONERROR', null], //                      T04 T10 T13
    'peer-connection-failed': [null, null, null], //                              T01
    'ice-failed': [null, null, null], //                                          T27, Q40
    'ice-disconnected-timeout': [null, null, null], //                            T28, Q42
    'datachannel-closed': ['INTERNAL-ERROR', 'INTERNAL-ERROR', 'INTERNAL-ERROR'], // T26, Q31
    'datachannel-error': ['INTERNAL-ERROR', 'INTERNAL-ERROR', 'INTERNAL-ERROR'], //  T26, Q83
    'signaling-invalid': [null, null, null], //                                   T25
    'internal-error': ['INTERNAL-ERROR', 'INTERNAL-ERROR', 'INTERNAL-ERROR'], //   T26
  };
  for (const [kind, row] of Object.entries(table) as [Exclude<TerminationKind, 'connect-timeout'>, Row][]) {
    test.each([
      [null, row[0]],
      [false, row[1]],
      [true, row[2]],
    ])(`${kind}, switched %s: %s`, (switched, reason) => {
      expect(reasonOf(latchedOn(oneOfEach[kind], { switched }))).toBe(reason);
    });

    test.each<Health>(['peer-connection-failed', 'ice-failed'])(`T01 P07 ${kind}: nothing at %s`, (health) => {
      for (const switched of [null, false, true]) expect(reasonOf(latchedOn(oneOfEach[kind], { switched, health }))).toBeNull();
    });

    test(`${kind}: a closed peer connection does not keep it from going out (Q60)`, () => {
      expect(reasonOf(latchedOn(oneOfEach[kind], { switched: false, health: 'closed' }))).toBe(row[1]);
    });
  }

  test('a type: close on a channel is answered by nothing (Q36)', () => {
    const cause: Cause = { kind: 'server-close', via: 'datachannel', code: 1000, reason: '', severity: 'normal' };
    for (const switched of [null, false, true]) expect(reasonOf(latchedOn(cause, { switched }))).toBeNull();
  });

  test.each([
    ['opening', null],
    ['signaling', null],
    ['negotiating', 'INTERNAL-ERROR'],
  ] as const)('T25 T26 Q52 connect-timeout during %s: %s', (during, reason) => {
    expect(reasonOf(latchedOn({ kind: 'connect-timeout', during }))).toBe(reason);
  });
});

describe('the transport of the message, and whether it took it', () => {
  const said = (step: Partial<Step>, set: (port: FakePort) => void): [unknown, readonly string[]] => {
    const port = new FakePort();
    port.socket = 'open';
    port.channels.set('signaling', 'open');
    set(port);
    return [
      send(latchedOn({ kind: 'client-disconnect', trigger: 'api' }, step), port),
      port.sent.map((words) => words.replace(/^\d+ /, '')),
    ];
  };
  const nothing = (): void => undefined;

  test('nothing to say', () => {
    const port = new FakePort();
    port.throwing.add('webSocketState').add('dataChannelStates').add('send');
    expect(send(latchedOn({ kind: 'ice-failed' }), port)).toBeNull();
  });

  test('before switched: the WebSocket, even with an open channel (Q27)', () => {
    expect(said({ switched: null }, nothing)).toEqual([{ reason: 'NO-ERROR', via: 'websocket', ok: true }, ['websocket NO-ERROR']]);
  });

  test.each([false, true])('Q27 after switched(%s): the channel, even with an open WebSocket', (switched) => {
    expect(said({ switched }, nothing)).toEqual([{ reason: 'NO-ERROR', via: 'datachannel', ok: true }, ['datachannel NO-ERROR']]);
  });

  test.each(['idle', 'opening'] as const)('P09 Q24 while %s, before connect was sent: nothing', (phase) => {
    expect(said({ phase }, nothing)).toEqual([null, []]);
  });

  test.each(['connecting', 'closing', 'closed', null] as const)('Q24 the WebSocket is %s: nothing', (state) => {
    expect(said({}, (port) => (port.socket = state))).toEqual([null, []]);
  });

  test.each(['connecting', 'closing'])('Q24 the channel is %s: an attempt that failed', (state) => {
    expect(said({ switched: true }, ({ channels }) => channels.set('signaling', state))).toEqual([
      { reason: 'NO-ERROR', via: 'datachannel', ok: false },
      [],
    ]);
  });

  test('the channel is closed, or there is none: nothing (Q24)', () => {
    expect(said({ switched: true }, ({ channels }) => channels.set('signaling', 'closed'))).toEqual([null, []]);
    expect(said({ switched: true }, ({ channels }) => channels.delete('signaling'))).toEqual([null, []]);
  });

  test('the transport does not take it, or throws: an attempt that failed (Q24)', () => {
    const failed = [{ reason: 'NO-ERROR', via: 'websocket', ok: false }, []];
    expect(said({}, (port) => (port.takes = false))).toEqual(failed);
    expect(said({}, ({ throwing }) => throwing.add('send'))).toEqual(failed);
  });

  test('a getter that throws: nothing (P22)', () => {
    expect(said({}, ({ throwing }) => throwing.add('webSocketState'))).toEqual([null, []]);
    expect(said({ switched: true }, ({ throwing }) => throwing.add('dataChannelStates'))).toEqual([null, []]);
  });
});
