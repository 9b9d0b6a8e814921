import { LabOptionsError } from '../lab-options.ts';
import { LabPortError } from '../lab-port-error.ts';
import { UsageError } from './usage-error.ts';

const isSystemError = (error: unknown): error is NodeJS.ErrnoException => error instanceof Error && 'code' in error && 'syscall' in error;

/** What the system says about a host, in words. Undefined where it is about something else. */
function aboutHost({ code, syscall }: NodeJS.ErrnoException): string | undefined {
  if (syscall === 'getaddrinfo') return `cannot be resolved (${code ?? 'unknown reason'})`;
  return code === 'EADDRNOTAVAIL' || code === 'EINVAL' ? 'is not an address of this machine' : undefined;
}

/** `path` of an option, such as `closeCodes.stopped.code`, begins with the option's name. */
const optionOf = (path: string): string => path.split(/[.[]/, 1)[0] ?? path;

/**
 * An error in words for the user: one line for what can be mended from outside, with its trace for anything else. `written` gives what the
 * user wrote to set an option.
 */
export function explain(error: unknown, written: (option: string) => string, host = ''): string {
  if (error instanceof UsageError) return error.message;
  if (error instanceof LabOptionsError) {
    const option = optionOf(error.path);
    return `${written(option)}${error.message.slice(option.length)}`;
  }
  if (error instanceof LabPortError && error.code === 'EADDRINUSE') {
    return `${error.message}. Choose another port with --port; --port 0 takes a free one.`;
  }
  if (error instanceof LabPortError && error.code !== 'EADDRNOTAVAIL') return error.message;
  const cause = error instanceof LabPortError ? error.cause : error;
  const reason = isSystemError(cause) ? aboutHost(cause) : undefined;
  if (reason !== undefined) return `${written('host')} ${host} ${reason}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
