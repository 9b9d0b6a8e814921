import { expect, test } from 'vitest';
import { FAULT_DEFAULTS, FAULT_GROUPS, groupOf } from '../../page/faults/fault-defaults.ts';
import { FAULT_KINDS } from '../../src/faults/fault-kinds.ts';
import { readFaultRule } from '../../src/faults/read-fault.ts';

test('there is a button for every fault of the lab, in the group where the lab has it', () => {
  const listed = FAULT_GROUPS.flatMap(([, kinds]) => kinds);
  expect([...listed].sort()).toEqual(FAULT_KINDS.map(({ kind }) => kind).sort());
  expect(FAULT_KINDS.filter(({ kind, group }) => groupOf(kind) !== group)).toEqual([]);
});

test.each(FAULT_KINDS.map(({ kind }) => kind))('the lab takes what the button for %s sends', (kind) => {
  const fault = FAULT_DEFAULTS[kind];
  expect(readFaultRule({ fault })).toEqual({ ok: true, value: { fault } });
});

test('the port of the page is not closed for ever', () => {
  expect(FAULT_DEFAULTS.refused.ms).toBeGreaterThan(0);
});
