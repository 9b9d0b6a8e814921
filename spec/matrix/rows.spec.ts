import { expect, test } from 'vitest';
import { FAULT_KINDS } from '../../packages/lab/src/faults/fault-kinds.ts';
import { allModes } from '../e2e/support/modes.ts';
import { allRows } from './rows/all.ts';

test('every kind of fault of the lab has a row', () => {
  const played = allRows.flatMap(({ fault, before, resumeMs }) => [
    fault.kind,
    ...(before === undefined ? [] : [before.kind]),
    ...(resumeMs === undefined ? [] : ['resume']),
  ]);
  expect(FAULT_KINDS.map(({ kind }) => kind).filter((kind) => !played.includes(kind))).toEqual([]);
});

test('every mode has rows, and every row a name of its own', () => {
  for (const mode of allModes) expect(allRows.some(({ expect: expected }) => expected[mode] !== undefined)).toBe(true);
  expect(new Set(allRows.map(({ name }) => name)).size).toBe(allRows.length);
});
