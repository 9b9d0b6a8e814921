import { describe } from 'vitest';
import type { FakePort } from '../support/ending-rig.ts';
import { absent, endingTest } from '../support/ending-test.ts';

const byApi = { kind: 'client-disconnect', trigger: 'api', initiator: 'client' };
const immediate = { disconnectPolicy: 'immediate' } as const;
const peer = (code: number): Record<string, unknown> => ({ peer: { via: 'websocket', code, reason: '' } });

/** All channels are closed, and no event has told of it. */
function closeInSilence({ channels }: FakePort): void {
  for (const label of channels.keys()) channels.set(label, 'closed');
}

describe('the disconnect timeout (T15)', () => {
  endingTest('3000 ms by default (T15)', {
    when: { application: 'd' },
    then: '3s (t|)',
    termination: { outcome: 'timeout' },
    sent: ['0 websocket NO-ERROR'],
  });

  endingTest('an option overrides it (T15)', {
    config: { disconnectMs: 500 },
    when: { application: 'd' },
    then: '500ms (t|)',
    termination: { outcome: 'timeout' },
    sent: ['0 websocket NO-ERROR'],
  });

  endingTest('0 means at once (T15, Q81)', {
    config: { disconnectMs: 0 },
    when: { application: 'd' },
    then: '(t|)',
    termination: { outcome: 'timeout' },
    sent: ['0 websocket NO-ERROR'],
  });

  endingTest('counts from the call (T15)', {
    mode: 'D',
    start: 'switched',
    when: { application: '2s d' },
    then: '5s (t|)',
    termination: { outcome: 'timeout', causeAt: 2000 },
    sent: ['2000 datachannel NO-ERROR'],
  });
});

describe('in M under switched(false) the close of the WebSocket and of every channel is awaited (T19)', () => {
  endingTest('channels first (T19)', {
    mode: 'M',
    start: 'switched',
    when: { application: 'd', dataChannel: { '*': '30ms c' }, webSocket: '50ms c' },
    then: '50ms (t|)',
    termination: { ...byApi, outcome: 'acknowledged', ...peer(1000) },
    sent: ['0 datachannel NO-ERROR'],
  });

  endingTest('the WebSocket first; no WEBSOCKET-ONCLOSE (T19, Q18)', {
    mode: 'M',
    start: 'switched',
    when: { application: 'd', dataChannel: { '*': '60ms c' }, webSocket: '20ms c' },
    then: '60ms (t|)',
    termination: { ...byApi, outcome: 'acknowledged', ...peer(1000) },
    sent: ['0 datachannel NO-ERROR'],
  });

  endingTest('channels alone are not enough (T19, T15, Q18)', {
    mode: 'M',
    start: 'switched',
    when: { application: 'd', dataChannel: { '*': '30ms c' } },
    then: '3s (t|)',
    termination: { ...byApi, outcome: 'timeout' },
    sent: ['0 datachannel NO-ERROR'],
  });

  endingTest('nor is the WebSocket; one channel of four stays open (T19, T15, Q18)', {
    mode: 'M',
    start: 'switched',
    when: { application: 'd', webSocket: '10ms c', dataChannel: { signaling: '30ms c', notify: '31ms c', push: '32ms c' } },
    then: '3s (t|)',
    termination: { ...byApi, outcome: 'timeout', ...peer(1000) },
    sent: ['0 datachannel NO-ERROR'],
  });

  endingTest('a channel that fails inside the wait is detail (T19, Q20)', {
    mode: 'M',
    start: 'switched',
    when: { application: 'd', dataChannel: { notify: '10ms e', '*': '30ms c' }, webSocket: '40ms c' },
    then: '40ms (t|)',
    termination: { ...byApi, outcome: 'acknowledged' },
    sent: ['0 datachannel NO-ERROR'],
  });

  endingTest('whether anybody watches the errors of channels changes nothing: a late one neither (T19, Q17)', {
    mode: 'M',
    start: 'switched',
    when: { application: 'd', dataChannel: { stats: '10ms #' } },
    then: '3s (t|)',
    termination: { ...byApi, outcome: 'timeout' },
    sent: ['0 datachannel NO-ERROR'],
  });
});

describe('in M under switched(false) the immediate policy awaits nothing (T20)', () => {
  endingTest('T20', {
    mode: 'M',
    start: 'switched',
    config: immediate,
    when: { application: 'd' },
    then: '(t|)',
    termination: { ...byApi, outcome: 'immediate' },
    sent: ['0 datachannel NO-ERROR'],
  });
});

describe('in D under switched(true) the close of every channel is awaited (T23)', () => {
  endingTest('T23', {
    mode: 'D',
    start: 'switched',
    when: { application: 'd', dataChannel: { '*': '25ms c' } },
    then: '25ms (t|)',
    termination: { ...byApi, outcome: 'acknowledged' },
    sent: ['0 datachannel NO-ERROR'],
  });

  endingTest('one stays open (T23, T15)', {
    mode: 'D',
    start: 'switched',
    when: { application: 'd', dataChannel: { signaling: '5ms c', notify: '6ms c', stats: '7ms c' } },
    then: '3s (t|)',
    termination: { ...byApi, outcome: 'timeout' },
    sent: ['0 datachannel NO-ERROR'],
  });

  endingTest('a channel that was closed before is not waited for (T23, Q19)', {
    mode: 'D',
    start: 'switched',
    when: { application: 'b', dataChannel: { signaling: '25ms c' } },
    values: (rig) => ({
      b: [
        {
          kind: 'call',
          name: 'closed without events',
          run: () => {
            for (const label of ['notify', 'push', 'stats']) rig.port.channels.set(label, 'closed');
          },
        },
        'disconnect',
      ],
    }),
    then: '25ms (t|)',
    termination: { ...byApi, outcome: 'acknowledged' },
    sent: ['0 datachannel NO-ERROR'],
  });

  endingTest('states count, not events: all are closed already when the message has gone (T23, Q19)', {
    mode: 'D',
    start: 'switched',
    prepare: (rig) => {
      const { port } = rig;
      const send = port.send.bind(port);
      port.send = (via, message) => {
        const took = send(via, message);
        closeInSilence(port);
        return took;
      };
    },
    when: { application: 'd' },
    then: '(t|)',
    termination: { ...byApi, outcome: 'acknowledged' },
    sent: ['0 datachannel NO-ERROR'],
  });

  endingTest('the timer looks at the states as well: closed without an event is acknowledged (T23, T15, Q19, Q45)', {
    mode: 'D',
    start: 'switched',
    when: { application: 'd', received: '20ms s' },
    values: (rig) => ({
      s: () => closeInSilence(rig.port),
    }),
    then: '3s (t|)',
    termination: { ...byApi, outcome: 'acknowledged' },
    sent: ['0 datachannel NO-ERROR'],
  });

  endingTest('another call of disconnect() is no occasion to look at channels that closed without an event (P19, Q19)', {
    mode: 'D',
    start: 'switched',
    when: { application: 'd 20ms d', received: '10ms s' },
    values: (rig) => ({
      s: () => closeInSilence(rig.port),
    }),
    then: '3s (t|)',
    termination: { ...byApi, outcome: 'acknowledged' },
    sent: ['0 datachannel NO-ERROR'],
  });

  endingTest('that a message came ends no wait for channels that closed behind it, so that its code is told (T23, Q33, Q38)', {
    mode: 'D',
    start: 'switched',
    when: { application: 'd', received: '20ms (mc)' },
    values: (rig) => ({
      m: {
        kind: 'call',
        name: 'a message in line',
        run: () => {
          closeInSilence(rig.port);
          rig.emit({ source: 'datachannel', kind: 'message', label: 'signaling', data: new Uint8Array() });
        },
      },
      c: 'rx.close 4490',
    }),
    then: '20ms (t|)',
    termination: { ...byApi, outcome: 'acknowledged', peer: { via: 'datachannel', code: 4490, reason: '' } },
    sent: ['0 datachannel NO-ERROR'],
  });

  endingTest('nor does a WebSocket that counts no more: what closed without an event is found by the timer (T23, P25)', {
    mode: 'D',
    start: 'switched',
    when: { application: 'd', received: '20ms s', webSocket: '25ms #' },
    values: (rig) => ({
      s: () => closeInSilence(rig.port),
    }),
    then: '3s (t|)',
    termination: { ...byApi, outcome: 'acknowledged' },
    sent: ['0 datachannel NO-ERROR'],
  });

  endingTest('a channel that fails inside the wait is detail (T23, Q20)', {
    mode: 'D',
    start: 'switched',
    when: { application: 'd', dataChannel: { '*': '25ms #' } },
    then: '25ms (t|)',
    termination: { ...byApi, outcome: 'acknowledged' },
    sent: ['0 datachannel NO-ERROR'],
  });

  endingTest('a channel that opened during the wait counts as well (T23)', {
    mode: 'D',
    start: 'switched',
    when: { application: 'd', dataChannel: { '#late': '5ms o', signaling: '9ms c', notify: '9ms c', push: '9ms c', stats: '9ms c' } },
    then: '3s (t|)',
    termination: { ...byApi, outcome: 'timeout' },
    sent: ['0 datachannel NO-ERROR'],
  });

  endingTest('the WebSocket inside this wait is neither a goodbye nor an interruption (T23, Q14, Q62)', {
    mode: 'D',
    start: 'switched',
    when: { application: 'd', webSocket: '5ms x', dataChannel: { '*': '25ms c' } },
    then: '25ms (t|)',
    termination: { ...byApi, outcome: 'acknowledged', peer: absent, by: absent },
    sent: ['0 datachannel NO-ERROR'],
  });
});

describe('what cannot be looked at is not waited for (P22)', () => {
  endingTest('the states of the channels throw: at the next look they count as closed (P22, T23)', {
    mode: 'D',
    start: 'switched',
    when: { application: 'd', received: '10ms b' },
    values: (rig) => ({ b: [{ kind: 'call', name: 'throws', run: () => rig.port.throwing.add('dataChannelStates') }, 'pc connected'] }),
    then: '10ms (t|)',
    termination: { ...byApi, outcome: 'acknowledged' },
    sent: ['0 datachannel NO-ERROR'],
  });
});

describe('in D under switched(true) the immediate policy awaits nothing (T24)', () => {
  endingTest('T24', {
    mode: 'D',
    start: 'switched',
    config: immediate,
    when: { application: 'd' },
    then: '(t|)',
    termination: { ...byApi, outcome: 'immediate' },
    sent: ['0 datachannel NO-ERROR'],
  });
});

describe('failed inside the wait ends it (Q21)', () => {
  endingTest('Q21 T01 T23', {
    mode: 'D',
    start: 'switched',
    when: { application: 'd', peerConnection: '700ms f' },
    then: '700ms (t|)',
    termination: {
      ...byApi,
      outcome: 'interrupted',
      by: 'peer-connection-failed',
      trailing: [{ at: 700, source: 'peer-connection', what: 'connectionstatechange', detail: 'failed' }],
    },
    sent: ['0 datachannel NO-ERROR'],
  });

  endingTest('ICE failed where connectionState is undefined (Q21, Q40, T27)', {
    connectionState: false,
    when: { application: 'd', ice: '700ms f' },
    then: '700ms (t|)',
    termination: { ...byApi, outcome: 'interrupted', by: 'ice-failed' },
    sent: ['0 websocket NO-ERROR'],
  });

  endingTest('failed can be read when the last awaited close arrives: that close is no peer any more (Q21, Q02)', {
    when: { application: 'd', webSocket: '9ms b' },
    values: { b: ['pc~ failed', 'ws.close 1000'] },
    then: '9ms (t|)',
    termination: { ...byApi, outcome: 'interrupted', by: 'peer-connection-failed', peer: absent },
    sent: ['0 websocket NO-ERROR'],
  });

  endingTest('failed can be read when the timer fires (Q21, Q02, Q45)', {
    when: { application: 'd', peerConnection: '9ms s' },
    values: { s: 'pc~ failed' },
    then: '3s (t|)',
    termination: { ...byApi, outcome: 'interrupted', by: 'peer-connection-failed' },
    sent: ['0 websocket NO-ERROR'],
  });

  endingTest('another call of disconnect() is no occasion to look: the timer is (P19)', {
    when: { application: 'd 10ms d', peerConnection: '5ms s' },
    values: { s: 'pc~ failed' },
    then: '3s (t|)',
    termination: { ...byApi, outcome: 'interrupted', by: 'peer-connection-failed' },
    sent: ['0 websocket NO-ERROR'],
  });

  endingTest('nor is it in the wait that unsubscribing began (P19)', {
    mode: 'D',
    when: { application: 'u 10ms d', peerConnection: '5ms s' },
    values: { s: 'pc~ failed' },
    then: '3s (t|)',
    termination: { kind: 'client-disconnect', trigger: 'unsubscribe', outcome: 'interrupted', by: 'peer-connection-failed' },
    sent: ['0 websocket NO-ERROR'],
  });

  endingTest('a peer connection that the application closes is detail (Q60)', {
    when: { application: 'd', peerConnection: '9ms s', webSocket: '20ms c' },
    values: { s: 'pc~ closed' },
    then: '20ms (t|)',
    termination: { ...byApi, outcome: 'acknowledged', ...peer(1000) },
    sent: ['0 websocket NO-ERROR'],
  });
});

describe('a close inside the wait that is no goodbye (Q22)', () => {
  for (const [code, by] of [
    [1001, 'websocket-closed'],
    [1006, 'websocket-closed'],
    [1011, 'websocket-closed'],
    [4000, 'server-close'],
    [4490, 'server-close'],
  ] as const) {
    endingTest(`${code} interrupts (Q22)`, {
      when: { application: 'd', webSocket: '10ms a' },
      values: { a: `ws.close ${code}` },
      then: '10ms (t|)',
      termination: { ...byApi, outcome: 'interrupted', by, ...peer(code) },
      sent: ['0 websocket NO-ERROR'],
    });
  }

  for (const code of [1000, 1005]) {
    endingTest(`${code} acknowledges (Q22)`, {
      when: { application: 'd', webSocket: '10ms a' },
      values: { a: `ws.close ${code}` },
      then: '10ms (t|)',
      termination: { ...byApi, outcome: 'acknowledged', by: absent, ...peer(code) },
      sent: ['0 websocket NO-ERROR'],
    });
  }

  endingTest('in M it ends the wait although channels are open (Q22, Q18, T19)', {
    mode: 'M',
    start: 'switched',
    when: { application: 'd', webSocket: '10ms x' },
    then: '10ms (t|)',
    termination: { ...byApi, outcome: 'interrupted', by: 'websocket-closed', ...peer(1006) },
    sent: ['0 datachannel NO-ERROR'],
  });

  endingTest('an error alone changes nothing: the timer bounds it (Q22, Q08, T04)', {
    when: { application: 'd', webSocket: '5ms e' },
    then: '3s (t|)',
    termination: { ...byApi, outcome: 'timeout', trailing: [{ at: 5, source: 'websocket', what: 'error' }] },
    sent: ['0 websocket NO-ERROR'],
  });

  endingTest('error, then close (Q22, T04)', {
    when: { application: 'd', webSocket: '5ms #' },
    then: '5ms (t|)',
    termination: { ...byApi, outcome: 'interrupted', by: 'websocket-closed', ...peer(1006) },
    sent: ['0 websocket NO-ERROR'],
  });
});

describe('the socket is on its way out when disconnect() is called (Q23, Q69)', () => {
  for (const state of ['closing', 'closed'] as const) {
    const leaving = (way: string) => (rig: { readonly port: { socket: string | null } }) => ({
      b: [{ kind: 'call' as const, name: state, run: () => (rig.port.socket = state) }, way],
    });

    endingTest(`${state}: no message, the true close is awaited (Q23, Q69)`, {
      when: { application: 'b', webSocket: '20ms a' },
      values: (rig) => ({ ...leaving('disconnect')(rig), a: 'ws.close 4490' }),
      then: '20ms (t|)',
      termination: { ...byApi, outcome: 'interrupted', by: 'server-close', ...peer(4490), sent: null },
    });

    endingTest(`${state}: not for ever (Q69, T15)`, {
      when: { application: 'b' },
      values: leaving('disconnect'),
      then: '3s (t|)',
      termination: { ...byApi, outcome: 'timeout', sent: null },
    });

    endingTest(`${state}: not at all under the immediate policy (Q69)`, {
      config: immediate,
      when: { application: 'b' },
      values: leaving('disconnect'),
      then: '(t|)',
      termination: { ...byApi, outcome: 'immediate', sent: null },
    });

    endingTest(`${state}: nor in D for one who lets go, as nothing could be sent (Q69, T21)`, {
      mode: 'D',
      when: { application: 'b' },
      values: leaving('unsub'),
      then: '(t|)',
      termination: { kind: 'client-disconnect', trigger: 'unsubscribe', outcome: 'immediate', sent: null },
    });

    endingTest(`M switched, ${state}, and the message cannot be sent: only that event is awaited (Q69, Q24)`, {
      mode: 'M',
      start: 'switched',
      prepare: ({ port }) => port.throwing.add('send'),
      when: { application: 'b', webSocket: '20ms c' },
      values: leaving('disconnect'),
      then: '20ms (t|)',
      termination: { ...byApi, outcome: 'acknowledged', sent: { reason: 'NO-ERROR', via: 'datachannel', ok: false } },
    });

    endingTest(`D switched, ${state}, and the message cannot be sent: the WebSocket is of no interest (Q69, Q14)`, {
      mode: 'D',
      start: 'switched',
      prepare: ({ port }) => port.throwing.add('send'),
      when: { application: 'b', webSocket: '20ms c' },
      values: leaving('disconnect'),
      then: '(t|)',
      termination: { ...byApi, outcome: 'immediate' },
    });
  }

  endingTest('M switched, the WebSocket is open and the message cannot be sent: nothing is awaited (Q24)', {
    mode: 'M',
    start: 'switched',
    prepare: ({ port }) => port.throwing.add('send'),
    when: { application: 'd', webSocket: '20ms c' },
    then: '(t|)',
    termination: { ...byApi, outcome: 'immediate' },
  });
});

describe('a type: close inside the wait (Q38)', () => {
  endingTest('is what the peer said; the wait goes on (Q38)', {
    mode: 'D',
    start: 'switched',
    when: { application: 'd', received: '10ms s', dataChannel: { '*': '25ms c' } },
    values: { s: { kind: 'rx.close', code: 1000, reason: 'TYPE-DISCONNECT' } },
    then: '25ms (t|)',
    termination: { ...byApi, outcome: 'acknowledged', peer: { via: 'datachannel', code: 1000, reason: 'TYPE-DISCONNECT' } },
    sent: ['0 datachannel NO-ERROR'],
  });

  endingTest('one without a code, and the timer fires (Q38, Q77)', {
    mode: 'D',
    start: 'switched',
    when: { application: 'd', received: '10ms s' },
    values: { s: { kind: 'rx.close', reason: 'why' } },
    then: '3s (t|)',
    termination: { ...byApi, outcome: 'timeout', peer: { via: 'datachannel', code: null, reason: 'why' } },
    sent: ['0 datachannel NO-ERROR'],
  });

  endingTest('the first word of the peer stays (Q38)', {
    mode: 'M',
    start: 'switched',
    when: { application: 'd', received: '10ms s', webSocket: '20ms c', dataChannel: { '*': '25ms c' } },
    values: { s: 'rx.close 4490' },
    then: '25ms (t|)',
    termination: { ...byApi, outcome: 'acknowledged', peer: { via: 'datachannel', code: 4490, reason: '' } },
    sent: ['0 datachannel NO-ERROR'],
  });

  endingTest('an interruption brings its own (Q38, Q22)', {
    mode: 'M',
    start: 'switched',
    when: { application: 'd', received: '10ms s', webSocket: '20ms x' },
    values: { s: 'rx.close 1000' },
    then: '20ms (t|)',
    termination: { ...byApi, outcome: 'interrupted', by: 'websocket-closed', ...peer(1006) },
    sent: ['0 datachannel NO-ERROR'],
  });
});

describe('a later trigger that does not wait ends the wait (Q55, Q16)', () => {
  for (const [way, by] of [
    ['unsub', 'unsubscribe'],
    ['abort', 'abort-signal'],
    ['pagehide', 'pagehide'],
  ] as const) {
    endingTest(`Q55 ${way}`, {
      when: { application: 'd 99ms a' },
      values: { a: way },
      then: '100ms (t|)',
      termination: { ...byApi, outcome: 'interrupted', by, trailing: [{ at: 100, source: 'sdk', what: 'disconnect', detail: by }] },
      sent: ['0 websocket NO-ERROR'],
    });
  }

  endingTest('a later disconnect() does not (P19)', {
    when: { application: 'dd', webSocket: '40ms c' },
    then: '40ms (t|)',
    termination: { ...byApi, outcome: 'acknowledged' },
    sent: ['0 websocket NO-ERROR'],
  });

  endingTest('a wait that unsubscribing began is ended by an abort (T21, Q16)', {
    mode: 'D',
    when: { application: 'u 99ms a' },
    then: '100ms (t|)',
    termination: { kind: 'client-disconnect', trigger: 'unsubscribe', outcome: 'interrupted', by: 'abort-signal' },
    sent: ['0 websocket NO-ERROR'],
  });

  endingTest('but not by itself once more, nor by disconnect() (T21, Q16)', {
    mode: 'D',
    when: { application: 'uud', webSocket: '40ms c' },
    then: '40ms (t|)',
    termination: { kind: 'client-disconnect', trigger: 'unsubscribe', outcome: 'acknowledged' },
    sent: ['0 websocket NO-ERROR'],
  });
});

describe('what is only detail inside the wait', () => {
  endingTest('a failure of this side (T26)', {
    mode: 'D',
    start: 'switched',
    when: { application: 'd', received: '1ms i', dataChannel: { '*': '20ms c' } },
    values: { i: 'internal' },
    then: '20ms (t|)',
    termination: { ...byApi, outcome: 'acknowledged', by: absent, peer: absent },
    sent: ['0 datachannel NO-ERROR'],
  });

  endingTest('malformed signaling (T25)', {
    when: { application: 'd', received: '1ms i', webSocket: '20ms c' },
    values: { i: 'rx.invalid' },
    then: '20ms (t|)',
    termination: { ...byApi, outcome: 'acknowledged' },
    sent: ['0 websocket NO-ERROR'],
  });

  endingTest('a close in the same instant comes after an immediate end (Q68)', {
    config: immediate,
    when: { application: 'b' },
    values: { b: ['disconnect', 'ws.close 1000'] },
    then: '(t|)',
    termination: {
      ...byApi,
      outcome: 'immediate',
      peer: absent,
      trailing: [],
    },
    sent: ['0 websocket NO-ERROR'],
  });

  endingTest('the ICE timer is gone with the latch (T28)', {
    connectionState: false,
    when: { ice: 'd', application: '9500ms d' },
    then: '12500ms (t|)',
    termination: { ...byApi, outcome: 'timeout' },
    sent: ['9500 websocket NO-ERROR'],
  });
});
