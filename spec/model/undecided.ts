import type { ScenarioRow } from './scenario-row.ts';

/** A reading on which the model and the session differ, with the shortest row that shows it. Delete the entry when it is settled: the runs cover it then. */
export interface Undecided {
  readonly what: string;
  readonly row: ScenarioRow;
  /** the rows that may show it, and so prove nothing until it is settled */
  readonly concerns: (row: ScenarioRow) => boolean;
}

const has = (row: ScenarioRow, words: RegExp): boolean => row.timeline.some((entry) => words.test(entry));

export const undecided: readonly Undecided[] = [
  {
    what: 'Q07: the model fills `close` with any code of the same burst, the session leaves out 1000 as the echo of its own closing',
    row: { id: 'U1', mode: 'W', start: 'connected', options: {}, timeline: ['0 ws.error', '0 ws.close 1000'] },
    concerns: (row) => has(row, /ws\.error/u) && has(row, /ws\.close 1000/u),
  },
];

export const isUndecided = (row: ScenarioRow): boolean => undecided.some(({ concerns }) => concerns(row));
