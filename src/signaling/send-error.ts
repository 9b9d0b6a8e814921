import type { Termination } from '../termination/reason.ts';

/** Why a message was not sent. */
export type SendErrorCode =
  /** `connect()` was not called. */
  | 'not-connected'
  /** The offer announced no such channel. */
  | 'unknown-label'
  /** The channel only receives. */
  | 'wrong-direction'
  /** Larger than 262144 bytes on the wire. */
  | 'too-large'
  /** Neither text nor bytes that can be read; `cause` has the error of the runtime. */
  | 'not-sendable'
  /** The channel is closed. */
  | 'closed'
  /** The session has ended; `termination` says why. */
  | 'ended';

/** A message that was not sent. The session goes on. */
export class SoraSendError extends Error {
  override readonly name = 'SoraSendError';
  readonly code: SendErrorCode;
  readonly label: string;
  /** Why the session ended, with the code `ended`. */
  readonly termination?: Termination;

  /** @param more the error that the runtime threw, or why the session ended */
  constructor(
    code: SendErrorCode,
    label: string,
    { cause, termination }: { readonly cause?: unknown; readonly termination?: Termination } = {},
  ) {
    super(`cannot send on ${label}: ${code}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.label = label;
    if (termination !== undefined) this.termination = termination;
  }
}
