/** Why an answer was refused. */
export type SdpErrorCode =
  /** Not SDP at all, or a line that cannot be read. */
  | 'malformed'
  /** An answer without an offer before it, or with other sections than the offer. */
  | 'mismatch'
  /** ICE credentials, fingerprint or `setup` missing or impossible. */
  | 'transport';

/** An answer that cannot be used. */
export class SdpError extends Error {
  override readonly name: string = 'SdpError';
  readonly code: SdpErrorCode;

  constructor(code: SdpErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
