import { timelineEntry } from './inputs.ts';
import type { Observation, Run, ScenarioRow } from './scenario-row.ts';

/** What a property is judged on: one run, and the means to run a variation of its row. */
export interface Case {
  readonly row: ScenarioRow;
  readonly observation: Observation;
  readonly run: Run;
}

/** Null when the property holds or has nothing to say, else what was seen instead. */
export type Property = (given: Case) => string | null;

export interface Entry {
  readonly at: number;
  readonly text: string;
}

export const entriesOf = ({ timeline }: ScenarioRow): Entry[] => timeline.map(timelineEntry);

export const holds = (good: boolean, otherwise: () => string): string | null => (good ? null : otherwise());

export const shows = (value: unknown): string => JSON.stringify(value);

export const limitOf = ({ options }: ScenarioRow): number => options.T ?? 3000;

export const withoutSuspension = (row: ScenarioRow): boolean => !row.timeline.some((entry) => entry.includes('suspend'));

/** Events that were dispatched late make any input after them a cause, so inputs are not inert there (Q02). */
export const nothingHidden = (row: ScenarioRow): boolean => !row.timeline.some((entry) => entry.includes('~'));

export const when = (applies: boolean, property: () => string | null): string | null => (applies ? property() : null);
