import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { applyFault } from './apply-fault.ts';
import { seededFaults } from './faults.ts';

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

describe('the seeded faults', () => {
  test('are ten, each with an id of its own', () => {
    expect(new Set(seededFaults.map(({ id }) => id)).size).toBe(10);
  });

  test.each(seededFaults)('$id still has its place in the source, and changes it', (fault) => {
    const changed = applyFault(fault, read);

    expect([...changed.keys()].sort()).toEqual([...new Set(fault.edits.map(({ file }) => file))].sort());
    for (const [file, source] of changed) expect(source).not.toBe(read(file));
  });

  test('a place that is missing, or occurs twice, is an error', () => {
    const edits = [{ file: 'src/termination/send-disconnect.ts', find: 'one', replace: 'two' }];

    expect(() => applyFault({ id: 'gone', edits }, () => 'three')).toThrow(
      'gone: src/termination/send-disconnect.ts has the place 0 times',
    );
    expect(() => applyFault({ id: 'twice', edits }, () => 'one one')).toThrow('has the place 2 times');
  });
});
