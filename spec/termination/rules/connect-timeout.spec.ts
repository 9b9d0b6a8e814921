import { describe } from 'vitest';
import { endingTest } from '../../support/ending-test.ts';

const late = { kind: 'connect-timeout', initiator: 'network', retry: 'yes' };

describe('T25 T26 Q52: the connection does not come up within connectionMs', () => {
  endingTest('T25 during opening, nothing is sent', {
    start: 'idle',
    when: { application: 'c' },
    values: { c: 'connect' },
    then: '60s (t|)',
    termination: { ...late, during: 'opening', phase: 'opening', sent: null, causeAt: 60_000 },
  });

  endingTest('T25 during signaling, nothing is sent although somebody could hear it', {
    start: 'signaling',
    when: {},
    then: '60s (t|)',
    termination: { ...late, during: 'signaling', phase: 'signaling', sent: null },
  });

  endingTest('T26 during negotiating, INTERNAL-ERROR', {
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

  endingTest('Q52 the limit is an option', {
    start: 'signaling',
    config: { connectionMs: 1500 },
    when: {},
    then: '1500ms (t|)',
    termination: { ...late, during: 'signaling' },
  });

  endingTest('Q81 0 switches it off', { start: 'signaling', config: { connectionMs: 0 }, when: {}, then: '-' });

  endingTest('Q52 it ends with connected', {
    start: 'negotiating',
    when: { peerConnection: '59999ms c' },
    then: '-',
  });

  endingTest('Q52 T27 or with ICE connected where connectionState is undefined', {
    start: 'negotiating',
    connectionState: false,
    when: { ice: '59999ms c' },
    then: '-',
  });

  endingTest('Q52 and not with ICE completed only where connectionState is defined', {
    start: 'negotiating',
    when: { ice: '100ms c' },
    then: '60s (t|)',
    termination: { ...late, during: 'negotiating' },
    sent: ['60000 websocket INTERNAL-ERROR'],
  });

  endingTest('Q50 a redirect does not begin it anew', {
    start: 'signaling',
    when: { received: '50s r' },
    values: { r: 'rx.redirect' },
    then: '60s (t|)',
    termination: { ...late, during: 'opening', phase: 'opening' },
  });

  endingTest('Q02 failed can be read when it fires', {
    start: 'negotiating',
    when: { peerConnection: '10ms s' },
    values: { s: 'pc~ failed' },
    then: '60s (t|)',
    termination: { kind: 'peer-connection-failed', sent: null, causeAt: 60_000 },
  });

  endingTest('Q52 it counts from the opening, not from what came before it', {
    start: 'idle',
    when: { received: '5s n', application: '10s c' },
    values: (rig) => ({ n: () => rig.urlFailed('wss://node1.sora.test/signaling'), c: 'connect' }),
    then: '70s (t|)',
    termination: { ...late, during: 'opening' },
  });

  endingTest('Q80 it does not run before connect()', { start: 'idle', when: {}, then: '-' });

  endingTest('P23 it is gone with the latch', {
    start: 'signaling',
    when: { application: '59s d' },
    then: '62s (t|)',
    termination: { kind: 'client-disconnect', outcome: 'timeout', trailing: [] },
    sent: ['59000 websocket NO-ERROR'],
  });
});

describe('Q49 Q52: no signaling URL opened within its own limit', () => {
  for (const [start, during] of [
    ['idle', 'opening'],
    ['opening', 'opening'],
  ] as const) {
    endingTest(`Q52 T25 ${start}: at once`, {
      start,
      when: { webSocket: '3s u' },
      values: (rig) => ({ u: () => rig.unreachable() }),
      then: '3s (t|)',
      termination: { ...late, during, sent: null, causeAt: 3000 },
    });
  }

  endingTest('Q81 also without a limit for the whole', {
    start: 'opening',
    config: { connectionMs: 0 },
    when: { webSocket: '3s u' },
    values: (rig) => ({ u: () => rig.unreachable() }),
    then: '3s (t|)',
    termination: { ...late, during: 'opening' },
  });

  endingTest('Q49 a URL that failed is in trailing, with the time of its failure', {
    start: 'opening',
    when: { webSocket: '1s n 1999ms u' },
    values: (rig) => ({
      n: () => rig.urlFailed('wss://node1.sora.test/signaling'),
      u: () => rig.unreachable(),
    }),
    then: '3s (t|)',
    termination: { ...late, trailing: [{ at: 1000, source: 'websocket', what: 'error', detail: 'wss://node1.sora.test/signaling' }] },
  });

  endingTest('Q49 Q74 failed URLs come before what arrived after the cause', {
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
