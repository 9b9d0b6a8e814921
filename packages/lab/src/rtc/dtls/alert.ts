/** Alert descriptions that we send (RFC 5246 section 7.2). */
export const alert = {
  closeNotify: 0,
  handshakeFailure: 40,
  badCertificate: 42,
  illegalParameter: 47,
  decodeError: 50,
  decryptError: 51,
  protocolVersion: 70,
} as const;

/** A handshake that cannot go on; the description goes to the client. */
export class DtlsFailure extends Error {
  override readonly name: string = 'DtlsFailure';
  readonly description: number;

  constructor(description: number, message: string) {
    super(message);
    this.description = description;
  }
}

export const alertFragment = (description: number): Buffer => Buffer.from([description === alert.closeNotify ? 1 : 2, description]);
