import { claimOf, compare } from './compare.ts';
import { violations } from './invariants.ts';
import { sessionLife } from './pending-connect.ts';
import { ofPrograms } from './properties-of-a-program.ts';
import { ofOneRun } from './properties-of-a-run.ts';
import { ofVariations } from './properties-of-variations.ts';
import type { Property } from './property.ts';
import { referenceModel } from './reference-model.ts';
import type { Observation, ScenarioRow } from './scenario-row.ts';
import { sessionRun } from './session-run.ts';

/** What is wrong with a row, given what the model makes of it; nothing if all is well. */
export type Judge = (row: ScenarioRow, expected: Observation) => readonly string[] | Promise<readonly string[]>;

/** `one-run` leaves out the properties that run variations of a row. */
export type Depth = 'one-run' | 'all';

const ofAll: Readonly<Record<string, Property>> = { ...ofOneRun, ...ofVariations };

/** The model itself, which has nothing to be compared with. */
export const modelJudge =
  (depth: Depth): Judge =>
  (row, observation) =>
    violations({ row, observation, run: referenceModel }, depth === 'all' ? ofAll : ofOneRun);

/** The real session beside the model. P20 is looked at in every run, P21 and P22 are variations. */
export const sessionJudge =
  (depth: Depth): Judge =>
  async (row, expected) => {
    const { observation, pendingConnect } = await sessionLife(row);
    const judgedBy = depth === 'all' ? { ...ofAll, ...ofPrograms } : ofOneRun;
    return [
      ...compare(claimOf(expected), claimOf(observation)),
      ...violations({ row, observation, run: sessionRun }, judgedBy),
      ...(pendingConnect === null ? [] : [`P20: ${pendingConnect}`]),
    ];
  };
