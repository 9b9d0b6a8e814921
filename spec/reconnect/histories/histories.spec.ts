import { fc, test as propertyTest } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { type History, history } from './history.ts';
import { judge } from './model.ts';
import { type Trace, play } from './play.ts';

describe('random histories of network, server, page and user', () => {
  propertyTest.prop([history], { numRuns: 300 })(
    'a call makes the steps that the model of its policy says',
    (each) => {
      expect(judge(each, play(each))).toEqual([]);
    },
    60_000,
  );
});

describe('the judge', () => {
  const sample: History = {
    policy: { initialDelayMs: 500, maxDelayMs: 30_000, settleMs: 1000, maxAttempts: 3, maxElapsedMs: 300_000, decide: {} },
    randoms: [0.5],
    latencyMs: 20,
    events: [
      { at: 1000, what: 'server-down' },
      { at: 3000, what: 'server-up' },
      { at: 4000, what: 'offline' },
      { at: 4001, what: 'cut' },
      { at: 9000, what: 'online' },
      { at: 12_000, what: 'kick' },
    ],
  };
  const trace = play(sample);
  type Mutable<Type> = { -readonly [Name in keyof Type]: Type[Name] };
  const altered = (alter: (trace: Mutable<Trace>) => void): readonly string[] => {
    const copy = { ...trace, steps: [...trace.steps], ends: [...trace.ends] };
    alter(copy);
    return judge(sample, copy);
  };

  test('agrees with a call that is as it should be', () => {
    const kinds = trace.steps.map(({ step }) => (step.kind === 'waiting' ? step.why : step.kind));
    expect(kinds.join(' ')).toBe('session backoff session backoff session backoff session offline session over');
    expect(judge(sample, trace)).toEqual([]);
  });

  test.each<[string, (trace: Mutable<Trace>) => void]>([
    ['a step that is missing', (it) => (it.steps = it.steps.slice(0, -1))],
    ['a step too many', (it) => (it.steps = [...it.steps, ...it.steps.slice(-1)])],
    ['a session that came too early', (it) => (it.steps = it.steps.with(2, { ...it.steps[2]!, at: it.steps[2]!.at - 1 }))],
    [
      'a wait that is too long',
      (it) => (it.steps = it.steps.with(1, { at: 1000, step: { ...it.steps[1]!.step, delayMs: 1501 } as never })),
    ],
    [
      'a wait that is too short',
      (it) => (it.steps = it.steps.with(1, { at: 1000, step: { ...it.steps[1]!.step, delayMs: 999 } as never })),
    ],
    ['a wrong number', (it) => (it.steps = it.steps.with(2, { ...it.steps[2]!, step: { ...it.steps[2]!.step, attempt: 2 } as never }))],
    ['two sessions at one time', (it) => (it.mostAlive = 2)],
    ['an open socket', (it) => (it.openBefore = 1)],
    ['a leak', (it) => (it.left = 1)],
    ['a call that does not complete', (it) => (it.completedAt = null)],
    ['an error', (it) => (it.errors = ['odd'])],
  ])('finds %s', (_, alter) => {
    expect(altered(alter)).not.toEqual([]);
  });

  test('sees histories of every sort: calls that come back, give up, are ended, are left', () => {
    const kinds = new Map<string, number>();
    for (const each of fc.sample(history, 200)) {
      const { steps, leftAt } = play(each);
      const last = steps.at(-1)?.step;
      const sorts = [
        leftAt === null ? `over ${last?.kind === 'over' ? last.termination.kind : ''}` : `left in ${last?.kind ?? ''}`,
        ...steps.map(({ step }) =>
          step.kind === 'waiting' ? step.why : step.kind === 'session' ? `attempt ${Math.min(step.attempt, 3)}` : 'over',
        ),
      ];
      for (const sort of new Set(sorts)) kinds.set(sort, (kinds.get(sort) ?? 0) + 1);
    }
    for (const sort of ['left in session', 'left in waiting', 'over server-close', 'over client-disconnect', 'over websocket-error']) {
      expect(kinds.get(sort) ?? 0, sort).toBeGreaterThan(3);
    }
    for (const sort of ['backoff', 'offline', 'attempt 1', 'attempt 2', 'attempt 3'])
      expect(kinds.get(sort) ?? 0, sort).toBeGreaterThan(10);
  });
});
