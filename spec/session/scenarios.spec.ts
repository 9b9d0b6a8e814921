import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compareScenario, explainScenario } from '../../src/testing/compare-scenario.ts';
import type { ScenarioRow } from '../../src/testing/scenario-row.ts';
import { scenario, type ScenarioSettings } from '../../src/testing/scenario.ts';

const rows = JSON.parse(readFileSync(new URL('../fixtures/termination-scenarios.json', import.meta.url), 'utf8')) as ScenarioRow[];

const titleOf = ({ id, rules, mode, start, note }: ScenarioRow): string =>
  `${id ?? ''} ${rules?.join(' ') ?? ''}: ${mode} ${start}${note === undefined ? '' : `, ${note}`}`;

const judge = (row: ScenarioRow, settings: ScenarioSettings = {}): void => {
  const result = scenario(row, settings);
  expect(compareScenario(row, result), `\n${explainScenario(row, result)}\n`).toEqual([]);
};

describe('scenario data', () => {
  test('has all its rows', () => {
    expect(new Set(rows.map(({ id }) => id)).size).toBe(117);
  });

  for (const row of rows) test(titleOf(row), () => judge(row));
});

describe('the same with compressed channels (Q26)', () => {
  for (const row of rows.filter(({ mode }) => mode !== 'W')) test(titleOf(row), () => judge(row, { compress: true }));
});

describe('the same on a runtime with on… handlers only', () => {
  for (const row of rows) test(titleOf(row), () => judge(row, { events: 'handlers' }));
});

describe('what holds for every row', () => {
  for (const row of rows) {
    test(`${row.id ?? ''} P26 P29: the same again is the same, and survives JSON`, () => {
      const [first, second] = [scenario(row).termination, scenario(row).termination];
      expect(second).toEqual(first);
      expect(JSON.parse(JSON.stringify(first))).toEqual(first);
    });

    test(`${row.id ?? ''} P10 P17: after the cause nothing but the goodbye is sent, and nothing is closed twice`, () => {
      const { termination, sent, states, fake } = scenario(row);
      const ending = states.find(({ state }) => state === 'ending')?.at ?? Infinity;
      if (termination) expect(sent.filter(({ at }) => at > ending).map(({ message }) => message.type)).toEqual([]);
      const objects = [...fake.sockets, ...fake.peerConnections, ...fake.peerConnections.flatMap(({ channels }) => channels)];
      expect(objects.filter(({ closeCalls }) => closeCalls.length > 1)).toEqual([]);
    });
  }
});
