import type { Termination } from '../termination/reason.ts';

/** The rejection of a promise that waited for a session which ended. `termination` is the very object that `termination$` emits. */
export class SoraTerminatedError extends Error {
  override readonly name = 'SoraTerminatedError';
  readonly code = 'terminated';
  /** Of a rejection of `connect()`: what to do where nobody hears it. Runtimes and test runners show it with the error. */
  readonly remedy?: string;
  readonly termination: Termination;

  constructor(termination: Termination, remedy?: string) {
    super(`the session ended: ${termination.kind}`);
    if (remedy !== undefined) this.remedy = remedy;
    this.termination = termination;
  }
}
