import type { Termination } from '../termination/reason.ts';

/** The rejection of a promise that waited for a session which ended. `termination` is the very object that `termination$` emits. */
export class SoraTerminatedError extends Error {
  override readonly name = 'SoraTerminatedError';
  readonly code = 'terminated';
  readonly termination: Termination;

  constructor(termination: Termination) {
    super(`the session ended: ${termination.kind}`);
    this.termination = termination;
  }
}
