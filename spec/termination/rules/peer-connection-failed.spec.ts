import { describe } from 'vitest';
import type { ScenarioMode, ScenarioStart } from '../../../src/testing/scenario-row.ts';
import { endingTest } from '../../support/ending-test.ts';

const failed = { kind: 'peer-connection-failed', sent: null, initiator: 'network', retry: 'yes' };
const everywhere: readonly (readonly [ScenarioMode, ScenarioStart])[] = [
  ['W', 'negotiating'],
  ['W', 'connected'],
  ['M', 'negotiating'],
  ['M', 'connected'],
  ['M', 'switched'],
  ['D', 'negotiating'],
  ['D', 'connected'],
  ['D', 'switched'],
];

describe('T01: failed ends the session in any configuration and phase, and nothing is sent', () => {
  for (const [mode, start] of everywhere) {
    endingTest(`T01 ${mode} ${start}`, {
      mode,
      start,
      when: { peerConnection: '5ms f' },
      then: '5ms (t|)',
      termination: { ...failed, phase: start === 'switched' ? 'connected' : start, causeAt: 5, endedAt: 5 },
    });
  }

  endingTest('T01 no message even where every transport is open', {
    mode: 'M',
    start: 'switched',
    when: { peerConnection: '-d 3s f' },
    then: '3002ms (t|)',
    termination: { ...failed, switched: false },
  });

  endingTest('T01 no other state is a failure: new, connecting, connected, disconnected', {
    when: { peerConnection: '-n 9ms c 9ms d 9ms c 9ms n' },
    then: '-',
  });
});

describe('T02: failed in W', () => {
  endingTest('T02 terminate, also before it ever connected (Q53)', {
    mode: 'W',
    start: 'negotiating',
    when: { peerConnection: 'n 8999ms f' },
    then: '9s (t|)',
    termination: { ...failed, phase: 'negotiating' },
  });

  endingTest('T02 Q01 the close comes first in the same tick: it stays the cause', {
    when: { webSocket: 'b' },
    values: { b: ['ws.close 1006', 'pc failed'] },
    then: '(t|)',
    termination: {
      kind: 'websocket-closed',
      sent: null,
      trailing: [],
    },
  });
});

describe('T05: failed in M and wherever there are DataChannels', () => {
  endingTest('T05 one value from a burst', {
    mode: 'M',
    start: 'switched',
    when: { peerConnection: 'b' },
    values: { b: ['pc failed', 'ws.error', 'ws.close 1006', 'dc.close stats'] },
    then: '(t|)',
    termination: {
      ...failed,
      trailing: [],
    },
  });
});

describe('T08: the WebSocket closes under switched(false) and the peer connection has failed already', () => {
  endingTest('T08 Q02 Q03 the state is visible before its event: failed, no WEBSOCKET-ONCLOSE', {
    mode: 'M',
    start: 'switched',
    when: { webSocket: '7ms b' },
    values: { b: ['pc~ failed', 'ws.close 1006'] },
    then: '7ms (t|)',
    termination: { ...failed, switched: false, trailing: [] },
  });

  endingTest('T08 without the failure the same close sends WEBSOCKET-ONCLOSE', {
    mode: 'M',
    start: 'switched',
    when: { webSocket: '7ms x' },
    then: '7ms (t|)',
    termination: { kind: 'websocket-closed' },
    sent: ['7 datachannel WEBSOCKET-ONCLOSE'],
  });
});

describe('T12: the WebSocket fails under switched(false) and the peer connection has failed already', () => {
  endingTest('T12 Q02 Q03 the state is visible before its event: failed, no WEBSOCKET-ONERROR', {
    mode: 'M',
    start: 'switched',
    when: { webSocket: '7ms b' },
    values: { b: ['pc~ failed', 'ws.error'] },
    then: '7ms (t|)',
    termination: { ...failed, switched: false },
  });
});

describe('Q02: whatever input comes, a failure that can be read goes first', () => {
  for (const words of [
    'ws.open',
    'ws.error',
    'ws.close 1000',
    'dc.close stats',
    'dc.error signaling',
    'rx.close 1000',
    'rx.invalid',
    'rx.switched T',
    'internal',
    'disconnect',
    'unsub',
    'pagehide',
    'pc disconnected',
  ]) {
    endingTest(`Q02 ${words}`, {
      mode: 'M',
      when: { received: '-b' },
      values: (rig) => ({
        b: [
          'pc~ failed',
          words === 'pc disconnected'
            ? {
                kind: 'call',
                name: 'an event of the state before',
                run: () => rig.emit({ source: 'peer-connection', kind: 'connectionstatechange', connectionState: 'disconnected' }),
              }
            : words,
        ],
      }),
      then: '-(t|)',
      termination: failed,
    });
  }
});

describe('T27: where connectionState is undefined ICE speaks for the peer connection (Q40)', () => {
  for (const [mode, start] of everywhere) {
    endingTest(`T27 ${mode} ${start}: ICE failed ends the session, nothing is sent`, {
      mode,
      start,
      connectionState: false,
      when: { ice: '5ms f' },
      then: '5ms (t|)',
      termination: { kind: 'ice-failed', sent: null, initiator: 'network', retry: 'yes' },
    });
  }

  endingTest('T27 ICE events are inert where connectionState is defined (P24)', {
    when: { ice: '-k 9ms d 20s f' },
    then: '-',
  });

  endingTest('T27 Q02 ICE failed is visible before its event', {
    connectionState: false,
    when: { webSocket: '-b' },
    values: { b: ['ice~ failed', 'ws.close 1000'] },
    then: '-(t|)',
    termination: { kind: 'ice-failed', sent: null },
  });
});

describe('Q60: the application closes the peer connection itself', () => {
  const closed = {
    kind: 'internal-error',
    where: 'peer-connection',
    name: 'InvalidStateError',
    message: 'the peer connection was closed',
    initiator: 'sdk',
    retry: 'maybe',
  };

  endingTest('Q60 T26 internal-error at the next input, INTERNAL-ERROR over the WebSocket', {
    when: { peerConnection: 's', webSocket: '10ms o' },
    values: { s: 'pc~ closed' },
    then: '10ms (t|)',
    termination: { ...closed, sent: { reason: 'INTERNAL-ERROR', via: 'websocket', ok: true } },
    sent: ['10 websocket INTERNAL-ERROR'],
  });

  endingTest('Q60 the closed peer connection is seen before the input that showed it', {
    when: { peerConnection: 's', application: '10ms d' },
    values: { s: 'pc~ closed' },
    then: '10ms (t|)',
    termination: { ...closed, trailing: [] },
    sent: ['10 websocket INTERNAL-ERROR'],
  });

  endingTest('Q60 where connectionState is undefined iceConnectionState says so', {
    connectionState: false,
    when: { ice: 's', webSocket: '10ms o' },
    values: { s: 'ice~ closed' },
    then: '10ms (t|)',
    termination: closed,
    sent: ['10 websocket INTERNAL-ERROR'],
  });
});
