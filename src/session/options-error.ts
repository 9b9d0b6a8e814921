/**
 * A wrong option: a mistake in the calling code, found before anything is opened.
 *
 * `connect()` gives it as an error notification, `createSession()` throws it.
 */
export class SoraOptionsError extends Error {
  override readonly name: string = 'SoraOptionsError';
  readonly code: 'invalid-option' = 'invalid-option' as const;
  /** Where the option stands, such as `timeouts.connectionMs` or `dataChannels[0].label`; empty for the options as a whole. */
  readonly path: string;

  constructor(path: string, problem: string) {
    super(`${path === '' ? 'options' : `option ${path}`} ${problem}`);
    this.path = path;
  }
}
