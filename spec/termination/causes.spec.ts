import { describe, expect, test } from 'vitest';
import { immediateCause } from '../../src/termination/causes.ts';
import { safePort } from '../../src/termination/port.ts';
import type { Step } from '../../src/termination/steps.ts';
import { FakePort, defaults } from '../support/ending-rig.ts';
import { connectedStep } from '../support/steps.ts';

/** What a step is the cause of where no transport is left that could explain a loss. */
function causeOf(step: Partial<Step>): unknown {
  const port = new FakePort();
  port.channels.set('signaling', 'closed');
  return immediateCause({ ...connectedStep, event: null, switched: true, hasSignalingEnded: true, ...step }, safePort(port, defaults));
}

describe('a loss that nothing can explain any more (Q30)', () => {
  test('is the cause at once', () => {
    const cause = { kind: 'datachannel-closed', label: '#chat' } as const;
    expect(causeOf({ loss: { at: 0, cause } })).toBe(cause);
  });

  test('is no cause where nothing was lost: a channel that the offer did not announce has ended', () => {
    expect(causeOf({ loss: null })).toBeNull();
  });
});
