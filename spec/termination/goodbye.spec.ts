import { describe, expect, test } from 'vitest';
import { goodbyeOf, sayGoodbye } from '../../src/termination/goodbye.ts';
import type { DisconnectReason, TerminationKind } from '../../src/termination/reason.ts';
import type { Cause } from '../../src/termination/rules/rule.ts';
import type { Facts, Health } from '../../src/termination/steps.ts';
import type { Verdict } from '../../src/termination/verdict.ts';
import { FakePort } from '../support/ending-rig.ts';
import { connectedFacts } from '../support/steps.ts';
import { oneOfEach } from '../support/terminations.ts';

const verdictOn = (cause: Cause, facts: Partial<Facts> = {}): Verdict => ({
  cause,
  at: 0,
  facts: { ...connectedFacts, ...facts },
  leaving: false,
});

describe('goodbyeOf: which reason goes out for which cause', () => {
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
      expect(goodbyeOf(verdictOn(oneOfEach[kind], { switched }))).toBe(reason);
    });

    test.each<Health>(['failed', 'ice-failed'])(`T01 P07 ${kind}: nothing when the peer connection has %s`, (health) => {
      for (const switched of [null, false, true]) expect(goodbyeOf(verdictOn(oneOfEach[kind], { switched, health }))).toBeNull();
    });

    test(`Q60 ${kind}: a closed peer connection does not keep it from going out`, () => {
      expect(goodbyeOf(verdictOn(oneOfEach[kind], { switched: false, health: 'closed' }))).toBe(row[1]);
    });
  }

  test('Q36 a type: close on a channel is answered by nothing', () => {
    const cause: Cause = { kind: 'server-close', via: 'datachannel', code: 1000, reason: '', severity: 'normal' };
    for (const switched of [null, false, true]) expect(goodbyeOf(verdictOn(cause, { switched }))).toBeNull();
  });

  test.each([
    ['opening', null],
    ['signaling', null],
    ['negotiating', 'INTERNAL-ERROR'],
  ] as const)('T25 T26 Q52 connect-timeout during %s: %s', (during, reason) => {
    expect(goodbyeOf(verdictOn({ kind: 'connect-timeout', during }))).toBe(reason);
  });
});

describe('sayGoodbye: over which transport, and whether it took it', () => {
  const said = (facts: Partial<Facts>, set: (port: FakePort) => void): [unknown, readonly string[]] => {
    const port = new FakePort();
    port.socket = 'open';
    port.channels.set('signaling', 'open');
    set(port);
    return [
      sayGoodbye(verdictOn({ kind: 'client-disconnect', trigger: 'api' }, facts), port),
      port.sent.map((words) => words.replace(/^\d+ /, '')),
    ];
  };
  const nothing = (): void => undefined;

  test('nothing to say', () => {
    const port = new FakePort();
    port.throwing.add('webSocketState').add('dataChannelStates').add('send');
    expect(sayGoodbye(verdictOn({ kind: 'ice-failed' }), port)).toBeNull();
  });

  test('Q27 before switched: the WebSocket, even with an open channel', () => {
    expect(said({ switched: null }, nothing)).toEqual([{ reason: 'NO-ERROR', via: 'websocket', ok: true }, ['websocket NO-ERROR']]);
  });

  test.each([false, true])('Q27 after switched(%s): the channel, even with an open WebSocket', (switched) => {
    expect(said({ switched }, nothing)).toEqual([{ reason: 'NO-ERROR', via: 'datachannel', ok: true }, ['datachannel NO-ERROR']]);
  });

  test('P09 Q24 before connect was sent: nothing', () => {
    expect(said({ connectSent: false }, nothing)).toEqual([null, []]);
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

  test('Q24 the channel is closed, or there is none: nothing', () => {
    expect(said({ switched: true }, ({ channels }) => channels.set('signaling', 'closed'))).toEqual([null, []]);
    expect(said({ switched: true }, ({ channels }) => channels.delete('signaling'))).toEqual([null, []]);
  });

  test('Q24 the transport does not take it, or throws: an attempt that failed', () => {
    const failed = [{ reason: 'NO-ERROR', via: 'websocket', ok: false }, []];
    expect(said({}, (port) => (port.takes = false))).toEqual(failed);
    expect(said({}, ({ throwing }) => throwing.add('send'))).toEqual(failed);
  });

  test('P22 a getter that throws: nothing', () => {
    expect(said({}, ({ throwing }) => throwing.add('webSocketState'))).toEqual([null, []]);
    expect(said({ switched: true }, ({ throwing }) => throwing.add('dataChannelStates'))).toEqual([null, []]);
  });
});
