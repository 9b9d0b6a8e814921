import type { Termination } from '../termination/reason.ts';

const SENTENCES = {
  'not-connected': 'connect() was not called',
  'no-sender': 'nothing in this session sends it',
  ended: 'the session has ended',
} as const;

/** A track that cannot be sent. The session goes on. */
export class SoraTrackError extends Error {
  override readonly name = 'SoraTrackError';
  readonly code: keyof typeof SENTENCES;
  /** Why the session ended, with the code `ended`. */
  readonly termination?: Termination;

  constructor(code: keyof typeof SENTENCES, kind: 'audio' | 'video', termination?: Termination) {
    super(`${kind}: ${SENTENCES[code]}`);
    this.code = code;
    if (termination !== undefined) this.termination = termination;
  }
}
