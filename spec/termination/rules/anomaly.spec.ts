import { describe } from 'vitest';
import { endingTest } from '../../support/ending-test.ts';
import type { ScenarioMode, ScenarioStart } from '../../../src/testing/scenario-row.ts';

const where: readonly (readonly [ScenarioMode, ScenarioStart])[] = [
  ['W', 'signaling'],
  ['W', 'negotiating'],
  ['W', 'connected'],
  ['M', 'connected'],
  ['M', 'switched'],
  ['D', 'connected'],
  ['D', 'switched'],
];

describe('an anomaly of signaling: terminate, and nothing is sent (T25)', () => {
  for (const [mode, start] of where) {
    endingTest(`${mode} ${start} (T25)`, {
      mode,
      start,
      when: { received: '3ms i' },
      values: { i: 'rx.invalid' },
      then: '3ms (t|)',
      termination: { kind: 'signaling-invalid', what: 'parse', sent: null, initiator: 'server', retry: 'never' },
    });
  }

  for (const what of ['parse', 'schema', 'unexpected-message'] as const) {
    endingTest(`T25 Q28 ${what}`, {
      when: { received: 'i' },
      values: (rig) => ({ i: () => rig.invalid(what) }),
      then: '(t|)',
      termination: { kind: 'signaling-invalid', what },
    });
  }
});

describe('an anomaly outside signaling: INTERNAL-ERROR over what carries signaling (Q27), then terminate (T26)', () => {
  const failure = { where: 'set-remote-description', name: 'OperationError', message: 'made to fail' };

  for (const [mode, start] of where) {
    const via = start === 'switched' ? 'datachannel' : 'websocket';
    endingTest(`${mode} ${start} (T26)`, {
      mode,
      start,
      when: { application: '3ms i' },
      values: { i: 'internal' },
      then: '3ms (t|)',
      termination: {
        kind: 'internal-error',
        ...failure,
        sent: { reason: 'INTERNAL-ERROR', via, ok: true },
        initiator: 'sdk',
        retry: 'maybe',
      },
      sent: [`3 ${via} INTERNAL-ERROR`],
    });
  }

  endingTest('before connect was sent there is no one to tell (T26, Q24, Q27, Q78)', {
    start: 'opening',
    when: { webSocket: 'o', application: '3ms i' },
    values: { i: 'internal' },
    then: '3ms (t|)',
    termination: { kind: 'internal-error', ...failure, phase: 'opening', sent: null },
  });

  endingTest('the channel is closing: the attempt fails (T26, Q24)', {
    mode: 'D',
    start: 'switched',
    when: { dataChannel: { signaling: 'g' }, application: '1ms i' },
    values: { i: 'internal' },
    then: '-(t|)',
    termination: { kind: 'internal-error', sent: { reason: 'INTERNAL-ERROR', via: 'datachannel', ok: false } },
  });

  endingTest('no INTERNAL-ERROR after failed (T26, T01)', {
    mode: 'D',
    start: 'switched',
    when: { application: 'b' },
    values: { b: ['pc failed', 'internal'] },
    then: '(t|)',
    termination: {
      kind: 'peer-connection-failed',
      sent: null,
      trailing: [],
    },
  });
});
