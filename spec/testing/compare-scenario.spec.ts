import { of } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { createSession } from '../../src/index.ts';
import { assertScenario, compareScenario, explainScenario } from '../../src/testing/compare-scenario.ts';
import type { ScenarioRow } from '../../src/testing/scenario-row.ts';
import { scenario } from '../../src/testing/scenario.ts';

const row: ScenarioRow = {
  id: 'C05',
  mode: 'W',
  start: 'connected',
  options: {},
  timeline: ['0 disconnect', '3000 ws.close 1000'],
  messages: [{ at: 0, via: 'ws', reason: 'NO-ERROR' }],
  termination: {
    at: 3000,
    kind: 'client-disconnect',
    outcome: 'acknowledged',
    peer: { code: 1000, via: 'ws' },
    messageAttempt: { via: 'ws', reason: 'NO-ERROR', ok: true },
  },
  rules: ['T16', 'T15'],
  note: 'tie: the event wins over the timer',
  closed: ['pc'],
};
const result = scenario(row);

describe('compareScenario', () => {
  test('finds nothing where all is as expected', () => {
    expect(compareScenario(row, result)).toEqual([]);
    expect(() => assertScenario(row, result)).not.toThrow();
  });

  test.each<[string, Partial<ScenarioRow>, string]>([
    ['another time', { termination: { at: 2999, kind: 'client-disconnect' } }, 'termination.at is 3000, 2999 was expected'],
    [
      'another kind',
      { termination: { at: 3000, kind: 'server-close' } },
      'termination.kind is "client-disconnect", "server-close" was expected',
    ],
    [
      'another field inside a field',
      { termination: { at: 3000, kind: 'client-disconnect', peer: { code: 1000, via: 'dc' } } },
      'termination.peer.via is "websocket", "datachannel" was expected',
    ],
    [
      'an attempt where none was expected',
      { termination: { at: 3000, kind: 'client-disconnect', messageAttempt: null } },
      'termination.sent is {"reason":"NO-ERROR","via":"websocket","ok":true}, null was expected',
    ],
    ['a value where none was expected', { termination: null }, 'termination$ emitted client-disconnect at 3000, nothing was expected'],
    ['another message', { messages: [] }, 'sent: NO-ERROR over ws at 0; expected: nothing'],
    ['other closings', { closed: ['WS', 'pc'] }, 'closed: pc; expected: WS, pc'],
  ])('finds %s', (_, change, difference) => {
    expect(compareScenario({ ...row, ...change }, result)).toEqual([difference]);
  });

  test('finds a value that did not come', () => {
    expect(compareScenario(row, scenario({ ...row, timeline: [] }))).toContain(
      'termination$ emitted nothing, client-disconnect was expected at 3000',
    );
  });

  test('does not compare what the row leaves out', () => {
    expect(compareScenario({ mode: 'W', start: 'connected', timeline: [] }, result)).toEqual([]);
  });

  test('finds a second value', () => {
    const twice = scenario(row, {
      createSession: (options) => {
        const session = createSession(options);
        return Object.defineProperty(session, 'termination$', { value: of(...[1, 2].map(() => result.termination!)) });
      },
    });
    expect(compareScenario({ ...row, messages: [], closed: [], termination: { at: 0, kind: 'client-disconnect' } }, twice)).toContain(
      'termination$ emitted 2 values',
    );
  });

  test('finds what is left over, and what went astray', () => {
    expect(
      compareScenario(row, { ...result, leftovers: { ...result.leftovers, timers: 2 }, errors: [new Error('astray')], completed: false }),
    ).toEqual([
      'termination$ did not complete',
      'left over after the end: 2 timers',
      'an error came out where nobody catches it: Error: astray',
    ]);
  });
});

describe('explainScenario', () => {
  test('draws what happened beside what was expected', () => {
    expect(explainScenario(row, result).split('\n')).toEqual([
      'C05 · W · connected · T16 T15',
      'tie: the event wins over the timer',
      'ms            0                    3000',
      'webSocket     ─────────────────────ws.close 1000─────────────────────────▶',
      'application   disconnect─────────────────────────────────────────────────▶',
      'sent          ws:NO-ERROR────────────────────────────────────────────────▶',
      '  expected    ws:NO-ERROR────────────────────────────────────────────────▶',
      'closed        ─────────────────────pc────────────────────────────────────▶',
      '  expected    ─────────────────────pc────────────────────────────────────▶',
      'state$        (connected · ending)─ended|',
      'termination$  ─────────────────────client-disconnect(api, acknowledged)|',
      '  expected    ─────────────────────client-disconnect(acknowledged)|',
      'as expected',
    ]);
  });

  test('is the message of assertScenario', () => {
    expect(() => assertScenario({ ...row, closed: [] }, result)).toThrow(/webSocket[^]*✗ closed: pc; expected: nothing/);
  });
});
