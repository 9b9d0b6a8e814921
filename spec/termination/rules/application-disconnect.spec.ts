import { describe } from 'vitest';
import { endingTest } from '../../support/ending-test.ts';

const byApi = { kind: 'client-disconnect', trigger: 'api', initiator: 'client', retry: 'never' };
const immediate = { disconnectPolicy: 'immediate' } as const;

describe('the application disconnects in W: NO-ERROR over the WebSocket, then the close is awaited, 3 s at most (T16)', () => {
  endingTest('the server closes in time (T16)', {
    when: { application: 'd', webSocket: '40ms c' },
    then: '40ms (t|)',
    termination: {
      ...byApi,
      outcome: 'acknowledged',
      peer: { via: 'websocket', code: 1000, reason: '' },
      sent: { reason: 'NO-ERROR', via: 'websocket', ok: true },
      causeAt: 0,
      endedAt: 40,
      trailing: [{ at: 40, source: 'websocket', what: 'close', detail: '1000' }],
    },
    sent: ['0 websocket NO-ERROR'],
  });

  endingTest('the server does not close (T16, T15)', {
    when: { application: '7ms d' },
    then: '3007ms (t|)',
    termination: { ...byApi, outcome: 'timeout', causeAt: 7, endedAt: 3007 },
    sent: ['7 websocket NO-ERROR'],
  });

  endingTest('the immediate policy terminates at once (T16, Q15)', {
    config: immediate,
    when: { application: 'd', webSocket: '40ms c' },
    then: '(t|)',
    termination: { ...byApi, outcome: 'immediate', sent: { reason: 'NO-ERROR', via: 'websocket', ok: true } },
    sent: ['0 websocket NO-ERROR'],
  });

  endingTest('before the offer it is the same (T16, Q48)', {
    start: 'signaling',
    when: { application: 'd', webSocket: '30ms c' },
    then: '30ms (t|)',
    termination: { ...byApi, outcome: 'acknowledged', phase: 'signaling' },
    sent: ['0 websocket NO-ERROR'],
  });

  endingTest('before the socket opens there is nothing to say and nothing to wait for (T16, Q47)', {
    start: 'opening',
    when: { application: 'd', webSocket: '20ms o' },
    then: '(t|)',
    termination: { ...byApi, outcome: 'immediate', phase: 'opening', sent: null },
  });

  endingTest('an open socket over which connect was not sent yet takes no message (T16, Q24)', {
    start: 'opening',
    when: { webSocket: 'o', application: '1ms d' },
    then: '-(t|)',
    termination: { ...byApi, outcome: 'immediate', sent: null },
  });

  endingTest('before connect() (Q80)', {
    start: 'idle',
    when: { application: '3ms d' },
    then: '3ms (t|)',
    termination: { ...byApi, outcome: 'immediate', phase: 'idle', sent: null },
  });

  endingTest('after a redirect connect has not been sent again yet (Q50)', {
    start: 'signaling',
    when: { received: 'r', application: '5ms d' },
    values: { r: 'rx.redirect' },
    then: '5ms (t|)',
    termination: { ...byApi, outcome: 'immediate', phase: 'opening', sent: null },
  });

  endingTest('the call comes first in the same tick (Q01)', {
    when: { application: 'b' },
    values: { b: ['disconnect', 'ws.close 1000'] },
    then: '(t|)',
    termination: { ...byApi, outcome: 'acknowledged', peer: { via: 'websocket', code: 1000, reason: '' } },
    sent: ['0 websocket NO-ERROR'],
  });

  endingTest('the server comes first in the same tick (Q01)', {
    when: { application: 'b' },
    values: { b: ['ws.close 1000', 'disconnect'] },
    then: '(t|)',
    termination: {
      kind: 'server-close',
      sent: null,
      trailing: [],
    },
  });
});

describe('the application disconnects in M before switched: as T16 (T17)', () => {
  endingTest('the WebSocket alone is awaited, whatever the channels do (T17)', {
    mode: 'M',
    when: { application: 'd', webSocket: '50ms c' },
    then: '50ms (t|)',
    termination: { ...byApi, outcome: 'acknowledged', switched: null },
    sent: ['0 websocket NO-ERROR'],
  });

  endingTest('channels that close are no goodbye (T17)', {
    mode: 'M',
    when: { application: 'd', dataChannel: { '*': '20ms c' } },
    then: '3s (t|)',
    termination: { ...byApi, outcome: 'timeout' },
    sent: ['0 websocket NO-ERROR'],
  });

  endingTest('T17 Q15 immediate', {
    mode: 'M',
    config: immediate,
    when: { application: 'd' },
    then: '(t|)',
    termination: { ...byApi, outcome: 'immediate' },
    sent: ['0 websocket NO-ERROR'],
  });

  endingTest('a switched that comes afterwards changes nothing (T17, Q13)', {
    mode: 'M',
    when: { application: 'd', received: '10ms s', webSocket: '50ms c' },
    values: { s: 'rx.switched F' },
    then: '50ms (t|)',
    termination: { ...byApi, outcome: 'acknowledged', switched: null },
    sent: ['0 websocket NO-ERROR'],
  });
});

describe('the application disconnects in M under switched(false): NO-ERROR over the channel (T18)', () => {
  endingTest('T18', {
    mode: 'M',
    start: 'switched',
    when: { application: 'd', dataChannel: { '*': '30ms c' }, webSocket: '50ms c' },
    then: '50ms (t|)',
    termination: { ...byApi, switched: false, outcome: 'acknowledged', sent: { reason: 'NO-ERROR', via: 'datachannel', ok: true } },
    sent: ['0 datachannel NO-ERROR'],
  });

  endingTest('the channel is still connecting: the attempt fails, nothing is awaited (T18, Q24)', {
    mode: 'M',
    start: 'switched',
    when: { application: 'b' },
    values: (rig) => ({
      b: [{ kind: 'call', name: 'connecting', run: () => rig.port.channels.set('signaling', 'connecting') }, 'disconnect'],
    }),
    then: '(t|)',
    termination: { ...byApi, outcome: 'immediate', sent: { reason: 'NO-ERROR', via: 'datachannel', ok: false } },
  });
});

describe('the application disconnects in D before switched: NO-ERROR over the WebSocket, and the wait is mandatory (Q16) (T21)', () => {
  endingTest('T21 graceful', {
    mode: 'D',
    when: { application: 'd', webSocket: '30ms c' },
    then: '30ms (t|)',
    termination: { ...byApi, outcome: 'acknowledged' },
    sent: ['0 websocket NO-ERROR'],
  });

  endingTest('the server does not close (T21, T15)', {
    mode: 'D',
    when: { application: 'd' },
    then: '3s (t|)',
    termination: { ...byApi, outcome: 'timeout' },
    sent: ['0 websocket NO-ERROR'],
  });

  for (const [name, way, trigger] of [
    ['the immediate policy', 'disconnect', 'api'],
    ['unsubscribe', 'unsub', 'unsubscribe'],
    ['abort', 'abort', 'abort-signal'],
  ] as const) {
    endingTest(`${name} waits as well (T21, Q16, P27)`, {
      mode: 'D',
      config: immediate,
      when: { application: 'a', webSocket: '70ms c' },
      values: { a: way },
      then: '70ms (t|)',
      termination: { kind: 'client-disconnect', trigger, outcome: 'acknowledged' },
      sent: ['0 websocket NO-ERROR'],
    });

    endingTest(`${name} waits 3 s at most (T21, T15, Q16)`, {
      mode: 'D',
      config: immediate,
      when: { application: 'a' },
      values: { a: way },
      then: '3s (t|)',
      termination: { kind: 'client-disconnect', trigger, outcome: 'timeout' },
      sent: ['0 websocket NO-ERROR'],
    });
  }

  endingTest('before the offer what was requested counts (T21, Q66)', {
    mode: 'D',
    start: 'signaling',
    config: immediate,
    when: { application: 'd', webSocket: '30ms c' },
    then: '30ms (t|)',
    termination: { ...byApi, outcome: 'acknowledged' },
    sent: ['0 websocket NO-ERROR'],
  });

  endingTest('after the offer the values of the offer count: it is M now (T21, Q66)', {
    mode: 'D',
    start: 'signaling',
    config: immediate,
    when: { received: 'o', application: '5ms d' },
    values: { o: 'rx.offer M' },
    then: '5ms (t|)',
    termination: { ...byApi, outcome: 'immediate' },
    sent: ['5 websocket NO-ERROR'],
  });

  endingTest('ignoring the WebSocket without DataChannel signaling is no D (T21, Q66)', {
    mode: 'W',
    config: { ...immediate, ignoreDisconnectWebSocket: true },
    start: 'signaling',
    when: { application: 'd' },
    then: '(t|)',
    termination: { ...byApi, outcome: 'immediate' },
    sent: ['0 websocket NO-ERROR'],
  });

  endingTest('pagehide does not wait (T21, Q16, Q56)', {
    mode: 'D',
    when: { page: 'h' },
    then: '(t|)',
    termination: { kind: 'client-disconnect', trigger: 'pagehide', outcome: 'immediate' },
    sent: ['0 websocket NO-ERROR'],
  });

  endingTest('nothing could be sent, so nothing is awaited (T21, Q24, P27)', {
    mode: 'D',
    when: { application: 'd' },
    prepare: ({ port }) => port.throwing.add('send'),
    then: '(t|)',
    termination: { ...byApi, outcome: 'immediate', sent: { reason: 'NO-ERROR', via: 'websocket', ok: false } },
  });
});

describe('the application disconnects in D under switched(true): NO-ERROR over the channel (T22)', () => {
  endingTest('T22', {
    mode: 'D',
    start: 'switched',
    when: { application: 'd', dataChannel: { '*': '25ms c' } },
    then: '25ms (t|)',
    termination: { ...byApi, switched: true, outcome: 'acknowledged', sent: { reason: 'NO-ERROR', via: 'datachannel', ok: true } },
    sent: ['0 datachannel NO-ERROR'],
  });

  endingTest('the WebSocket is still open: the channel is used, the WebSocket is not awaited (T22, Q14)', {
    mode: 'D',
    when: { application: 'b', dataChannel: { '*': '20ms c' } },
    values: { b: ['rx.switched T', 'disconnect'] },
    then: '20ms (t|)',
    termination: { ...byApi, outcome: 'acknowledged' },
    sent: ['0 datachannel NO-ERROR'],
  });

  endingTest('the channel signaling is closing: the attempt fails, nothing is awaited (T22, Q24)', {
    mode: 'D',
    start: 'switched',
    when: { application: 'b' },
    values: { b: ['dc.closing signaling', 'disconnect'] },
    then: '(t|)',
    termination: { ...byApi, outcome: 'immediate', sent: { reason: 'NO-ERROR', via: 'datachannel', ok: false } },
  });

  endingTest('there is no channel signaling (T22, Q24)', {
    mode: 'D',
    start: 'negotiating',
    when: { application: 'b' },
    values: { b: ['rx.switched T', 'disconnect'] },
    then: '(t|)',
    termination: { ...byApi, outcome: 'immediate', sent: null },
  });

  endingTest('the channel signaling has closed without its event yet (T22, Q24)', {
    mode: 'D',
    start: 'switched',
    when: { application: 'b' },
    values: (rig) => ({ b: [{ kind: 'call', name: 'closed', run: () => rig.port.channels.set('signaling', 'closed') }, 'disconnect'] }),
    then: '(t|)',
    termination: { ...byApi, outcome: 'immediate', sent: null },
  });
});

describe('letting go and aborting do not wait, whatever the policy (Q54, Q79)', () => {
  for (const [way, trigger] of [
    ['unsub', 'unsubscribe'],
    ['abort', 'abort-signal'],
  ] as const) {
    endingTest(`Q54 Q79 T16 W ${way}`, {
      when: { application: 'a' },
      values: { a: way },
      then: '(t|)',
      termination: { kind: 'client-disconnect', trigger, outcome: 'immediate' },
      sent: ['0 websocket NO-ERROR'],
    });

    endingTest(`Q54 Q79 T17 M ${way}`, {
      mode: 'M',
      when: { application: 'a' },
      values: { a: way },
      then: '(t|)',
      termination: { kind: 'client-disconnect', trigger, outcome: 'immediate' },
      sent: ['0 websocket NO-ERROR'],
    });

    endingTest(`M switched ${way} (Q54, Q79, T20)`, {
      mode: 'M',
      start: 'switched',
      when: { application: 'a' },
      values: { a: way },
      then: '(t|)',
      termination: { kind: 'client-disconnect', trigger, outcome: 'immediate' },
      sent: ['0 datachannel NO-ERROR'],
    });

    endingTest(`D switched ${way} (Q54, Q79, T24)`, {
      mode: 'D',
      start: 'switched',
      when: { application: 'a' },
      values: { a: way },
      then: '(t|)',
      termination: { kind: 'client-disconnect', trigger, outcome: 'immediate' },
      sent: ['0 datachannel NO-ERROR'],
    });
  }
});
