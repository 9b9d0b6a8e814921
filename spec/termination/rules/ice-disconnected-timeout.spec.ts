import { describe, test } from 'vitest';
import { endingTest } from '../../support/ending-test.ts';
import { EndingRig, ended } from '../../support/ending-rig.ts';
import { marbles } from '../../support/marbles.ts';

const noConnectionState = { connectionState: false } as const;
const over = { kind: 'ice-disconnected-timeout', sent: null, initiator: 'network', retry: 'yes' };

describe('where connectionState is defined the ICE rules do not apply, by default (T27)', () => {
  endingTest('T27 Q44', { when: { ice: 'd' }, then: '-' });

  endingTest('the option always (T27, Q44)', {
    config: { iceDisconnectedRule: 'always' },
    when: { ice: 'd' },
    then: '10s (t|)',
    termination: { ...over, waitedMs: 10_000 },
  });

  endingTest('always, and failed comes before (T27, Q44)', {
    config: { iceDisconnectedRule: 'always' },
    when: { ice: 'd', peerConnection: '6s f' },
    then: '6s (t|)',
    termination: { kind: 'peer-connection-failed' },
  });

  endingTest('always is about disconnected only: ICE failed is no cause where connectionState is defined (T27, Q40, Q44)', {
    config: { iceDisconnectedRule: 'always' },
    when: { ice: 'f' },
    then: '-',
  });
});

describe('ICE stays disconnected, which is what the page calls disconnect (Q41) (T28)', () => {
  for (const [mode, start] of [
    ['W', 'connected'],
    ['W', 'negotiating'],
    ['M', 'switched'],
    ['D', 'switched'],
  ] as const) {
    endingTest(`${mode} ${start}: the connection is cut, nothing is sent (T28, Q42)`, {
      ...noConnectionState,
      mode,
      start,
      when: { ice: '5ms d' },
      then: '10005ms (t|)',
      termination: { ...over, waitedMs: 10_000, causeAt: 10_005, endedAt: 10_005, phase: start === 'negotiating' ? start : 'connected' },
    });
  }

  endingTest('any change cancels: connected (T28, Q43)', { ...noConnectionState, when: { ice: 'd 9998ms c' }, then: '-' });

  endingTest('any change cancels: checking (T28, Q43)', { ...noConnectionState, when: { ice: 'd 3s k' }, then: '-' });

  endingTest('disconnected again starts from zero (T28, Q43)', {
    ...noConnectionState,
    when: { ice: 'd 4999ms k 4999ms d' },
    then: '20s (t|)',
    termination: { ...over, waitedMs: 10_000 },
  });

  endingTest('the same state once more is no change: the timer goes on (T28, Q43)', {
    ...noConnectionState,
    when: { ice: 'd 4999ms d' },
    then: '10s (t|)',
    termination: { ...over, waitedMs: 10_000 },
  });

  endingTest('only the live state counts when it fires (T28, Q43, Q45)', {
    ...noConnectionState,
    when: { ice: 'd 9s s' },
    values: { s: 'ice~ connected' },
    then: '-',
  });

  endingTest('a failure that is readable when it fires is the cause (Q02, Q43)', {
    ...noConnectionState,
    when: { ice: 'd 9s s' },
    values: { s: 'ice~ failed' },
    then: '10s (t|)',
    termination: { kind: 'ice-failed', sent: null },
  });

  endingTest('and it starts again after that (T28, Q43)', {
    ...noConnectionState,
    when: { ice: 'd 9s s 20s ed' },
    values: { s: 'ice~ connected', e: 'ice connected' },
    then: '39003ms (t|)',
    termination: { ...over, waitedMs: 10_000 },
  });

  endingTest('another cause cancels it (T28, T03)', {
    ...noConnectionState,
    when: { ice: 'd', webSocket: '9s x' },
    then: '9s (t|)',
    termination: { kind: 'websocket-closed', trailing: [] },
  });

  endingTest('an event of another sort does not touch it (T28, P23)', {
    ...noConnectionState,
    when: { ice: 'd', received: '5s x' },
    values: (rig) => ({
      x: () => rig.emit({ source: 'peer-connection', kind: 'icegatheringstatechange', iceGatheringState: 'complete' }),
    }),
    then: '10s (t|)',
    termination: { ...over, waitedMs: 10_000 },
  });

  endingTest('nor does the same news from anything but the event of ICE start it (T28, P23)', {
    ...noConnectionState,
    when: { received: 'x' },
    values: (rig) => ({
      x: () => {
        rig.port.ice = 'disconnected';
        rig.emit({ source: 'peer-connection', kind: 'signalingstatechange', signalingState: 'stable' });
        rig.does('ws.open');
      },
    }),
    then: '-',
  });
});

describe('10 s by default (T29)', () => {
  endingTest('an option overrides it (T29)', {
    ...noConnectionState,
    config: { iceDisconnectedMs: 2000 },
    when: { ice: 'd' },
    then: '2s (t|)',
    termination: { ...over, waitedMs: 2000 },
  });

  endingTest('0 means at once (T29, Q81)', {
    ...noConnectionState,
    config: { iceDisconnectedMs: 0 },
    when: { ice: 'd' },
    then: '(t|)',
    termination: { ...over, waitedMs: 0 },
  });

  test(
    'T29 Q45 Q73 a timer that fires late tells what was really waited',
    marbles((m) => {
      let clockMs = 5;
      const rig = new EndingRig({ ...noConnectionState, config: { clock: { startedAt: 0, elapsed: () => clockMs } } });
      const termination$ = rig.when(m, { ice: '-d', received: '9s s' }, { s: () => (clockMs = 60_005) });
      m.expect(termination$).toBeObservable('10001ms (t|)', { t: ended({ ...over, waitedMs: 60_000, causeAt: 60_005 }) });
    }),
  );
});

describe('a change of ICE whose event has not come', () => {
  endingTest('ends the time as soon as any event shows it; disconnected again starts from zero (P23, Q43)', {
    ...noConnectionState,
    when: { ice: 'd 9s s', received: '11s n', peerConnection: '11005ms e' },
    values: { s: 'ice~ connected', n: 'rx.notify', e: 'ice disconnected' },
    then: '21005ms (t|)',
    termination: { ...over, waitedMs: 10_000 },
  });

  endingTest('ends it also where the state is disconnected again before the timer fires (P23)', {
    ...noConnectionState,
    when: { ice: 'd 3999ms s 999ms n 999ms r' },
    values: { s: 'ice~ connected', n: 'rx.notify', r: 'ice~ disconnected' },
    then: '-',
  });
});

describe('a state that cannot be read', () => {
  endingTest('a getter that throws is not disconnected (T28, P22)', {
    config: { iceDisconnectedRule: 'always' },
    when: { ice: '-t' },
    values: (rig) => ({
      t: [{ kind: 'call', name: 'throws', run: () => rig.port.throwing.add('iceConnectionState') }, 'ice disconnected'],
    }),
    then: '-',
  });

  endingTest('a connectionState that throws is not undefined (T27, P22)', {
    ...noConnectionState,
    when: { ice: 't' },
    values: (rig) => ({ t: [{ kind: 'call', name: 'throws', run: () => rig.port.throwing.add('connectionState') }, 'ice disconnected'] }),
    then: '-',
  });
});
