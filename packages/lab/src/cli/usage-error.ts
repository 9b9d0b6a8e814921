/** A command line, or a configuration file, that cannot be understood. Its message is one line for the user. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
