import { describe } from 'vitest';
import { endingTest } from '../../support/ending-test.ts';

const late = { kind: 'connect-timeout', initiator: 'network', retry: 'yes' };

describe('the connection does not come up within connectionMs (T25, T26, Q52)', () => {
  endingTest('during opening, nothing is sent (T25)', {
    start: 'idle',
    when: { application: 'c' },
    values: { c: 'connect' },
    then: '60s (t|)',
    termination: { ...late, during: 'opening', phase: 'opening', sent: null, causeAt: 60_000 },
  });

  endingTest('during signaling, nothing is sent although somebody could hear it (T25)', {
    start: 'signaling',
    when: {},
    then: '60s (t|)',
    termination: { ...late, during: 'signaling', phase: 'signaling', sent: null },
  });

  endingTest('during negotiating, INTERNAL-ERROR (T26)', {
    start: 'negotiating',
    when: { peerConnection: '10ms n' },
    then: '60s (t|)',
    termination: {
      ...late,
      during: 'negotiating',
      phase: 'negotiating',
      sent: { reason: 'INTERNAL-ERROR', via: 'websocket', ok: true },
    },
    sent: ['60000 websocket INTERNAL-ERROR'],
  });

  endingTest('the limit is an option (Q52)', {
    start: 'signaling',
    config: { connectionMs: 1500 },
    when: {},
    then: '1500ms (t|)',
    termination: { ...late, during: 'signaling' },
  });

  endingTest('0 switches it off (Q81)', { start: 'signaling', config: { connectionMs: 0 }, when: {}, then: '-' });

  endingTest('it ends with connected (Q52)', {
    start: 'negotiating',
    when: { peerConnection: '59999ms c' },
    then: '-',
  });

  endingTest('or with ICE connected where connectionState is undefined (Q52, T27)', {
    start: 'negotiating',
    connectionState: false,
    when: { ice: '59999ms c' },
    then: '-',
  });

  endingTest('and not with ICE completed only where connectionState is defined (Q52)', {
    start: 'negotiating',
    when: { ice: '100ms c' },
    then: '60s (t|)',
    termination: { ...late, during: 'negotiating' },
    sent: ['60000 websocket INTERNAL-ERROR'],
  });

  endingTest('a redirect does not begin it anew (Q50)', {
    start: 'signaling',
    when: { received: '50s r' },
    values: { r: 'rx.redirect' },
    then: '60s (t|)',
    termination: { ...late, during: 'opening', phase: 'opening' },
  });

  endingTest('failed can be read when it fires (Q02)', {
    start: 'negotiating',
    when: { peerConnection: '10ms s' },
    values: { s: 'pc~ failed' },
    then: '60s (t|)',
    termination: { kind: 'peer-connection-failed', sent: null, causeAt: 60_000 },
  });

  endingTest('it counts from the opening, not from what came before it (Q52)', {
    start: 'idle',
    when: { received: '5s n', application: '10s c' },
    values: (rig) => ({ n: () => rig.urlFailed('wss://node1.sora.test/signaling'), c: 'connect' }),
    then: '70s (t|)',
    termination: { ...late, during: 'opening' },
  });

  endingTest('it does not run before connect() (Q80)', { start: 'idle', when: {}, then: '-' });

  endingTest('it is gone with the latch (P23)', {
    start: 'signaling',
    when: { application: '59s d' },
    then: '62s (t|)',
    termination: { kind: 'client-disconnect', outcome: 'timeout', trailing: [] },
    sent: ['59000 websocket NO-ERROR'],
  });
});

describe('no signaling URL opened within its own limit (Q49, Q52)', () => {
  for (const [start, during] of [
    ['idle', 'opening'],
    ['opening', 'opening'],
  ] as const) {
    endingTest(`${start}: at once (Q52, T25)`, {
      start,
      when: { webSocket: '3s u' },
      values: (rig) => ({ u: () => rig.unreachable() }),
      then: '3s (t|)',
      termination: { ...late, during, sent: null, causeAt: 3000 },
    });
  }

  endingTest('also without a limit for the whole (Q81)', {
    start: 'opening',
    config: { connectionMs: 0 },
    when: { webSocket: '3s u' },
    values: (rig) => ({ u: () => rig.unreachable() }),
    then: '3s (t|)',
    termination: { ...late, during: 'opening' },
  });

  endingTest('a URL that failed is in trailing, with the time of its failure (Q49)', {
    start: 'opening',
    when: { webSocket: '1s n 1999ms u' },
    values: (rig) => ({
      n: () => rig.urlFailed('wss://node1.sora.test/signaling'),
      u: () => rig.unreachable(),
    }),
    then: '3s (t|)',
    termination: { ...late, trailing: [{ at: 1000, source: 'websocket', what: 'error', detail: 'wss://node1.sora.test/signaling' }] },
  });

  endingTest('failed URLs come before what arrived after the cause (Q49, Q74)', {
    start: 'opening',
    when: { webSocket: '1s n 1999ms b' },
    values: (rig) => ({
      n: () => rig.urlFailed('wss://node1.sora.test/signaling'),
      b: ['ws.error', { kind: 'call', name: 'late', run: () => rig.urlFailed('wss://node2.sora.test/signaling', 'close') }],
    }),
    then: '3s (t|)',
    termination: {
      kind: 'websocket-error',
      trailing: [
        { at: 1000, source: 'websocket', what: 'error', detail: 'wss://node1.sora.test/signaling' },
        { at: 3000, source: 'websocket', what: 'close', detail: 'wss://node2.sora.test/signaling' },
      ],
    },
  });
});
