import type { Failure } from '../termination/sources.ts';
import { redactText, redacted } from './redact-text.ts';

/** UTF-16 code units that are kept of a message. */
const longestMessage = 1024;

/** A line of a description that a browser quotes in an error, to the end of its line; of an attribute the name is kept. @source RFC 8866, 5 */
const quotedLine = /(^|[\s"'`(])([vosiuepcbtrzkam])=(?:([\w-]+):)?[^\s"'`][^\r\n]*/gim;

/** What an error may be called: anything else is no name. */
const plainName = /^\w{1,64}$/;

/** A step that failed; its name and its error are what T26 reports. */
export class StepError extends Error {
  override readonly name = 'StepError';
  readonly failure: Failure;

  /** @param told what to say instead of the error's own message, where the application wrote it (P29) */
  constructor(where: string, error: unknown, told?: string) {
    super(where, { cause: error });
    const { name, message } = isErrorLike(error) ? error : { name: 'Error', message: textOf(error) };
    this.failure = { where, name: plainName.test(name) ? name : 'Error', message: told ?? withoutSecrets(message) };
  }
}

/** What a failure of the pipeline is as a T26 input. */
export function failureOf(error: unknown, where: string): Failure {
  return error instanceof StepError ? error.failure : new StepError(where, error).failure;
}

/** What a platform says may quote descriptions, candidates, URLs and messages: none of that leaves the session (P29). */
function withoutSecrets(message: string): string {
  const withoutLines = message.replaceAll(quotedLine, (_, before: string, type: string, attribute: string | undefined) =>
    attribute === undefined ? `${before}${type}=${redacted}` : `${before}${type}=${attribute}:${redacted}`,
  );
  return redactText(withoutLines).slice(0, longestMessage);
}

/** Errors of another realm, or of a fake, are no instances of ours. */
function isErrorLike(error: unknown): error is { readonly name: string; readonly message: string } {
  const { name, message } = (error ?? {}) as { readonly name?: unknown; readonly message?: unknown };
  return typeof name === 'string' && typeof message === 'string';
}

/** An object that is thrown may hold anything. */
function textOf(error: unknown): string {
  return typeof error === 'string' || typeof error === 'number' ? String(error) : `a thrown ${error === null ? 'null' : typeof error}`;
}
