/** Why a message could not be deflated or inflated. */
export type CodecProblem =
  /** The platform has no such stream. */
  | 'unsupported'
  /** What was received is no zlib stream, or not a whole one. */
  | 'bad-stream'
  /** It inflates to more than the limit. */
  | 'too-large';

/** A message that cannot be compressed or decompressed. */
export class CodecError extends Error {
  override readonly name: string = 'CodecError';
  readonly code: CodecProblem;

  constructor(code: CodecProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
