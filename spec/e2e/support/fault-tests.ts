import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Client } from '../../matrix/client.ts';
import { judge } from '../../matrix/judge.ts';
import { type Finding, playFault } from '../../matrix/play-fault.ts';
import { pool } from '../../matrix/pool.ts';
import { groups } from '../../matrix/rows/all.ts';
import type { FaultRow, Runtime } from '../../matrix/fault-row.ts';
import { allModes, type Mode } from './modes.ts';

/** Sessions at one time: most of what they do is waiting. */
const WIDTH = 5;

const modesOf = (row: FaultRow): readonly Mode[] => allModes.filter((mode) => row.expect[mode] !== undefined);

const keyOf = (row: FaultRow, mode: Mode): string => `${row.name}, mode ${mode}`;

export interface FaultTests {
  readonly runtime: Runtime;
  /** The groups of the matrix that are played. Default: all. */
  readonly titles?: readonly string[];
  readonly client: () => Promise<Client>;
  readonly close: () => Promise<void>;
}

/**
 * Every fault of the matrix but those that last as long as a runtime needs to give up its peer. All are played before the first test, many
 * at a time; each test looks at what came of one.
 */
export function testFaults({ runtime, titles = Object.keys(groups), client, close }: FaultTests): void {
  const quick = titles.map((title) => [title, (groups[title] ?? []).filter(({ slow }) => slow !== true)] as const);
  const findings = new Map<string, Finding>();

  beforeAll(async () => {
    const subject = await client();
    const tasks = quick.flatMap(([, rows]) =>
      rows.flatMap((row) =>
        modesOf(row).map((mode) => async () => {
          findings.set(keyOf(row, mode), await playFault(row, mode, subject));
        }),
      ),
    );
    await pool(tasks, WIDTH);
  }, 300_000);
  afterAll(close);

  describe.each(quick)('%s', (_, rows) => {
    test.each(rows.flatMap((row) => modesOf(row).map((mode) => keyOf(row, mode))))('%s', (key) => {
      const finding = findings.get(key);
      expect(finding).toBeDefined();
      expect(judge(finding!, runtime)).toEqual([]);
    });
  });
}
