import { describe, expect, test } from 'vitest';
import type { Cause } from '../../src/termination/reason.ts';
import { terminationValue } from '../../src/termination/value.ts';
import { defaults } from '../support/ending-rig.ts';
import { connectedStep } from '../support/steps.ts';

const config = { ...defaults, clock: { startedAt: 0, elapsed: () => 7 } };
const closed = { sent: null, outcome: { outcome: 'immediate' }, failed: [] } as const;

/** The value where the WebSocket has closed with 1006 by the end. */
function valueOf(cause: Cause): object {
  const last = { ...connectedStep, webSocketClose: { via: 'websocket', code: 1006, reason: 'r' } } as const;
  return terminationValue({ cause, causeAt: 5, step: connectedStep }, closed, last, config);
}

describe('the close of the WebSocket that followed the cause', () => {
  test('belongs to an error of the WebSocket', () => {
    expect(valueOf({ kind: 'websocket-error' })).toMatchObject({ kind: 'websocket-error', close: { code: 1006, reason: 'r' } });
  });

  test.each<Cause>([
    { kind: 'websocket-closed', code: 1006, reason: 'r', wasClean: false },
    { kind: 'server-close', via: 'websocket', code: 4490, reason: 'r', severity: 'error' },
    { kind: 'ice-failed' },
    { kind: 'client-disconnect', trigger: 'api' },
  ])('is no part of the value after $kind', (cause) => {
    expect(valueOf(cause)).not.toHaveProperty('close');
  });
});
