import { describe, expect, test } from 'vitest';
import { isServerCode } from '../../../src/termination/causes.ts';
import type { ScenarioMode, ScenarioStart } from '../../../src/testing/scenario-row.ts';
import { endingTest } from '../../support/ending-test.ts';

const lost = { kind: 'websocket-closed', code: 1006, reason: '', wasClean: false, initiator: 'network', retry: 'yes' };
const inW: readonly ScenarioStart[] = ['opening', 'signaling', 'negotiating', 'connected'];
const notSwitched: readonly (readonly [ScenarioMode, ScenarioStart])[] = [
  ['M', 'opening'],
  ['M', 'signaling'],
  ['M', 'negotiating'],
  ['M', 'connected'],
  ['D', 'opening'],
  ['D', 'signaling'],
  ['D', 'negotiating'],
  ['D', 'connected'],
];

describe('the WebSocket closes in W: terminate, no message (T03)', () => {
  for (const start of inW) {
    endingTest(`T03 ${start}`, {
      start,
      when: { webSocket: '40ms x' },
      then: '40ms (t|)',
      termination: { ...lost, phase: start, sent: null, switched: null },
    });
  }
});

describe('the WebSocket fails in W: terminate, no message (T04)', () => {
  for (const start of inW) {
    endingTest(`${start}: no close has to follow (T04, Q08)`, {
      start,
      when: { webSocket: '40ms e' },
      then: '40ms (t|)',
      termination: { kind: 'websocket-error', phase: start, sent: null, initiator: 'network', retry: 'yes' },
    });
  }

  endingTest('error and close of one burst are one value, with the code in it (T04, Q07)', {
    when: { webSocket: '3s #' },
    then: '3s (t|)',
    termination: {
      kind: 'websocket-error',
      close: { code: 1006, reason: '' },
      trailing: [{ at: 3000, source: 'websocket', what: 'close', detail: '1006' }],
    },
  });

  endingTest('the reason of that close is kept (T04, Q07)', {
    when: { webSocket: 'b' },
    values: { b: ['ws.error', { kind: 'ws.close', code: 1011, reason: 'oops' }] },
    then: '(t|)',
    termination: { kind: 'websocket-error', close: { code: 1011, reason: 'oops' } },
  });

  endingTest('the first close after an error is that of the burst, whatever its code (T04, Q07)', {
    when: { webSocket: 'b' },
    values: { b: ['ws.error', 'ws.close 1000', 'ws.close 1006'] },
    then: '(t|)',
    termination: { kind: 'websocket-error', close: { code: 1000, reason: '' } },
  });
});

describe('the WebSocket closes in M or D before switched: terminate, no message (Q09) (T06)', () => {
  for (const [mode, start] of notSwitched) {
    endingTest(`${mode} ${start} (T06)`, {
      mode,
      start,
      when: { webSocket: '40ms x' },
      then: '40ms (t|)',
      termination: { ...lost, phase: start, sent: null, switched: null },
    });
  }

  endingTest('a switched in the same tick comes too late (T06, Q11)', {
    mode: 'M',
    when: { webSocket: 'b' },
    values: { b: ['ws.close 1006', 'rx.switched F'] },
    then: '(t|)',
    termination: { ...lost, sent: null, switched: null },
  });
});

describe('the WebSocket closes after switched(true): nothing (T07)', () => {
  for (const code of [1000, 1001, 1005, 1006, 1011, 4490]) {
    endingTest(`T07 ${code}`, { mode: 'D', start: 'switched', when: { webSocket: 'a' }, values: { a: `ws.close ${code}` }, then: '-' });
  }

  endingTest('switched and close in one tick, this order (T07, Q11)', {
    mode: 'D',
    when: { webSocket: 'b' },
    values: { b: ['rx.switched T', 'ws.close 1000'] },
    then: '-',
  });

  endingTest('the flag of the message counts, not the one that was requested (T07, Q10)', {
    mode: 'M',
    when: { received: 's', webSocket: '10ms x' },
    values: { s: 'rx.switched T' },
    then: '-',
  });

  endingTest('the session is still alive after it (T07)', {
    mode: 'D',
    start: 'switched',
    when: { webSocket: '#', peerConnection: '5s f' },
    then: '5s (t|)',
    termination: { kind: 'peer-connection-failed', trailing: [] },
  });
});

describe('the WebSocket closes under switched(false): WEBSOCKET-ONCLOSE over the channel, then terminate (T09)', () => {
  endingTest('T09 1006', {
    mode: 'M',
    start: 'switched',
    when: { webSocket: '12ms x' },
    then: '12ms (t|)',
    termination: { ...lost, switched: false, sent: { reason: 'WEBSOCKET-ONCLOSE', via: 'datachannel', ok: true } },
    sent: ['12 datachannel WEBSOCKET-ONCLOSE'],
  });

  endingTest('there is no exception for 1000 (T09, Q05)', {
    mode: 'M',
    start: 'switched',
    when: { webSocket: '12ms c' },
    then: '12ms (t|)',
    termination: { kind: 'server-close', code: 1000, sent: { reason: 'WEBSOCKET-ONCLOSE', via: 'datachannel', ok: true } },
    sent: ['12 datachannel WEBSOCKET-ONCLOSE'],
  });

  endingTest('the flag of the message counts, not the one that was requested (T09, Q10)', {
    mode: 'D',
    when: { received: 's', webSocket: '10ms x' },
    values: { s: 'rx.switched F' },
    then: '10ms (t|)',
    termination: lost,
    sent: ['10 datachannel WEBSOCKET-ONCLOSE'],
  });

  endingTest('a second switched does not change the flag (T09, Q64)', {
    mode: 'M',
    start: 'switched',
    when: { received: 's', webSocket: '10ms x' },
    values: { s: 'rx.switched T' },
    then: '10ms (t|)',
    termination: { ...lost, switched: false },
    sent: ['10 datachannel WEBSOCKET-ONCLOSE'],
  });

  endingTest('the channel does not take it: the end is the same (T09, Q24)', {
    mode: 'M',
    start: 'switched',
    prepare: ({ port }) => (port.takes = false),
    when: { webSocket: 'x' },
    then: '(t|)',
    termination: { ...lost, sent: { reason: 'WEBSOCKET-ONCLOSE', via: 'datachannel', ok: false } },
  });

  endingTest('send throws: the end is the same (T09, Q24)', {
    mode: 'M',
    start: 'switched',
    prepare: ({ port }) => port.throwing.add('send'),
    when: { webSocket: 'x' },
    then: '(t|)',
    termination: { ...lost, sent: { reason: 'WEBSOCKET-ONCLOSE', via: 'datachannel', ok: false } },
  });
});

describe('the WebSocket fails in M or D before switched: terminate, no message (T10)', () => {
  for (const [mode, start] of notSwitched) {
    endingTest(`${mode} ${start} (T10)`, {
      mode,
      start,
      when: { webSocket: '40ms #' },
      then: '40ms (t|)',
      termination: { kind: 'websocket-error', close: { code: 1006, reason: '' }, phase: start, sent: null },
    });
  }
});

describe('the WebSocket fails after switched(true): nothing (T11)', () => {
  endingTest('T11 error', { mode: 'D', start: 'switched', when: { webSocket: 'e' }, then: '-' });
  endingTest('error and close (T11, T07)', { mode: 'D', start: 'switched', when: { webSocket: '#' }, then: '-' });
});

describe('the WebSocket fails under switched(false): WEBSOCKET-ONERROR over the channel, then terminate (T13)', () => {
  endingTest('T13 error alone', {
    mode: 'M',
    start: 'switched',
    when: { webSocket: '12ms e' },
    then: '12ms (t|)',
    termination: { kind: 'websocket-error', switched: false, sent: { reason: 'WEBSOCKET-ONERROR', via: 'datachannel', ok: true } },
    sent: ['12 datachannel WEBSOCKET-ONERROR'],
  });

  endingTest('the close of the burst sends no second message (T13, T09, Q07)', {
    mode: 'M',
    start: 'switched',
    when: { webSocket: '12ms #' },
    then: '12ms (t|)',
    termination: { kind: 'websocket-error', close: { code: 1006, reason: '' } },
    sent: ['12 datachannel WEBSOCKET-ONERROR'],
  });
});

describe('what a close code means (Q04, Q06)', () => {
  test.each([
    [999, false],
    [1000, true],
    [1001, false],
    [1005, false],
    [1006, false],
    [1011, false],
    [3000, false],
    [3999, false],
    [4000, true],
    [4490, true],
    [4999, true],
    [5000, false],
  ])('%i is the word of the server: %s', (code, said) => {
    expect(isServerCode(code)).toBe(said);
  });

  endingTest('1000 is server-close, normal, with its reason (Q04)', {
    when: { webSocket: 'a' },
    values: { a: { kind: 'ws.close', code: 1000, reason: 'LIFETIME-EXPIRED' } },
    then: '(t|)',
    termination: {
      kind: 'server-close',
      via: 'websocket',
      code: 1000,
      reason: 'LIFETIME-EXPIRED',
      severity: 'normal',
      initiator: 'server',
      retry: 'maybe',
    },
  });

  endingTest('4490 is server-close, error (Q04)', {
    when: { webSocket: 'a' },
    values: { a: { kind: 'ws.close', code: 4490, reason: 'INTERNAL-ERROR' } },
    then: '(t|)',
    termination: { kind: 'server-close', via: 'websocket', code: 4490, reason: 'INTERNAL-ERROR', severity: 'error', retry: 'maybe' },
  });

  endingTest('1005 is a loss that may be clean, never silently normal (Q06)', {
    when: { webSocket: 'a' },
    values: { a: 'ws.close 1005' },
    then: '(t|)',
    termination: { kind: 'websocket-closed', code: 1005, wasClean: true },
  });

  endingTest('4490 before the offer: the same kind with the phase, and no reason to try again (Q51, T25)', {
    start: 'signaling',
    when: { webSocket: 'a' },
    values: { a: 'ws.close 4490' },
    then: '(t|)',
    termination: { kind: 'server-close', code: 4490, phase: 'signaling', retry: 'never' },
  });
});

describe('what else a socket tells is no cause', () => {
  endingTest('open and messages', {
    when: { webSocket: 'om' },
    values: (rig) => ({ m: () => rig.emit({ source: 'websocket', kind: 'message', url: '', data: '{}' }) }),
    then: '-',
  });
});
