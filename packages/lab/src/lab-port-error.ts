const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is in use',
  EACCES: 'may not be opened without more rights',
  EADDRNOTAVAIL: 'does not belong to an address of this machine',
};

const codeOf = (cause: unknown): string => {
  const code: unknown = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : 'UNKNOWN';
};

/** A port that could not be opened. */
export class LabPortError extends Error {
  override readonly name: string = 'LabPortError';
  /** The system's code, such as `EADDRINUSE`. */
  readonly code: string;
  readonly host: string;
  readonly port: number;

  constructor(host: string, port: number, cause: unknown) {
    const code = codeOf(cause);
    super(`port ${port} of ${host} ${REASONS[code] ?? `cannot be opened (${code})`}`, { cause });
    this.code = code;
    this.host = host;
    this.port = port;
  }
}
