import { describe } from '../termination/describe.ts';
import type { Termination } from '../termination/reason.ts';

/** A promise that waited for a session which ended instead. `termination` is the very object that `termination$` emits. */
export class SoraTerminatedError extends Error {
  override readonly name = 'SoraTerminatedError';
  readonly code = 'terminated';
  readonly termination: Termination;

  constructor(termination: Termination) {
    super(describe(termination));
    this.termination = termination;
  }
}
