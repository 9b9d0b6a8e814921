import { type MonoTypeOperatorFunction, catchError } from 'rxjs';

/**
 * Why a device, a screen or an element could not be used.
 *
 * | code | meaning |
 * | --- | --- |
 * | `refused` | the user, the system or a policy of the page said no |
 * | `missing` | there is no such device, or the stream has no such track |
 * | `busy` | the device is there but does not start, usually because another program uses it |
 * | `overconstrained` | no device meets the constraint named by `constraint` |
 * | `ended` | the device was unplugged, or its permission withdrawn, while it was in use |
 * | `invalid` | the constraints ask for nothing, or contradict themselves |
 * | `unsupported` | the runtime has no such function, or the page is not secure (HTTPS) |
 * | `failed` | anything else; see `cause` |
 */
export type MediaErrorCode = 'refused' | 'missing' | 'busy' | 'overconstrained' | 'ended' | 'invalid' | 'unsupported' | 'failed';

/** The names that browsers give their errors. @source W3C Media Capture and Streams, getUserMedia(); W3C Screen Capture, getDisplayMedia() */
const CODES: Readonly<Partial<Record<string, MediaErrorCode>>> = {
  NotAllowedError: 'refused',
  SecurityError: 'refused',
  NotFoundError: 'missing',
  NotReadableError: 'busy',
  // Firefox on Windows has this name for a camera that another program holds.
  AbortError: 'busy',
  OverconstrainedError: 'overconstrained',
  TypeError: 'invalid',
};

/** A device, a screen or an element that could not be used. Streams of `rx-sora/media` end with no other error. */
export class SoraMediaError extends Error {
  override readonly name = 'SoraMediaError';
  /** Stable; see `MediaErrorCode`. */
  readonly code: MediaErrorCode;
  /** With the code `overconstrained`: the constraint that no device meets, such as `deviceId`. Empty where the browser does not name it. */
  readonly constraint: string;

  /** @param cause what the browser said, if it said anything */
  constructor(code: MediaErrorCode, message: string, cause?: unknown, constraint = '') {
    super(`${code}: ${message}`, { cause });
    this.code = code;
    this.constraint = constraint;
  }
}

/** What the browser threw, as the one error of this entry. */
export function toMediaError(cause: unknown): SoraMediaError {
  if (cause instanceof SoraMediaError) return cause;
  const { name = '', message = '', constraint = '' } = (cause ?? {}) as Partial<OverconstrainedError>;
  return new SoraMediaError(CODES[name] ?? 'failed', [constraint, message].filter(Boolean).join(': ') || name, cause, constraint);
}

/** Lets a stream end with no other error than that. */
export function withMediaErrors<Value>(): MonoTypeOperatorFunction<Value> {
  return catchError((error: unknown) => {
    throw toMediaError(error);
  });
}
