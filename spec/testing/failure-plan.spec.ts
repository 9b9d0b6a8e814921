import { describe, expect, test } from 'vitest';
import { failurePlan } from '../../src/testing/failure-plan.ts';
import { parseTimedInput } from '../../src/testing/scenario-event.ts';
import { scenario } from '../../src/testing/scenario.ts';

describe('a failure after the application has ended the session is one inside the closing', () => {
  test.each(['disconnect', 'dispose', 'unsub', 'abort'])('%s', (ending) => {
    const timeline = [`5 ${ending}`, '6 internal'];
    expect(failurePlan('switched', timeline.map(parseTimedInput))).toBe('re-offer');
    const { termination, errors, emissions } = scenario({ mode: 'D', start: 'switched', timeline });
    expect([termination?.kind, errors, emissions]).toEqual(['client-disconnect', [], 1]);
  });

  test('without an end the SDK is made to begin something', () => {
    expect(failurePlan('switched', [parseTimedInput('6 internal')])).toBe('now');
  });
});

test('switched before the offer is ignored, and the words after it still work (Q64)', () => {
  const timeline = ['1 rx.switched T', '2 rx.ping', '3 rx.offer', '4 rx.notify', '5 ws.close 1006'];
  const { termination, errors } = scenario({ mode: 'D', start: 'signaling', timeline });
  expect([errors, termination]).toMatchObject([[], { kind: 'websocket-closed', phase: 'negotiating', switched: null, at: 5 }]);
});

describe('a failure after an offer that the row itself brings fails the answer to it', () => {
  test.each([
    ['signaling', ['1 rx.offer', '5 internal']],
    ['opening', ['1 ws.open', '2 rx.offer', '5 internal']],
  ] as const)('from %s', (start, timeline) => {
    const { termination, errors } = scenario({ mode: 'W', start, timeline });
    expect([errors, termination]).toMatchObject([[], { kind: 'internal-error', at: 5 }]);
  });
});
