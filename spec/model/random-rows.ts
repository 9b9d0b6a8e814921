import fc from 'fast-check';
import { scenarioRow } from './arbitraries.ts';
import type { Finding } from './exploration.ts';
import type { Judge } from './judge.ts';
import { referenceModel } from './reference-model.ts';

export interface RandomRows {
  readonly rows: number;
  readonly inputs: number;
  /** the failing row that could not be made smaller */
  readonly finding: Finding | null;
}

/** Judges random longer rows until one fails, and then makes that one smaller. The seed decides everything. */
export async function judgeRandomRows(judge: Judge, numRuns: number, seed: number): Promise<RandomRows> {
  let inputs = 0;
  const findings: Finding[] = [];
  const result = await fc.check(
    fc.asyncProperty(scenarioRow(), async (row) => {
      inputs += row.timeline.length;
      const lines = await judge(row, referenceModel(row));
      if (lines.length > 0) findings.push({ row, lines });
      return lines.length === 0;
    }),
    { numRuns, seed },
  );
  const finding = findings.at(-1) ?? null;
  // A row that could not be run has not been judged.
  if (result.failed && finding === null) throw result.errorInstance;
  return { rows: result.numRuns, inputs, finding };
}
