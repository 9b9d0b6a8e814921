import type { Termination } from '../termination/reason.ts';

/** Why a message was not sent. */
export type SendErrorCode = 'unknown-label' | 'wrong-direction' | 'too-large' | 'closed' | 'ended';

const SENTENCES: Readonly<Record<SendErrorCode, string>> = {
  'unknown-label': 'no channel of this label was announced',
  'wrong-direction': 'the channel only receives',
  'too-large': 'the message is too large: 262144 bytes on the wire are the most',
  closed: 'the channel is closed',
  ended: 'the session has ended',
};

/** A message that was not sent. It ends nothing. */
export class SoraSendError extends Error {
  override readonly name = 'SoraSendError';
  readonly code: SendErrorCode;
  readonly label: string;
  /** Why the session ended, with the code `ended`. */
  readonly termination?: Termination;

  constructor(code: SendErrorCode, label: string, termination?: Termination) {
    super(`${label}: ${SENTENCES[code]}`);
    this.code = code;
    this.label = label;
    if (termination !== undefined) this.termination = termination;
  }
}
