/** A wrong option; `path` names it. `startLab` throws it before anything is opened. */
export class LabOptionsError extends Error {
  override readonly name: string = 'LabOptionsError';
  readonly code = 'invalid-option' as const;
  /** The option's name, such as `pingIntervalMs`. */
  readonly path: string;

  constructor(path: string, message: string) {
    super(`${path} ${message}`);
    this.path = path;
  }
}
