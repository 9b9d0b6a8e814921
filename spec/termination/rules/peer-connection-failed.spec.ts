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

describe('failed ends the session in any configuration and phase, and nothing is sent (T01)', () => {
  for (const [mode, start] of everywhere) {
    endingTest(`${mode} ${start} (T01)`, {
      mode,
      start,
      when: { peerConnection: '5ms f' },
      then: '5ms (t|)',
      termination: { ...failed, phase: start === 'switched' ? 'connected' : start, causeAt: 5, endedAt: 5 },
    });
  }

  endingTest('no message even where every transport is open (T01)', {
    mode: 'M',
    start: 'switched',
    when: { peerConnection: '-d 3s f' },
    then: '3002ms (t|)',
    termination: { ...failed, switched: false },
  });

  endingTest('no other state is a failure: new, connecting, connected, disconnected (T01)', {
    when: { peerConnection: '-n 9ms c 9ms d 9ms c 9ms n' },
    then: '-',
  });
});

describe('T02: failed in W', () => {
  endingTest('terminate, also before it ever connected (Q53) (T02)', {
    mode: 'W',
    start: 'negotiating',
    when: { peerConnection: 'n 8999ms f' },
    then: '9s (t|)',
    termination: { ...failed, phase: 'negotiating' },
  });

  endingTest('the close comes first in the same tick: it stays the cause (T02, Q01)', {
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

describe('failed in M and wherever there are DataChannels (T05)', () => {
  endingTest('one value from a burst (T05)', {
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

describe('the WebSocket closes under switched(false) and the peer connection has failed already (T08)', () => {
  endingTest('the state is visible before its event: failed, no WEBSOCKET-ONCLOSE (T08, Q02, Q03)', {
    mode: 'M',
    start: 'switched',
    when: { webSocket: '7ms b' },
    values: { b: ['pc~ failed', 'ws.close 1006'] },
    then: '7ms (t|)',
    termination: { ...failed, switched: false, trailing: [] },
  });

  endingTest('without the failure the same close sends WEBSOCKET-ONCLOSE (T08)', {
    mode: 'M',
    start: 'switched',
    when: { webSocket: '7ms x' },
    then: '7ms (t|)',
    termination: { kind: 'websocket-closed' },
    sent: ['7 datachannel WEBSOCKET-ONCLOSE'],
  });
});

describe('the WebSocket fails under switched(false) and the peer connection has failed already (T12)', () => {
  endingTest('the state is visible before its event: failed, no WEBSOCKET-ONERROR (T12, Q02, Q03)', {
    mode: 'M',
    start: 'switched',
    when: { webSocket: '7ms b' },
    values: { b: ['pc~ failed', 'ws.error'] },
    then: '7ms (t|)',
    termination: { ...failed, switched: false },
  });
});

describe('whatever input comes, a failure that can be read goes first (Q02)', () => {
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

describe('where connectionState is undefined ICE speaks for the peer connection (Q40) (T27)', () => {
  for (const [mode, start] of everywhere) {
    endingTest(`${mode} ${start}: ICE failed ends the session, nothing is sent (T27)`, {
      mode,
      start,
      connectionState: false,
      when: { ice: '5ms f' },
      then: '5ms (t|)',
      termination: { kind: 'ice-failed', sent: null, initiator: 'network', retry: 'yes' },
    });
  }

  endingTest('ICE events are inert where connectionState is defined (P24) (T27)', {
    when: { ice: '-k 9ms d 20s f' },
    then: '-',
  });

  endingTest('ICE failed is visible before its event (T27, Q02)', {
    connectionState: false,
    when: { webSocket: '-b' },
    values: { b: ['ice~ failed', 'ws.close 1000'] },
    then: '-(t|)',
    termination: { kind: 'ice-failed', sent: null },
  });
});

describe('the application closes the peer connection itself (Q60)', () => {
  const closed = {
    kind: 'internal-error',
    where: 'peer-connection',
    name: 'InvalidStateError',
    message: 'the peer connection was closed',
    initiator: 'sdk',
    retry: 'maybe',
  };

  endingTest('internal-error at the next input, INTERNAL-ERROR over the WebSocket (Q60, T26)', {
    when: { peerConnection: 's', webSocket: '10ms o' },
    values: { s: 'pc~ closed' },
    then: '10ms (t|)',
    termination: { ...closed, sent: { reason: 'INTERNAL-ERROR', via: 'websocket', ok: true } },
    sent: ['10 websocket INTERNAL-ERROR'],
  });

  endingTest('the closed peer connection is seen before the input that showed it (Q60)', {
    when: { peerConnection: 's', application: '10ms d' },
    values: { s: 'pc~ closed' },
    then: '10ms (t|)',
    termination: { ...closed, trailing: [] },
    sent: ['10 websocket INTERNAL-ERROR'],
  });

  endingTest('where connectionState is undefined iceConnectionState says so (Q60)', {
    connectionState: false,
    when: { ice: 's', webSocket: '10ms o' },
    values: { s: 'ice~ closed' },
    then: '10ms (t|)',
    termination: closed,
    sent: ['10 websocket INTERNAL-ERROR'],
  });
});
