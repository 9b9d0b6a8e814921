/** A track that cannot be sent: nothing in this session sends its kind. It ends nothing. */
export class SoraTrackError extends Error {
  override readonly name = 'SoraTrackError';
  readonly code: 'no-sender';

  constructor(code: 'no-sender', kind: 'audio' | 'video') {
    super(`nothing in this session sends ${kind}`);
    this.code = code;
  }
}
