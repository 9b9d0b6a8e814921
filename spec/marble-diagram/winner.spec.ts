import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { winnerOf } from '../../src/marble-diagram/winner.ts';
import type { ScenarioRow } from '../../src/testing/scenario-row.ts';
import { scenario } from '../../src/testing/scenario.ts';

const rows = JSON.parse(readFileSync(new URL('../fixtures/termination-scenarios.json', import.meta.url), 'utf8')) as ScenarioRow[];
const ended = rows.flatMap((row) => {
  const { termination, timeline } = scenario(row);
  return termination === null ? [] : [{ row, termination, timeline, id: row.id ?? '' }];
});

/** Rows whose own list of rules is about something else than the cause: E07 about the timer that no longer matters. */
const ELSEWHERE: readonly string[] = ['E07'];

describe('what ended a session, of every row of the scenario data', () => {
  test('has rules that the row stands under', () => {
    const wrong = ended.filter(({ row, termination, timeline, id }) => {
      const { rules = '' } = winnerOf(timeline, termination) ?? {};
      return !ELSEWHERE.includes(id) && !rules.split(' ').some((rule) => row.rules?.includes(rule));
    });
    expect(ended.length).toBeGreaterThan(90);
    expect(wrong.map(({ id, row, termination, timeline }) => [id, row.rules, winnerOf(timeline, termination)?.rules])).toEqual([]);
  });

  test('is found without the Termination too, except where a state was read before its event came', () => {
    const inferred = ended.map(({ termination, timeline, id }) => ({ id, kind: termination.kind, said: winnerOf(timeline)?.kind }));
    expect(inferred.filter(({ kind, said }) => said !== kind)).toEqual([
      { id: 'A12', kind: 'peer-connection-failed', said: 'websocket-closed' },
    ]);
  });

  test('is an entry before the end that is about the cause', () => {
    const entryOf = (wanted: string): unknown => {
      const { timeline, termination } = ended.find(({ id }) => id === wanted)!;
      const { source, what, detail } = timeline[winnerOf(timeline, termination)!.index] ?? {};
      return [source, what, (detail as { readonly label?: string } | undefined)?.label ?? null];
    };
    expect(entryOf('A01')).toEqual(['peer-connection', 'connectionstatechange', null]);
    expect(entryOf('B12')).toEqual(['websocket', 'close', null]);
    expect(entryOf('F01')).toEqual(['signaling', 'close', 'signaling']);
    expect(entryOf('E01')).toEqual(['peer-connection', 'iceconnectionstatechange', null]);
    expect(entryOf('C18')).toEqual(['sdk', 'disconnect', null]);
    expect(entryOf('D05')).toEqual(['sdk', 'failure', null]);
  });

  test('is the channel that the Termination names, where several closed', () => {
    const { timeline, termination } = ended.find(({ id }) => id === 'F08')!;
    const { label } = termination as { readonly label?: string };
    expect(timeline[winnerOf(timeline, termination)!.index]).toMatchObject({ source: 'datachannel', detail: { label } });
  });

  test('is nothing but a timer where a limit of time passed', () => {
    const { timeline, termination } = ended.find(({ id }) => id === 'G10')!;
    expect(winnerOf(timeline, termination)).toMatchObject({ kind: 'connect-timeout', rules: 'T26', index: -1 });
  });
});

test('a session that lives has no cause', () => {
  expect(winnerOf([])).toBeNull();
  expect(winnerOf([{ at: 0, source: 'session', what: 'connected' }])).toBeNull();
});
