import type { Termination } from '../termination/reason.ts';

/** Why a message was not sent. */
export type SendErrorCode = 'not-connected' | 'unknown-label' | 'wrong-direction' | 'too-large' | 'not-sendable' | 'closed' | 'ended';

const SENTENCES: Readonly<Record<SendErrorCode, string>> = {
  'not-connected': 'connect() was not called',
  'unknown-label': 'the offer announced no such channel',
  'wrong-direction': 'the channel only receives',
  'too-large': 'larger than 262144 bytes on the wire',
  'not-sendable': 'neither text nor bytes that can be read',
  closed: 'the channel is closed',
  ended: 'the session has ended',
};

/** A message that was not sent. The session goes on. */
export class SoraSendError extends Error {
  override readonly name = 'SoraSendError';
  readonly code: SendErrorCode;
  readonly label: string;
  /** Why the session ended, with the code `ended`. */
  readonly termination?: Termination;

  /** @param more the error that the runtime threw, or why the session ended */
  constructor(code: SendErrorCode, label: string, { cause, termination }: { readonly cause?: unknown; readonly termination?: Termination } = {}) {
    super(`${label}: ${SENTENCES[code]}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.label = label;
    if (termination !== undefined) this.termination = termination;
  }
}
