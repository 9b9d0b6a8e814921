import { describe } from 'vitest';
import { endingTest } from '../../support/ending-test.ts';
import { type EndingRig, LABELS, type EndingSetup } from '../../support/ending-rig.ts';

const closed = (label: string): Record<string, unknown> => ({ kind: 'datachannel-closed', label, initiator: 'network', retry: 'yes' });

describe('a channel closes and no transport is left that could bring a code: terminate at once, no message (T14, Q30)', () => {
  endingTest('D switched: signaling closes (T14, Q30)', {
    mode: 'D',
    start: 'switched',
    when: { dataChannel: { signaling: '9ms c' } },
    then: '9ms (t|)',
    termination: { ...closed('signaling'), sent: null, causeAt: 9, endedAt: 9 },
  });

  endingTest('D switched: notify, and signaling inside the grace; the first label is told (T14, Q30)', {
    mode: 'D',
    start: 'switched',
    when: { dataChannel: { notify: '10ms c', signaling: '30ms c' } },
    then: '30ms (t|)',
    termination: { ...closed('notify'), sent: null, causeAt: 10, endedAt: 30 },
  });

  endingTest('D switched: all at once, in their order (T14, Q30)', {
    mode: 'D',
    start: 'switched',
    when: { dataChannel: { '*': '9ms c' } },
    then: '9ms (t|)',
    termination: {
      ...closed('signaling'),
      sent: null,
      trailing: [],
    },
  });

  endingTest('switched(true) comes inside the grace while signaling is gone: nothing is left that could explain it (T14, Q30)', {
    mode: 'D',
    when: { dataChannel: { signaling: 'c' }, received: '20ms s' },
    values: { s: 'rx.switched T' },
    then: '20ms (t|)',
    termination: { ...closed('signaling'), switched: true, sent: null, causeAt: 0 },
  });

  for (const state of ['closing', 'closed'] as const) {
    endingTest(`M switched: a WebSocket that is ${state} without its event yet may still bring a code (T14, Q30, Q69)`, {
      mode: 'M',
      start: 'switched',
      when: { dataChannel: { '*': 'b' } },
      values: (rig) => ({ b: [{ kind: 'call', name: state, run: () => (rig.port.socket = state) }, 'dc.close *'] }),
      then: '500ms (t|)',
      termination: { ...closed('signaling'), sent: null },
    });
  }
});

describe('a channel closes while another transport could still explain it: a grace of 500 ms (T14, Q31)', () => {
  endingTest('D switched: stats; INTERNAL-ERROR over the channel signaling (T14, T26, Q31)', {
    mode: 'D',
    start: 'switched',
    when: { dataChannel: { stats: '7ms c' } },
    then: '507ms (t|)',
    termination: {
      ...closed('stats'),
      causeAt: 7,
      endedAt: 507,
      sent: { reason: 'INTERNAL-ERROR', via: 'datachannel', ok: true },
      trailing: [],
    },
    sent: ['507 datachannel INTERNAL-ERROR'],
  });

  endingTest('M connected: INTERNAL-ERROR over the WebSocket (T14, T26, Q31)', {
    mode: 'M',
    when: { dataChannel: { notify: 'c' } },
    then: '500ms (t|)',
    termination: { ...closed('notify'), sent: { reason: 'INTERNAL-ERROR', via: 'websocket', ok: true } },
    sent: ['500 websocket INTERNAL-ERROR'],
  });

  endingTest('M switched: all channels are gone, the WebSocket is open; there is nothing to send on (T14, Q31)', {
    mode: 'M',
    start: 'switched',
    when: { dataChannel: { '*': 'c' } },
    then: '500ms (t|)',
    termination: { ...closed('signaling'), sent: null },
  });

  endingTest('the grace is an option (T14, Q31)', {
    mode: 'M',
    config: { dataChannelGraceMs: 2000 },
    when: { dataChannel: { notify: 'c' } },
    then: '2s (t|)',
    termination: closed('notify'),
    sent: ['2000 websocket INTERNAL-ERROR'],
  });

  endingTest('a second loss begins no second grace (T14, Q31)', {
    mode: 'M',
    when: { dataChannel: { notify: 'c', push: '400ms c' } },
    then: '500ms (t|)',
    termination: { ...closed('notify'), causeAt: 0 },
    sent: ['500 websocket INTERNAL-ERROR'],
  });

  endingTest('signaling in closing or never seen could still bring a code (T14, Q31)', {
    mode: 'D',
    start: 'switched',
    when: { dataChannel: { signaling: 'g', stats: '1ms c' } },
    then: '501ms (t|)',
    termination: { ...closed('stats'), sent: { reason: 'INTERNAL-ERROR', via: 'datachannel', ok: false } },
  });

  endingTest('before the first of all events the WebSocket that is there counts as well (T14, Q31)', {
    mode: 'D',
    start: 'negotiating',
    when: { dataChannel: { signaling: 'oc' } },
    then: '501ms (t|)',
    termination: closed('signaling'),
    sent: ['501 websocket INTERNAL-ERROR'],
  });
});

describe('what replaces a loss inside the grace (Q31, Q71)', () => {
  endingTest('a close of the WebSocket (Q71, T09)', {
    mode: 'M',
    start: 'switched',
    when: { dataChannel: { stats: 'c' }, webSocket: '40ms c' },
    then: '40ms (t|)',
    termination: { kind: 'server-close', via: 'websocket', code: 1000, after: 'datachannel-closed', causeAt: 40 },
    sent: ['40 datachannel WEBSOCKET-ONCLOSE'],
  });

  endingTest('before switched, without a message (Q71, T06)', {
    mode: 'M',
    when: { dataChannel: { stats: 'c' }, webSocket: '40ms c' },
    then: '40ms (t|)',
    termination: { kind: 'server-close', after: 'datachannel-closed', sent: null },
  });

  endingTest('a close of the WebSocket after which no transport is left: it explains the loss all the same (Q71, T09)', {
    mode: 'M',
    start: 'switched',
    when: { dataChannel: { '*': 'c' }, webSocket: '40ms c' },
    then: '40ms (t|)',
    termination: { kind: 'server-close', after: 'datachannel-closed', sent: null },
  });

  endingTest('a close that is no word of the server (Q71)', {
    mode: 'M',
    when: { dataChannel: { stats: 'c' }, webSocket: '40ms x' },
    then: '40ms (t|)',
    termination: { kind: 'websocket-closed', code: 1006, after: 'datachannel-closed' },
  });

  endingTest('an error of the WebSocket (Q71, T13)', {
    mode: 'M',
    start: 'switched',
    when: { dataChannel: { stats: 'e' }, webSocket: '40ms e' },
    then: '40ms (t|)',
    termination: { kind: 'websocket-error', after: 'datachannel-error' },
    sent: ['40 datachannel WEBSOCKET-ONERROR'],
  });

  endingTest('a type: close (Q71, P28)', {
    mode: 'D',
    start: 'switched',
    when: { dataChannel: { stats: 'c' }, received: '40ms s' },
    values: { s: 'rx.close 4490' },
    then: '40ms (t|)',
    termination: { kind: 'server-close', via: 'datachannel', code: 4490, after: 'datachannel-closed', causeAt: 40 },
  });

  endingTest('a close of the WebSocket that means nothing replaces nothing (T07, P15)', {
    mode: 'D',
    start: 'switched',
    when: { dataChannel: { stats: 'c' }, webSocket: '40ms x' },
    then: '500ms (t|)',
    termination: closed('stats'),
    sent: ['500 datachannel INTERNAL-ERROR'],
  });

  endingTest('nothing replaces a loss after its grace (P15)', {
    mode: 'M',
    start: 'switched',
    when: { dataChannel: { stats: 'c' }, webSocket: '501ms c' },
    then: '500ms (t|)',
    termination: closed('stats'),
    sent: ['500 datachannel INTERNAL-ERROR'],
  });
});

describe('what else happens inside the grace ends it, and the loss stands (Q32)', () => {
  endingTest('disconnect() (Q32)', {
    mode: 'D',
    start: 'switched',
    when: { dataChannel: { stats: 'c' }, application: '100ms d' },
    then: '100ms (t|)',
    termination: { ...closed('stats'), causeAt: 0, endedAt: 100, sent: { reason: 'INTERNAL-ERROR', via: 'datachannel', ok: true } },
    sent: ['100 datachannel INTERNAL-ERROR'],
  });

  for (const [words, way] of [
    ['unsubscribe', 'unsub'],
    ['abort', 'abort'],
    ['malformed signaling', 'rx.invalid'],
    ['a failure of this side', 'internal'],
    ['the page goes away', 'pagehide'],
  ] as const) {
    endingTest(`Q32 ${words}`, {
      mode: 'D',
      start: 'switched',
      when: { dataChannel: { stats: 'c' }, application: '100ms a' },
      values: { a: way },
      then: '100ms (t|)',
      termination: closed('stats'),
      sent: ['100 datachannel INTERNAL-ERROR'],
    });
  }

  endingTest('failed: no message (Q32, T01)', {
    mode: 'D',
    start: 'switched',
    when: { dataChannel: { stats: 'c' }, peerConnection: '100ms f' },
    then: '100ms (t|)',
    termination: { ...closed('stats'), sent: null, causeAt: 0, endedAt: 100 },
  });

  endingTest('failed can be read when the grace is over: no message (Q32, T01)', {
    mode: 'D',
    start: 'switched',
    when: { dataChannel: { stats: 'c' }, peerConnection: '100ms s' },
    values: { s: 'pc~ failed' },
    then: '500ms (t|)',
    termination: { ...closed('stats'), sent: null },
  });

  endingTest('the ICE timer (Q32, T29)', {
    mode: 'D',
    start: 'switched',
    connectionState: false,
    when: { ice: 'd', dataChannel: { stats: '9800ms c' } },
    then: '10s (t|)',
    termination: { ...closed('stats'), causeAt: 9800, endedAt: 10_000 },
    sent: ['10000 datachannel INTERNAL-ERROR'],
  });

  endingTest('what is no cause does not end it (Q32)', {
    mode: 'D',
    start: 'switched',
    when: { dataChannel: { stats: 'c', notify: '100ms o' }, peerConnection: '200ms d' },
    then: '500ms (t|)',
    termination: closed('stats'),
    sent: ['500 datachannel INTERNAL-ERROR'],
  });
});

describe('which channels count (Q67)', () => {
  endingTest('a channel of the application that the offer announced (Q67)', {
    mode: 'D',
    start: 'switched',
    when: { received: 'o', dataChannel: { '#chat': '10ms o 10ms c' } },
    values: (rig) => ({
      o: () => rig.offer('D', [...LABELS, '#chat']),
    }),
    then: '521ms (t|)',
    termination: closed('#chat'),
    sent: ['521 datachannel INTERNAL-ERROR'],
  });

  endingTest('not a channel that the offer did not announce (Q67)', {
    mode: 'D',
    start: 'switched',
    when: { dataChannel: { '#other': 'oc', another: '5ms e' } },
    then: '-',
  });

  endingTest('every channel where there was no offer that could have announced one (Q67)', {
    mode: 'M',
    start: 'signaling',
    when: { dataChannel: { signaling: 'c' } },
    then: '500ms (t|)',
    termination: closed('signaling'),
    sent: ['500 websocket INTERNAL-ERROR'],
  });

  endingTest('open, closing, messages and the low buffer are no loss', {
    mode: 'D',
    start: 'switched',
    when: { dataChannel: { notify: 'o' }, received: '1ms abc' },
    values: (rig) => ({
      a: () => rig.emit({ source: 'datachannel', kind: 'closing', label: 'notify' }),
      b: () => rig.emit({ source: 'datachannel', kind: 'message', label: 'notify', data: '{}' }),
      c: () => rig.emit({ source: 'datachannel', kind: 'bufferedamountlow', label: 'notify' }),
    }),
    then: '-',
  });
});

describe('a channel fails (Q83)', () => {
  endingTest('an SCTP abort in D: the error of the first label is the reason, the closes belong to it (Q83, Q30, T26)', {
    mode: 'D',
    start: 'switched',
    when: { dataChannel: { signaling: '#', notify: '#' } },
    then: '(t|)',
    termination: {
      kind: 'datachannel-error',
      label: 'signaling',
      sctpCauseCode: 12,
      errorDetail: 'sctp-failure',
      sent: null,
      initiator: 'network',
      retry: 'yes',
    },
  });

  endingTest('another label: a grace, then INTERNAL-ERROR (Q83, Q31)', {
    mode: 'D',
    start: 'switched',
    when: { dataChannel: { stats: '#' } },
    then: '500ms (t|)',
    termination: { kind: 'datachannel-error', label: 'stats', causeAt: 0 },
    sent: ['500 datachannel INTERNAL-ERROR'],
  });

  endingTest('details that are not there are not told (Q83)', {
    mode: 'D',
    start: 'switched',
    when: { received: 'e' },
    values: (rig) => ({
      e: () => {
        rig.port.channels.set('signaling', 'closed');
        rig.emit({ source: 'datachannel', kind: 'error', label: 'signaling' });
      },
    }),
    then: '(t|)',
    termination: { kind: 'datachannel-error', label: 'signaling' },
  });

  endingTest('each detail on its own (Q83)', {
    mode: 'D',
    start: 'switched',
    when: { received: 'e' },
    values: (rig) => ({
      e: () => {
        rig.port.channels.set('signaling', 'closed');
        rig.emit({ source: 'datachannel', kind: 'error', label: 'signaling', sctpCauseCode: 0 });
      },
    }),
    then: '(t|)',
    termination: { kind: 'datachannel-error', sctpCauseCode: 0 },
  });
});

describe('a failed peer connection closes its channels; that is no loss of its own (Q02)', () => {
  endingTest('the state is visible when the channel closes (Q02)', {
    mode: 'D',
    start: 'switched',
    when: { dataChannel: { '*': 'b' } },
    values: { b: ['pc~ failed', 'dc.close stats', 'dc.close signaling'] },
    then: '(t|)',
    termination: { kind: 'peer-connection-failed', causeAt: 0 },
  });
});

describe('only the end of signaling itself takes away the last transport (Q30, Q33)', () => {
  /** Stats are lost, then at 40 all of this happens in one go. */
  type Happening = (rig: EndingRig) => void;
  const words =
    (text: string): Happening =>
    (rig) =>
      rig.does(text);
  const signalingIsGone: Happening = ({ port }) => void port.channels.set('signaling', 'closed');
  const socketIsGone: Happening = ({ port }) => (port.socket = null);
  const M = { mode: 'M' } as const;
  const D = { mode: 'D', start: 'switched' } as const;
  const lost = (happenings: readonly Happening[]) => (rig: EndingRig) => ({
    b: { kind: 'call', name: 'all of it', run: () => happenings.forEach((happening) => happening(rig)) } as const,
  });

  // What says nothing of a channel: its own events, which may stand behind a decoding, say when it has gone (Q33).
  for (const [name, setup, happenings] of [
    ['an open of a WebSocket', M, [signalingIsGone, socketIsGone, words('ws.open')]],
    ['an ignored close of the WebSocket (T07)', D, [signalingIsGone, words('ws.close 1006')]],
    ['an ignored error of the WebSocket (T11)', D, [signalingIsGone, words('ws.error')]],
    ['news of the peer connection', D, [signalingIsGone, words('pc disconnected')]],
    ['a message', D, [signalingIsGone, words('rx.notify')]],
    ['the close of another channel', D, [signalingIsGone, words('dc.close notify')]],
    ['switched(true)', M, [signalingIsGone, words('rx.switched T')]],
    [
      'an error after which signaling is still open',
      D,
      [(rig: EndingRig) => rig.emit({ source: 'datachannel', kind: 'error', label: 'signaling' })],
    ],
    ['another channel under the label signaling', M, [words('dc.close signaling'), words('dc.open signaling'), words('rx.switched T')]],
    [
      'the end of that other channel before its event',
      M,
      [words('dc.close signaling'), words('dc.open signaling'), signalingIsGone, words('rx.switched T')],
    ],
  ] as const satisfies readonly (readonly [string, EndingSetup, readonly Happening[]])[]) {
    endingTest(`the grace goes on at ${name} (Q30, Q33)`, {
      ...setup,
      when: { dataChannel: { stats: 'c' }, received: '40ms b' },
      values: lost(happenings),
      then: '500ms (t|)',
      termination: { kind: 'datachannel-closed', label: 'stats', causeAt: 0 },
      prepare: ({ port }) => (port.takes = false),
    });
  }

  for (const [name, setup, happenings] of [
    ['the close of signaling', D, [words('dc.close signaling')]],
    ['an error with which signaling has closed', D, [words('dc.error signaling')]],
    ['switched(true) after the end of signaling', M, [words('dc.close signaling'), words('rx.switched T')]],
  ] as const satisfies readonly (readonly [string, EndingSetup, readonly Happening[]])[]) {
    endingTest(`the grace ends at ${name} (Q30)`, {
      ...setup,
      when: { dataChannel: { stats: 'c' }, received: '40ms b' },
      values: lost(happenings),
      then: '40ms (t|)',
      termination: { kind: 'datachannel-closed', label: 'stats', causeAt: 0, sent: null },
    });
  }

  endingTest('news of the peer connection do not overtake what is being inflated (Q33, P25)', {
    mode: 'D',
    start: 'switched',
    when: { dataChannel: { notify: 'c' }, peerConnection: '40ms s' },
    values: { s: 'pc disconnected' },
    then: '500ms (t|)',
    termination: { kind: 'datachannel-closed', label: 'notify' },
    sent: ['500 datachannel INTERNAL-ERROR'],
  });

  endingTest('there never was a WebSocket: at once (Q30)', {
    start: 'idle',
    when: { dataChannel: { signaling: '3ms c' } },
    then: '3ms (t|)',
    termination: { kind: 'datachannel-closed', label: 'signaling', sent: null },
  });
});
