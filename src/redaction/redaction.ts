/**
 * The policy of redaction: makes of a value what may leave the application, as plain data; of a text a text. It is called with values of any kind for the
 * timeline, and so for marble diagrams and the inspector, for recordings, for telemetry, and for the texts of failures. What it throws at stays inside.
 */
export type Redaction = (value: unknown) => unknown;

/** What stands where a policy failed. */
const WITHHELD = '[redacted]';

/** A policy that cannot do harm: where it throws, nothing comes out. */
export function guarded(redaction: Redaction): Redaction {
  return (value) => {
    try {
      return redaction(value);
    } catch {
      return WITHHELD;
    }
  };
}

/** A policy for texts, which stay texts. */
export function guardedText(redaction: Redaction): (text: string) => string {
  const policy = guarded(redaction);
  return (text) => {
    const clean = policy(text);
    return typeof clean === 'string' ? clean : WITHHELD;
  };
}
